"""`manage.py import_sources FILE`: import bibliographies into the source library, once or whenever they change."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from accounts.models import User
from articles.cited_sources.file_imports import FAILURES, FileImport, ImportCounts, failure
from articles.cited_sources.watching import Watch, in_words
from core.outgoing.client import fetch
from sources.importers import MOST_BYTES
from sources.models import Evidence
from sources.watched_places import place_of


class Command(BaseCommand):
    help = (
        "Import sources from BibTeX, RIS, EndNote, RefWorks, Web of Science, NBIB, PubMed XML, CSL-JSON or tables of "
        "databases. Each file is imported whole or not at all. With --watch, import new and changed entries of files, "
        "folders, public addresses and public groups of Zotero until Ctrl-C."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="+", metavar="FILE", help="A file, a public address, or the address of a group of Zotero."
        )
        parser.add_argument(
            "--as", dest="email", required=True, help="Email address of the person recorded as adding them."
        )
        parser.add_argument(
            "--evidence", choices=Evidence.values, help="For entries that do not state their kind of evidence."
        )
        parser.add_argument("--dry-run", action="store_true", help="Only print what would be done.")
        parser.add_argument(
            "--watch", action="store_true", help="Look again and again until Ctrl-C. FILE may be a folder too."
        )
        parser.add_argument("--every", type=float, default=10, help="Seconds between two looks (10).")

    def handle(
        self,
        *args: Any,
        files: list[str],
        email: str,
        evidence: str | None,
        dry_run: bool,
        watch: bool,
        every: float,
        verbosity: int,
        **kwargs: Any,
    ) -> None:
        actor = User.objects.filter(email__iexact=email, is_active=True).first()
        if actor is None:
            raise CommandError(f"No active account has the email address {email}.")
        importer = FileImport(actor, self.stdout.write, evidence or "", dry_run, is_brief=verbosity == 0)
        if watch:
            self._watch(files, importer, every)
            return
        counts = ImportCounts()
        failed = []
        for name in tqdm(files, unit=" file", file=sys.stderr, disable=verbosity == 0 or not sys.stderr.isatty()):
            try:
                for data in _texts(name):
                    counts += importer.take(name, importer.read(name, data))
            except FAILURES as error:
                failed.append(failure(name, error))
        done = "would be added" if dry_run else "added"
        self.stdout.write(
            f"{len(files)} files: {counts.added} sources {done}, {counts.completed} completed, "
            f"{counts.there} there already, {counts.left_out} entries left out."
        )
        if failed or counts.left_out:
            left = f"{counts.left_out} entries were left out." if counts.left_out else ""
            raise CommandError(" ".join([*failed, left]).strip())

    def _watch(self, files: list[str], importer: FileImport, every: float) -> None:
        """Watch the places until a signal, and say at the end what was done. Raise CommandError for wrong options."""
        if importer.dry_run or every <= 0:
            raise CommandError("--watch goes with a number of seconds over 0 for --every, and not with --dry-run.")
        watched = Watch([place_of(name, fetch) for name in files], importer, self.stdout.write)
        self.stdout.write(f"Watching {', '.join(files)}. Ctrl-C stops it.")
        watched.run(every)
        self.stdout.write(f"Stopped: {in_words(watched.total)}.")


def _texts(name: str) -> list[bytes]:
    """Return the file, or what an address answers. Raise one of FAILURES if it cannot be read."""
    if name.startswith(("http://", "https://")):
        return [data for _name, data in place_of(name, fetch).look()]
    with Path(name).open("rb") as file:
        return [file.read(MOST_BYTES + 1)]
