"""`manage.py make_archive N`: create a large archive for measurements."""

import sys
import time
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from demo.archive import making
from demo.archive.words import EVERY, RARE, SOME


class Command(BaseCommand):
    help = (
        "Extend the archive to N articles with their complete histories, for measurements. Existing articles stay; an "
        "interrupted run can be continued. Refuses without DEBUG."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("articles", type=int, metavar="N")
        parser.add_argument("--seed", type=int, default=1, help="Another seed writes other texts.")

    def handle(self, *args: object, articles: int, seed: int, **options: object) -> None:
        if not settings.DEBUG:
            raise CommandError("make_archive is for measuring: it fills the site with invented texts. DEBUG is off.")
        if articles < 1:
            raise CommandError("Say how many articles the archive is to have: one or more.")
        started = time.monotonic()
        missing = max(0, articles - making.made())
        with tqdm(total=missing, unit=" articles", file=sys.stderr, disable=None, leave=False) as bar:
            added = making.make(articles=articles, seed=seed, progress=bar.update)
        self.stdout.write(
            f"{added} articles added in {time.monotonic() - started:.0f} s; the archive has {making.made()}. Words to "
            f"look for: {RARE} (1 in 20,000), {SOME} (1 in 33), {EVERY} (all)."
        )
