"""`manage.py check_integrity`: check that every page shows what the named scientists approved."""

import json
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import reset_queries

from articles.models import Article
from audit import integrity, seals
from audit.integrity import Progress, sealed_log
from audit.integrity.faults import Fault

EVERY = 10.0  # seconds between two lines of progress
INTERRUPTED, USAGE = 130, 2  # exit codes: stopped by the keyboard, and called with something that does not fit


class Command(BaseCommand):
    help = (
        "Check that every publication shows what its reviewers approved. Exits with 1 if not, with a line per fault, "
        "and with 130 if it was interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from",
            dest="after",
            type=int,
            default=0,
            metavar="KEY",
            help="Leave out the articles up to this primary key.",
        )
        parser.add_argument(
            "--state",
            type=Path,
            metavar="FILE",
            help="Note in this file how far the check has come, and continue there if it was interrupted.",
        )

        parser.add_argument(
            "--against", metavar="HEAD", help="an earlier seal, or its file: the log has to continue it"
        )
        parser.add_argument("--key", action="append", default=[], help="a public key that was kept elsewhere (z6Mk…)")

    def handle(self, *args: object, after: int, state: Path | None, **options: Any) -> None:
        self.state, self.before, self.progress = state, _read(state), Progress(after)
        self.began = self.told = time.monotonic()
        self.total = Article.objects.count()
        start = max(after, self.before.after)
        count = self.before.faults
        try:
            for fault in _against(options["against"], options["key"]):
                count += 1
                self.stdout.write(str(fault))
            for fault in integrity.faults(start, self._note):
                count += 1
                self.stdout.write(str(fault))
        except KeyboardInterrupt:
            how = f"--state {state}" if state else f"--from {self.progress.after or start}"
            raise CommandError(f"Interrupted. Continue with {how}.", returncode=INTERRUPTED) from None
        if state is not None:
            state.unlink(missing_ok=True)
        done = self._so_far()
        if count:
            raise CommandError(f"{count} faults in {done.publications} publications.")
        left_out = f" The articles up to {after} were left out." if after else ""
        self.stdout.write(
            f"{done.publications} publications of {done.articles} articles: every one shows what its reviewers "
            f"approved.{left_out}"
        )

    def _so_far(self) -> Progress:
        """Return how far the check has come, including the part that an interrupted check had done before."""
        before, now = self.before, self.progress
        return Progress(
            max(before.after, now.after),
            before.articles + now.articles,
            before.publications + now.publications,
            before.faults + now.faults,
        )

    def _note(self, progress: Progress) -> None:
        """Store in the state file how far the check has come, and print it every ten seconds on a terminal."""
        reset_queries()  # with DEBUG, Django keeps the text of the last 9,000: some 40 MB
        self.progress = replace(progress)
        if self.state is not None:
            beside = self.state.with_name(f"{self.state.name}.part")
            beside.write_text(json.dumps(asdict(self._so_far())))
            os.replace(beside, self.state)
        now = time.monotonic()
        if now - self.told >= EVERY and sys.stderr.isatty():
            self.told, rate = now, progress.articles / (now - self.began)
            done = self._so_far().articles
            left = max(0, self.total - done) / rate / 60
            self.stderr.write(f"{done} of {self.total} articles, {rate:.0f} a second, {left:.0f} minutes left")


def _against(given: str | None, keys: list[str]) -> Iterator[Fault]:
    """Return the contradictions between the log and an earlier seal: its text, or the path of a file that has it."""
    if given is None:
        return iter(())
    try:
        note = given if "\n" in given else Path(given).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The head cannot be read: {error}") from error
    return sealed_log.faults_against(seals.note_in(note), keys)


def _read(state: Path | None) -> Progress:
    """Return the progress that an interrupted check stored, or none. Raise CommandError for a file of other content."""
    if state is None or not state.exists():
        return Progress()
    try:
        noted = json.loads(state.read_text())
        return Progress(**{field.name: int(noted[field.name]) for field in fields(Progress)})
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{state} is not the state of an interrupted check.", returncode=USAGE) from error
