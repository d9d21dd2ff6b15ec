"""`manage.py rebuild_pages`: render stored pages that are missing or outdated, so that no request has to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from articles import drafting
from articles.models import Revision


class Command(BaseCommand):
    help = "Render again the revisions whose stored page is missing or was made by an older version of the renderer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Print how many there are; change nothing.")

    def handle(self, *, dry_run: bool, verbosity: int, **options: Any) -> None:
        keys = drafting.outdated_renderings()
        if not dry_run:
            for key in tqdm(keys, unit="page", disable=verbosity == 0 or len(keys) < 100):
                drafting.keep_rendering(Revision.objects.prefetch_related("citations").get(pk=key))
        self.stdout.write(f"{'Would render' if dry_run else 'Rendered'} {len(keys)} pages anew.")
