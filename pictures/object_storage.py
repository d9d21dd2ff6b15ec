"""Storage of pictures in an S3 bucket, if MEDIA_STORAGE names one; needs the packages of requirements-s3.txt.

Public addresses stay `/media/…`, served by `pictures.views.media` and cached in front of it. The content security
policies therefore name no other host, and the sanitiser recognises the site's own pictures.
"""

from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

from pictures.content_storage import WriteOnceStorage


class Bucket(S3Storage):
    """Django's storage in the bucket of the settings, which backup and restore use as well."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**(settings.MEDIA_BUCKET or {}), **options})

    def url(self, name: str, parameters: Any = None, expire: Any = None, http_method: Any = None) -> str:
        """Return the address on the site, never one of the bucket."""
        return f"{settings.MEDIA_URL}{name}"


@deconstructible(path="pictures.object_storage.ContentBucket")
class ContentBucket(WriteOnceStorage, Bucket):
    """The counterpart of `pictures.content_storage.ContentStorage` in the bucket."""

    def _save(self, name: str, content: File) -> str:
        # If two save the same picture at once, both write the same bytes; a bucket never shows an incomplete file.
        return name if self.exists(name) else super()._save(name, content)
