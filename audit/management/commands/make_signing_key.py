"""`manage.py make_signing_key`: make the key that signs seals and records, or put a new one in its place."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit import keys


class Command(BaseCommand):
    help = "Make the signing key: its file is SIGNING_KEY_FILE, encrypted under SIGNING_KEY_PASSPHRASE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--replace", action="store_true", help="put a new key in the place of the one in use")
        parser.add_argument("--leaked", action="store_true", help="revoke the one in use too: others may have it")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["leaked"] and not options["replace"]:
            raise CommandError("--leaked goes with --replace.")
        try:
            made = keys.make(replace=options["replace"], leaked=options["leaked"])
        except (keys.NoKey, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{settings.SIGNING_KEY_FILE} has the new key. Its public key is {made.public_key}.")
