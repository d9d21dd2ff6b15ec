"""`manage.py load_demo`: eight articles at five stages, with sources, the board, products and users."""

import os
from argparse import ArgumentParser

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

from demo import load

SERVED = """
  The site      http://127.0.0.1:{port}/
  The newsroom  http://127.0.0.1:{port}/admin/ (sign in as one of the people above)
  Emails        are written to var/work.log, as is what the job runner does
  Stop with Ctrl-C. What you change is kept in var/; another port: make run PORT=8080
"""


class Command(BaseCommand):
    help = "Load the demonstration once; a second run changes nothing. Refuses without DEBUG."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--migrate", action="store_true", help="Bring the database up to date first.")
        parser.add_argument(
            "--serve",
            type=int,
            metavar="PORT",
            help="Then serve the site on this port, as `make run` does; exit 3 when a source file has changed.",
        )

    def handle(self, *args: object, migrate: bool, serve: int | None, **options: object) -> None:
        if not settings.DEBUG:
            raise CommandError("load_demo is for development: it makes sign-ins with a known password. DEBUG is off.")
        if migrate:  # in this process, because starting Django again takes longer than migrating when nothing is due
            call_command("migrate", interactive=False, verbosity=0)
        if load.is_loaded():
            self.stdout.write("The demonstration is loaded already; nothing was changed.")
        else:
            load.everything(progress=self.stdout.write)
        self.stdout.write(load.SIGN_INS)
        if serve:
            self._serve(serve)

    def _serve(self, port: int) -> None:
        """Serve in this process. Django's reloader would start Django twice more, in its own process and in another."""
        self.stdout.write(SERVED.format(port=port))
        os.environ[DJANGO_AUTORELOAD_ENV] = "true"
        call_command("runserver", f"127.0.0.1:{port}")
