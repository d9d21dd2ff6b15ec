"""`manage.py load_demo`: eight articles at five stages, with sources, the board, products and users."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo import load


class Command(BaseCommand):
    help = "Load the demonstration once; a second run changes nothing. Refuses without DEBUG."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEBUG:
            raise CommandError("load_demo is for development: it makes sign-ins with a known password. DEBUG is off.")
        if load.is_loaded():
            self.stdout.write("The demonstration is loaded already; nothing was changed.")
        else:
            load.everything(progress=self.stdout.write)
        self.stdout.write(load.SIGN_INS)
