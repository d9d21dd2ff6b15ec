"""Renditions: copies of stored pictures in lighter formats and several widths, so that no screen loads too much.

The names of the renditions follow from the name and width of the picture: `pictures/<hash>-<width>.avif` and `.webp`
for each of `rendition_widths`. Pages can therefore list them without looking at the disk. The job runner
makes the renditions soon after a picture is stored (`pictures.fields.PictureFieldFile`); `make_picture_widths` makes
any that are missing. Until a rendition exists, `pictures.views.media` responds with the picture itself.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile

from jobs import queue
from pictures.files import picture_storage, run_decoder
from pictures.rendition_digests import RenditionDigest

RENDITIONS = "pictures.renditions"  # the name of the job (pictures.jobs)
WIDTHS = (400, 800, 1200, 1600)
# The best format is first, because a browser takes the first one that it supports.
TYPES = {"avif": "image/avif", "webp": "image/webp"}
SIZES = "(min-width: 48rem) 44rem, 100vw"  # the width of a picture in the text column

ORIGINAL = re.compile(r"pictures/[0-9a-f]{64}\.(?:jpg|png|webp|avif)", re.ASCII)
COPY = re.compile(rf"(pictures/[0-9a-f]{{64}})-[1-9][0-9]{{2,3}}\.(?:{'|'.join(TYPES)})", re.ASCII)


@dataclass(frozen=True)
class PictureSource:
    """The attributes of a `source` element: its media `type`, its URLs with widths (`srcset`), and its `sizes`."""

    type: str
    srcset: str
    sizes: str = SIZES


def copy_name(name: str, width: int, extension: str) -> str:
    """Return the name of the rendition of the picture `name` that has this width (pixels) and extension."""
    return f"{PurePosixPath(name).with_suffix('')}-{width}.{extension}"


def rendition_widths(width: int) -> list[int]:
    """Return the widths in pixels of the renditions of a picture that is `width` pixels wide, the narrowest first.

    The last is the picture's own width, up to the widest of WIDTHS: a browser that supports a better format never loads
    the picture itself. A picture that is no wider than the narrowest of WIDTHS has no renditions.
    """
    narrower = [each for each in WIDTHS if each < width]
    return [*narrower, width] if narrower and width <= WIDTHS[-1] else narrower


def names_of_copies(name: str | None, width: int) -> list[str]:
    """Return the names of all renditions of the picture `name`, which is `width` pixels wide, the narrowest first.

    Return an empty list if `name` is not the name of a stored picture (ORIGINAL).
    """
    if not name or not ORIGINAL.fullmatch(name):
        return []
    return [copy_name(name, each, extension) for each in rendition_widths(width) for extension in TYPES]


def sources_for(name: str | None, width: int) -> list[PictureSource]:
    """Return the sources of a `picture` element for the picture `name` ("pictures/<hash>.jpg"), `width` pixels wide.

    Return an empty list if the picture has no renditions. Use neither the disk nor the database.
    """
    if not name or not names_of_copies(name, width):
        return []
    return [
        PictureSource(
            kind,
            ", ".join(
                f"{settings.MEDIA_URL}{copy_name(name, each, extension)} {each}w" for each in rendition_widths(width)
            ),
        )
        for extension, kind in TYPES.items()
    ]


def thumbnail(name: str, width: int) -> str:
    """Return the name of the narrowest WebP rendition of a picture of this width, or `name` itself if it has none."""
    return copy_name(name, WIDTHS[0], "webp") if sources_for(name, width) else name


def make_widths(name: str, width: int) -> list[str]:
    """Make the missing renditions of the stored picture `name`, which is `width` pixels wide; return their names.

    The digest of each is recorded before its file is stored, so that no file is without one. Decode nothing if no
    rendition is missing. Raise FileNotFoundError if the picture is missing, and ValidationError if the decoder refuses
    it (`pictures.files.run_decoder`).
    """
    storage = picture_storage()
    missing = [copy for copy in names_of_copies(name, width) if not storage.exists(copy)]
    if not missing:
        return []
    with storage.open(name) as file:
        facts, body = run_decoder(file.read(), *rendition_widths(width))
    made, start = [], 0
    for each, extension, length in facts["files"]:
        copy = copy_name(name, each, extension)
        if copy in missing:
            data = body[start : start + length]
            recorded = {"sha256": hashlib.sha256(data).hexdigest()}
            RenditionDigest.objects.update_or_create(name=copy, defaults=recorded)
            made.append(storage.save(copy, ContentFile(data)))
        start += length
    return made


def queue_widths(name: str | None, width: int) -> None:
    """Queue the job that makes the renditions of the stored picture `name`, in the caller's transaction.

    Queue nothing if a picture of this width has no renditions. Until the job has run, pages show the picture itself.
    """
    if names_of_copies(name, width):
        queue.enqueue(RENDITIONS, {"name": name, "width": width}, key=f"{RENDITIONS} {name}")
