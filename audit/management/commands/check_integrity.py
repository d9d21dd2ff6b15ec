"""`manage.py check_integrity`: check that every page shows what the named scientists approved."""

import sys

from django.core.management.base import BaseCommand, CommandError

from articles.models import Article, Publication
from audit import integrity

EVERY = 1000


class Command(BaseCommand):
    help = "Check that every publication shows what its reviewers approved. Exits with 1 if not, with a line per fault."

    def handle(self, *args: object, **options: object) -> None:
        count = 0
        for fault in integrity.faults(self._progress):
            count += 1
            self.stdout.write(str(fault))
        publications = Publication.objects.filter(cancelled_at=None).count()
        if count:
            raise CommandError(f"{count} faults in {publications} publications.")
        self.stdout.write(
            f"{publications} publications of {Article.objects.count()} articles: "
            "every one shows what its reviewers approved."
        )

    def _progress(self, done: int) -> None:
        if done % EVERY == 0 and sys.stderr.isatty():
            self.stderr.write(f"{done} publications …")
