"""`manage.py import_sources FILE`: import bibliographies into the source library."""

import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from accounts.models import User
from articles.cited_sources.source_imports import ImportState, plan, store
from articles.exceptions import InvalidTransition
from sources.importers import MOST_BYTES, CannotRead, read
from sources.models import Evidence


class Command(BaseCommand):
    help = (
        "Import sources from BibTeX, RIS, Web of Science, NBIB or CSL-JSON. Each file is imported whole or not at all."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--as", dest="email", required=True, help="Email address of the person recorded as adding them."
        )
        parser.add_argument(
            "--evidence", choices=Evidence.values, help="For entries that do not state their kind of evidence."
        )
        parser.add_argument("--dry-run", action="store_true", help="Only print what would be done.")

    def handle(
        self,
        *args: Any,
        files: list[Path],
        email: str,
        evidence: str | None,
        dry_run: bool,
        verbosity: int,
        **kwargs: Any,
    ) -> None:
        actor = User.objects.filter(email__iexact=email, is_active=True).first()
        if actor is None:
            raise CommandError(f"No active account has the email address {email}.")
        counts = dict.fromkeys(("added", "completed", "there", "left out"), 0)
        failed = []
        for path in tqdm(files, unit=" file", file=sys.stderr, disable=verbosity == 0 or not sys.stderr.isatty()):
            try:
                self._take(path, actor, evidence, dry_run, verbosity, counts)
            except (OSError, CannotRead, ValidationError, InvalidTransition) as error:
                said = (
                    error.strerror if isinstance(error, OSError) else " ".join(getattr(error, "messages", [str(error)]))
                )
                failed.append(f"{path}: {said}")
        done = "would be added" if dry_run else "added"
        self.stdout.write(
            f"{len(files)} files: {counts['added']} sources {done}, {counts['completed']} completed, "
            f"{counts['there']} there already, {counts['left out']} entries left out."
        )
        if failed or counts["left out"]:
            left = f"{counts['left out']} entries were left out." if counts["left out"] else ""
            raise CommandError(" ".join([*failed, left]).strip())

    def _take(
        self, path: Path, actor: User, evidence: str | None, dry_run: bool, verbosity: int, counts: dict[str, int]
    ) -> None:
        with path.open("rb") as file:
            found = read(file.read(MOST_BYTES + 1), path.name)
        for remark in found.remarks:
            self.stdout.write(f"{path}: {remark}")
        if found.wanted:
            raise CannotRead("This is a list of identifiers: look them up in the admin, under “Paste sources”.")
        made = plan(found, actor=actor)
        if evidence:
            said = {row.number: evidence for row in made.rows if not row.fields["evidence"]}
            made = plan(found, actor=actor, evidence=said)
        if not dry_run:
            store(made, actor=actor)
        unfit = made.of(ImportState.UNFIT)
        counts["added"] += len(made.of(ImportState.NEW))
        counts["completed"] += len(made.of(ImportState.COMPLETES))
        counts["there"] += len(made.of(ImportState.THERE))
        counts["left out"] += len(found.unread) + len(unfit)
        if verbosity:
            for one in found.unread:
                self.stdout.write(f"{path}:{one.line}: {one.why} {one.words}")
            for row in unfit:
                self.stdout.write(f"{path}:{row.entry.line}: {' '.join(row.reasons)} {row.fields['title'][:60]}")
