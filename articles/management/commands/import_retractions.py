"""`manage.py import_retractions FILE.csv`: import the current CSV of Retraction Watch."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from sources.retraction_import import TooMuchGone, store
from sources.retraction_watch import NotThisCsv, RetractionWatchRow, entries
from sources.retractions import unscheduled


class Command(BaseCommand):
    help = (
        "Replace the stored notices of Retraction Watch by those in its newest CSV and mark the sources concerned, all "
        "or nothing. Exit 1 with one line if the file is not that CSV or is incomplete."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Print what would change, and change nothing.")
        parser.add_argument("--allow-fewer", action="store_true", help="Accept a file that lacks many known rows.")

    def handle(self, *args: object, file: Path, dry_run: bool, allow_fewer: bool, **options: object) -> None:
        try:
            with file.open("rb") as opened:
                done = store(_with_progress(opened, file.stat().st_size), dry_run=dry_run, allow_fewer=allow_fewer)
        except (NotThisCsv, TooMuchGone) as error:
            raise CommandError(f"{file}: {error} Nothing was stored.") from error
        except OSError as error:
            raise CommandError(f"{file}: cannot be read ({error.strerror}).") from error
        rows = f"{done.rows:,} rows, {done.unusable:,} of them unusable"
        if not (done.added or done.changed or done.removed or done.changes):
            self.stdout.write(f"{rows}: nothing has changed.")
            return
        marked = sum(1 for change in done.changes if change.after)
        would = " Nothing was stored: this was a trial." if dry_run else ""
        self.stdout.write(
            f"{rows}: {done.added:,} added, {done.changed:,} changed, {done.removed:,} removed; sources: {marked} "
            f"marked, {len(done.changes) - marked} no longer marked; articles taken off the schedule: "
            f"{unscheduled(done.changes)}.{would}"
        )


def _with_progress(file: BinaryIO, size: int) -> Iterator[RetractionWatchRow | None]:
    """Yield the rows of the file while a bar on stderr shows the bytes that were read."""
    with tqdm(total=size, unit="B", unit_scale=True, file=sys.stderr, disable=None, leave=False) as bar:
        for number, entry in enumerate(entries(file)):
            if number % 500 == 0:
                bar.update(file.tell() - bar.n)
            yield entry
