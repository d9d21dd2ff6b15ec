"""`manage.py check_sources`: compare the sources of the library with Crossref and PubMed."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from sources.register_checks import REGISTERS, SourceChecker, due, unknown
from sources.retractions import unscheduled


class Command(BaseCommand):
    help = (
        "Ask Crossref and PubMed whether sources were retracted, those checked longest ago first. An interrupted run "
        "can be continued by the next one. Exit 1 if neither answered."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=7, help="Skip sources answered in the last DAYS days (7).")
        parser.add_argument("--all", action="store_true", help="Skip nothing.")
        parser.add_argument("--limit", type=int, help="Ask at most this many questions.")

    def handle(self, *args: object, days: int, all: bool, limit: int | None, **options: object) -> None:
        if days < 0 or (limit is not None and limit < 1):
            raise CommandError("--days has to be 0 or more, --limit 1 or more.")
        days = 0 if all else days
        waiting = sum(due(register, timezone.now(), days).count() for register in REGISTERS)
        total = waiting if limit is None else min(waiting, limit)
        with tqdm(total=total, unit=" questions", file=sys.stderr, disable=None, leave=False) as bar:
            done = SourceChecker().run(days=days, limit=limit, progress=bar.update)
        marked = sum(1 for change in done.changes if change.after)
        for trouble in dict.fromkeys(done.troubles):
            self.stderr.write(trouble)
        nothing = ", ".join(f"{count} {cause}" for cause, count in unknown() if count)
        self.stdout.write(
            f"{done.asked} questions: {done.answered} answered, {done.not_found} not found there, {done.failed} failed"
            f"{f', {done.left} left for the next run' if done.left else ''}; sources: {marked} marked, "
            f"{len(done.changes) - marked} no longer marked; articles taken off the schedule: "
            f"{unscheduled(done.changes)}. Unknown: {nothing or 'none'}."
        )
        if done.asked and done.failed == done.asked:
            raise CommandError("Nobody answered: nothing new is known of any source.")
