"""`manage.py seal`: sign the head of the log."""

from django.core.management.base import BaseCommand, CommandError

from audit import records, seals
from audit.keys import NoKey


class Command(BaseCommand):
    help = (
        "Seal the log if it has grown, write the seal to SEALS_DIR, sign the records that are missing; print the seal."
    )

    def handle(self, *args: object, **options: object) -> None:
        try:
            newest = seals.seal()
            made = records.sign_missing()
        except (NoKey, OSError) as error:
            raise CommandError(str(error)) from error
        if newest is None:
            self.stdout.write("The log is empty: there is nothing to seal.")
            return
        self.stdout.write(newest.note)
        self.stderr.write(f"{newest.size} entries sealed in {seals.write(newest)}; {made} records signed.")
