"""Checks of stored pictures: each file has the digest in its name, and each rendition was made of its picture."""

import hashlib
from collections.abc import Iterator
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.images import get_image_dimensions

from advisors.models import Advisor
from articles.models import Author, Revision
from audit.integrity.faults import Fault
from audit.integrity.records import ArticleRecord, rows_of
from pictures.files import content_name, picture_storage
from pictures.library import STORED
from pictures.models import Picture
from pictures.rendition_digests import RenditionDigest
from pictures.renditions import ORIGINAL, names_of_copies
from products.models import ProductPicture


class StoredPictures:
    """The stored picture files. Each is read once, and its faults are reported for every place that shows it."""

    def __init__(self) -> None:
        self.storage = picture_storage()
        self._told: dict[str, tuple[str, ...]] = {}

    def faults(self, place: str, names: set[str]) -> Iterator[Fault]:
        """Yield a fault of `place` for each named file that is missing or does not match the digest in its name.

        Also yield one for each rendition that differs from its recorded digest. Names of other forms are ignored.
        """
        for name in sorted(filter(ORIGINAL.fullmatch, names)):  # another name is not what was approved or signed
            if name not in self._told:
                self._told[name] = tuple(self._messages(name))
            for message in self._told[name]:
                yield Fault(place, message)

    def _messages(self, name: str) -> Iterator[str]:
        path = PurePath(name)
        data = self._read(name)
        if data is None:
            yield f"the picture {path.name} is missing"
            return
        if content_name(data, path.suffix.lstrip(".")) != path.name:
            yield f"the picture {path.name} is not the one that was approved"
            return
        width, _ = get_image_dimensions(ContentFile(data))
        copies = {copy: self._read(copy) for copy in names_of_copies(name, width or 0)}
        there = {copy: hashlib.sha256(data).hexdigest() for copy, data in copies.items() if data is not None}
        recorded = dict(RenditionDigest.objects.filter(name__in=there).values_list("name", "sha256")) if there else {}
        for copy, digest in there.items():
            if recorded.get(copy) != digest:
                yield f"the copy {PurePath(copy).name} is not the one that was made of its picture"

    def _read(self, name: str) -> bytes | None:
        """Return the content of a file, or None if it is missing."""
        try:
            with self.storage.open(name, "rb") as file:
                return bytes(file.read())
        except OSError:
            return None


def faults_of(record: ArticleRecord, stored: StoredPictures) -> Iterator[Fault]:
    """Yield the faults (`StoredPictures.faults`) of an article's hero pictures, pictures in texts, and portraits."""
    names: set[str] = set()
    for revision in record.revisions:
        names |= pictures_of(revision)
        names.update(byline.photo.name for byline in rows_of(revision, "bylines") if byline.photo)
        for approval in rows_of(revision, "approvals"):
            names.update(signatory.photo.name for signatory in rows_of(approval, "signatories") if signatory.photo)
    yield from stored.faults(record.place, names)


def pictures_of(revision: Revision) -> set[str]:
    """Return the file names of the hero picture of a revision and of the pictures in its texts."""
    hero = {revision.hero_image.name} if revision.hero_image else set()
    return hero | {name for text in (revision.body, revision.safety_note) for name in STORED.findall(text)}


def faults_elsewhere(stored: StoredPictures) -> Iterator[Fault]:
    """Yield the faults (`StoredPictures.faults`) of the pictures in the library, in profiles and of products."""
    for model, field in ((Picture, "image"), (Author, "photo"), (Advisor, "photo"), (ProductPicture, "image")):
        rows = model._default_manager.exclude(**{field: ""}).order_by("pk")
        for key, name in rows.values_list("pk", field).iterator():
            yield from stored.faults(f"{model._meta.verbose_name} {key}", {name})
