"""`manage.py check_links`: check whether the pages that sources and live texts link to still exist."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone
from tqdm import tqdm

from articles.cited_sources.link_gathering import gather
from sources.link_checks import LinkChecker, due
from sources.models import Link, LinkState


class Command(BaseCommand):
    help = (
        "Request the addresses in sources and live texts, each at most once a day, those checked longest ago first. An "
        "interrupted run can be continued by the next one. Exit 1 if no host could be reached."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, help="Request at most this many.")

    def handle(self, *args: object, limit: int | None, **options: object) -> None:
        if limit is not None and limit < 1:
            raise CommandError("--limit has to be 1 or more.")
        wanted = gather()
        total = len(due(timezone.now(), wanted)[:limit])
        with tqdm(total=total, unit=" links", file=sys.stderr, disable=None, leave=False) as bar:
            done = LinkChecker().run(wanted, limit=limit, progress=bar.update)
        if not done.online:
            raise CommandError(f"{done.asked} links: no host could be reached from here. Nothing was recorded.")
        counted = dict(Link.objects.order_by().values_list("state").annotate(many=Count("pk")))
        states = ", ".join(f"{label} {counted.get(state, 0)}" for state, label in LinkState.choices)
        self.stdout.write(
            f"{done.asked} links: {done.there} answer, {done.moved} lead elsewhere, {done.closed} refuse access, "
            f"{done.missing} failed"
            f"{f', {done.left} left for the next run' if done.left else ''}; {done.died} newly dead, {done.revived} "
            f"there again. In all: {states}."
        )
