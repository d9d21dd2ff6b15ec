"""`manage.py remove_second_factor EMAIL`, for use if nobody can remove the second factor in the admin."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts import second_factor
from accounts.models import User


class Command(BaseCommand):
    help = "Takes away the second factor of somebody whose device is lost, ends their sessions and tells them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: object, email: str, dry_run: bool, **options: object) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"No account has the address {email}.")
        if not second_factor.has(user):
            raise CommandError(f"{user} has no second factor.")
        if not dry_run:
            second_factor.remove(user=user, by="somebody with access to the server")
        self.stdout.write(f"{user}: {'would be' if dry_run else 'is'} without a second factor, and signed out.")
