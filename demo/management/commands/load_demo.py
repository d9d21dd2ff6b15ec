"""`manage.py load_demo`: eight articles at five stages, with sources, the board, products and users."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from demo import load


class Command(BaseCommand):
    help = "Load the demonstration once; a second run changes nothing. Refuses without DEBUG."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--migrate", action="store_true", help="Bring the database up to date first.")

    def handle(self, *args: object, migrate: bool, **options: object) -> None:
        if not settings.DEBUG:
            raise CommandError("load_demo is for development: it makes sign-ins with a known password. DEBUG is off.")
        if migrate:  # in this process, because starting Django again takes longer than migrating when nothing is due
            call_command("migrate", interactive=False, verbosity=0)
        if load.is_loaded():
            self.stdout.write("The demonstration is loaded already; nothing was changed.")
        else:
            load.everything(progress=self.stdout.write)
        self.stdout.write(load.SIGN_INS)
