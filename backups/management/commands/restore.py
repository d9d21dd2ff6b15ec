"""`manage.py restore FILE` restores a backup into a database without tables and an empty media storage."""

import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from backups.archive import BadArchive
from backups.restoring import CannotRestore, restore
from core import times


class Command(BaseCommand):
    help = (
        "Restore FILE, which `manage.py backup` made, into a database without tables (SQLite or PostgreSQL) and an "
        "empty MEDIA_ROOT. Everything is verified first; nothing is ever overwritten."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--digest", default="", help="The digest that `backup` printed; any other file is refused.")

    def handle(self, *args: object, file: Path, digest: str, **options: object) -> None:
        with tqdm(unit=" parts", file=sys.stderr, disable=None, leave=False) as bar:
            try:
                manifest = restore(path=file, digest=digest, progress=lambda what: bar.update())
            except (BadArchive, CannotRestore, OSError) as error:
                raise CommandError(str(error)) from error
        made_at = times.zoned(datetime.fromisoformat(manifest.made_at))
        self.stdout.write(
            f"{manifest.rows} rows of {len(manifest.tables)} tables and {len(manifest.media)} files, "
            f"as they were on {made_at}. Everybody has to sign in again.\n"
            "Verify it with: manage.py check_integrity"
        )
