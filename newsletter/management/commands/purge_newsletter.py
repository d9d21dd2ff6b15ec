"""`manage.py purge_newsletter`: delete unconfirmed sign-ups and expired counts now, as the job runner does daily."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from core import rate_limits
from newsletter import subscribing
from newsletter.models import Subscriber


class Command(BaseCommand):
    help = "Delete sign-ups that were not confirmed within seven days, and counts that are over. May run at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say how many would go, and delete nothing.")

    def handle(self, *args: object, dry_run: bool, **options: object) -> None:
        if dry_run:
            waiting = Subscriber.objects.never_confirmed().count()
            self.stdout.write(f"{waiting} unconfirmed sign-ups would be deleted. Nothing was: this was a trial.")
            return
        gone, counts = subscribing.purge(), rate_limits.delete_expired_counts()
        self.stdout.write(f"{gone} unconfirmed sign-ups deleted, {counts} old counts.")
