"""Storage of pictures in an S3 bucket, if MEDIA_STORAGE names one. It needs the packages of requirements-s3.txt.

Public URLs are `/media/…` as without a bucket: `pictures.views.media` serves them, and a proxy may cache them. The
content security policies therefore need no other host, and the sanitiser recognises the site's own pictures.
"""

from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

from pictures.content_storage import WriteOnceStorage


class Bucket(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """The storage in the S3 bucket of the settings. As the default storage, it also serves backup and restore."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**(settings.MEDIA_BUCKET or {}), **options})

    def url(self, name: str, parameters: Any = None, expire: Any = None, http_method: Any = None) -> str:
        """Return the file's URL on the site, never its URL in the bucket."""
        return f"{settings.MEDIA_URL}{name}"


@deconstructible(path="pictures.object_storage.ContentBucket")
class ContentBucket(WriteOnceStorage, Bucket):
    """The storage of pictures in the bucket, like `pictures.content_storage.ContentStorage` on the disk."""

    def _save(self, name: str, content: File) -> str:
        # If two processes save the same picture at once, both write the same bytes. A bucket has no incomplete files.
        saved: str = name if self.exists(name) else super()._save(name, content)
        return saved
