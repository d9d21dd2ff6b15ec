"""Import bibliographies into the library and report the outcome of each entry, for the command `import_sources`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from accounts.models import User
from articles.cited_sources.source_imports import ImportPlan, ImportState, plan, store
from articles.exceptions import InvalidTransition
from core.outgoing.client import OutgoingError
from sources.importers import MOST_BYTES, CannotRead, ReadResult, read
from sources.lookups.requests import LookupFailed

# What may be raised where a bibliography is read and stored. `failure` says what happened.
FAILURES = (OSError, OutgoingError, LookupFailed, CannotRead, ValidationError, InvalidTransition)


def failure(name: str, error: Exception) -> str:
    """Return a line that names a file or address and the reason why it could not be imported."""
    words = error.strerror if isinstance(error, OSError) else None
    words = words or " ".join(getattr(error, "messages", [str(error)]))
    return words if words.startswith(name) else f"{name}: {words}"  # errors of requests begin with the address


@dataclass(frozen=True)
class ImportCounts:
    """The numbers of entries added as sources, completing a source, in the library already, and left out."""

    added: int = 0
    completed: int = 0
    there: int = 0
    left_out: int = 0

    def __add__(self, other: "ImportCounts") -> "ImportCounts":
        return ImportCounts(
            self.added + other.added,
            self.completed + other.completed,
            self.there + other.there,
            self.left_out + other.left_out,
        )


@dataclass(frozen=True)
class FileImport:
    """Imports texts into the library for one person. `say` is called with each remark and each entry left out.

    `evidence` is the kind of evidence of the entries that do not state theirs. With `dry_run`, nothing is stored. With
    `is_brief`, `say` gets only the remarks on a whole text.
    """

    actor: User
    say: Callable[[str], object]
    evidence: str = ""
    dry_run: bool = False
    is_brief: bool = False

    def read(self, name: str, data: bytes) -> ReadResult:
        """Parse a bibliography, report its remarks and return its entries.

        Raise CannotRead if it cannot be read or has identifiers that would have to be looked up.
        """
        found = read(data[: MOST_BYTES + 1], name)
        if found.wanted:
            raise CannotRead("This has identifiers to be looked up: do so in the admin, under “Paste sources”.")
        for remark in found.remarks:
            self.say(f"{name}: {remark}")
        return found

    def plan(self, found: ReadResult) -> ImportPlan:
        """Return the outcome of storing each entry, without storing anything."""
        made = plan(found, actor=self.actor)
        if self.evidence:
            said = {row.number: self.evidence for row in made.rows if not row.fields["evidence"]}
            made = plan(found, actor=self.actor, evidence=said)
        return made

    def take(self, name: str, found: ReadResult) -> ImportCounts:
        """Store the entries in one transaction (unless `dry_run`), report each one that is left out, and return the
        counts.

        Raise NotPermitted if the person may not add sources, and ValidationError (overtaken) if somebody has stored the
        same work in the meantime.
        """
        made = self.plan(found)
        if not self.dry_run:
            store(made, actor=self.actor)
        unfit, doubtful = made.of(ImportState.UNFIT), made.of(ImportState.DOUBTFUL)
        if not self.is_brief:
            self._say_all(name, found, made)
        return ImportCounts(
            len(made.of(ImportState.NEW)),
            len(made.of(ImportState.COMPLETES)),
            len(made.of(ImportState.THERE)),
            len(found.unread) + len(unfit) + len(doubtful),
        )

    def _say_all(self, name: str, found: ReadResult, made: ImportPlan) -> None:
        for one in found.unread:
            self.say(f"{name}:{one.line}: {one.why} {one.words}")
        for row in made.rows:
            where, title = f"{name}:{row.entry.line}:", row.fields["title"][:60]
            if row.state == ImportState.DOUBTFUL:
                like = row.resembles.key if row.resembles else ""
                self.say(
                    f"{where} It may be {like}, which is in the library. Import it in the admin, under "
                    f"“Paste sources”. {title}"
                )
            for remark in row.remarks:
                self.say(f"{where} {remark}")
            for report in row.own_reports:
                self.say(f"{where} Reported as retracted or doubted: {report.words}")
            if row.state == ImportState.UNFIT:
                self.say(f"{where} {' '.join(row.reasons)} {title}")
