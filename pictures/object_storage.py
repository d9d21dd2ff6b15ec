"""Pictures in a bucket that speaks S3, where MEDIA_STORAGE names one; it needs the packages of requirements-s3.txt.

Readers never learn of it: addresses stay `/media/…`, answered by `media` and kept by whatever stands in front. So the
policies of our pages name no other host, and what the sanitiser knows as ours stays ours.
"""

from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

from pictures.files import WrittenOnce


class Bucket(S3Storage):
    """Django's storage in the bucket that the settings name: what backup and restore read and write."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**(settings.MEDIA_BUCKET or {}), **options})

    def url(self, name: str, parameters: Any = None, expire: Any = None, http_method: Any = None) -> str:
        """Where readers find it: on the site."""
        return f"{settings.MEDIA_URL}{name}"


@deconstructible(path="pictures.object_storage.ContentBucket")
class ContentBucket(WrittenOnce, Bucket):
    """`pictures.ContentStorage` in the bucket."""

    def _save(self, name: str, content: File) -> str:
        # Of two who save the same picture at once both write, and both the same bytes; a bucket shows no half file.
        return name if self.exists(name) else super()._save(name, content)
