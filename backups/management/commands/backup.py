"""`manage.py backup FILE` writes the database and the media into one file."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from backups.creating import CannotBackUp, back_up


class Command(BaseCommand):
    help = (
        "Write database and media, as of this moment, into FILE, which must not exist. It holds accounts and emails: "
        "keep it where nobody else can read it. Sessions are left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        with tqdm(unit=" parts", file=sys.stderr, disable=None, leave=False) as bar:
            try:
                manifest = back_up(path=file, progress=lambda what: bar.update())
            except (CannotBackUp, OSError) as error:
                raise CommandError(str(error)) from error
        self.stdout.write(
            f"{manifest.rows} rows of {len(manifest.tables)} tables and {len(manifest.media)} files in {file}.\n"
            f"Digest: {manifest.digest}"
        )
