"""`manage.py make_picture_widths`: make the missing renditions of all stored pictures."""

import time
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser

from pictures.fields import PictureField, PictureFieldFile
from pictures.files import picture_storage
from pictures.renditions import make_widths, names_of_copies


def stored_pictures() -> Iterator[PictureFieldFile]:
    """Yield the picture files of all models with a PictureField, each file once."""
    seen = set()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, PictureField):
                continue
            columns = filter(None, (field.name, field.width_field, field.height_field))
            rows = model._base_manager.exclude(**{field.name: ""}).only(*columns).order_by("pk")
            for row in rows.iterator(chunk_size=500):
                file = getattr(row, field.attname)
                if file and file.name not in seen:
                    seen.add(file.name)
                    yield file


class Command(BaseCommand):
    help = "Make the copies (AVIF and WebP, several widths) of pictures that were stored before, or by other means."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say what is missing.")

    def handle(self, *args: Any, dry_run: bool, verbosity: int, **options: Any) -> None:
        storage, begun = picture_storage(), time.monotonic()
        pictures = made = size = failed = 0
        for pictures, file in enumerate(stored_pictures(), 1):
            try:
                names = [name for name in names_of_copies(file.name, file.width) if not storage.exists(name)]
                if names and not dry_run:
                    names = make_widths(str(file.name), file.width)
            except (OSError, ValidationError) as error:
                failed += 1
                self.stderr.write(f"{file.name}: {error}")
                continue
            made += len(names)
            size += 0 if dry_run else sum(storage.size(name) for name in names)
            if names and verbosity:
                self.stdout.write(f"{pictures}: {file.name}, {file.width} pixels wide: {len(names)} copies")
        missing = f", {failed} pictures could not be read" if failed else ""
        if dry_run:
            self.stdout.write(f"{made} copies of {pictures} pictures are missing{missing}.")
            return
        seconds = time.monotonic() - begun
        self.stdout.write(f"{made} copies of {pictures} pictures made, {size / 1024:.0f} KB, {seconds:.1f} s{missing}.")
