"""Storage of files on the disk, under names that are hashes of their content (pictures.files.content_name)."""

import os
from pathlib import Path

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.crypto import get_random_string
from django.utils.deconstruct import deconstructible


class WriteOnceStorage:
    """Mixin for a storage that never overwrites, renames or deletes a file, because names are hashes of the content.

    If a file of the same name exists, it has the same bytes. Deleting does nothing, because an earlier revision may
    still show the picture.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return `name` unchanged. Raise SuspiciousFileOperation if it is longer than `max_length`."""
        if max_length and len(name) > max_length:
            raise SuspiciousFileOperation(f"The name {name!r} is longer than {max_length} characters.")
        return name

    def delete(self, name: str) -> None:
        """Do nothing: a stored picture is never deleted."""


@deconstructible(path="pictures.content_storage.ContentStorage")
class ContentStorage(WriteOnceStorage, FileSystemStorage):
    """The storage on the disk, in MEDIA_ROOT."""

    def _save(self, name: str, content: File) -> str:
        if self.exists(name):
            return name
        # The file is written under another name and then linked, so that nobody reads an incomplete file. If two
        # processes save the same picture at once, the first one's file stays.
        beside = f"{name}.{get_random_string(8)}.part"
        try:
            super()._save(beside, content)  # type: ignore[misc]  # the stubs leave it out
            os.link(self.path(beside), self.path(name))
        except FileExistsError:
            pass
        except PermissionError:  # a file system without hard links
            os.replace(self.path(beside), self.path(name))
        finally:
            Path(self.path(beside)).unlink(missing_ok=True)
        return name
