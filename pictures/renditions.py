"""Renditions: narrower copies of stored pictures, made once, so that phones do not load more than they need.

The renditions of a picture follow from its name and width: `pictures/<hash>-<width>.avif` and `.webp` for each of
`WIDTHS` below its own. Pages can list them without asking the disk, and rendering stays pure. The job
runner makes them soon after a picture is stored (`pictures.fields.PictureFieldFile`), and `make_picture_widths` those
that are missing; until then `pictures.views.media` responds with the picture itself.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile

from jobs import queue
from pictures.files import picture_storage, run_decoder

RENDITIONS = "pictures.renditions"  # the name of the job (pictures.jobs)
WIDTHS = (400, 800, 1200, 1600)
# Best format first: a browser takes the first that it supports.
TYPES = {"avif": "image/avif", "webp": "image/webp"}
SIZES = "(min-width: 48rem) 44rem, 100vw"  # the width of a picture in the text column

ORIGINAL = re.compile(r"pictures/[0-9a-f]{64}\.(?:jpg|png|webp|avif)", re.ASCII)
COPY = re.compile(rf"(pictures/[0-9a-f]{{64}})-(?:{'|'.join(map(str, WIDTHS))})\.(?:{'|'.join(TYPES)})", re.ASCII)


@dataclass(frozen=True)
class PictureSource:
    """The attributes of a `source` element: the media type, the addresses with their widths, and the sizes."""

    type: str
    srcset: str
    sizes: str = SIZES


def copy_name(name: str, width: int, extension: str) -> str:
    """Return the name of the rendition of the picture `name` in that width (pixels) and format."""
    return f"{PurePosixPath(name).with_suffix('')}-{width}.{extension}"


def widths_below(width: int) -> list[int]:
    """Return the widths of the renditions of a picture of that width, all of them narrower (pixels)."""
    return [each for each in WIDTHS if each < width]


def names_of_copies(name: str, width: int) -> list[str]:
    """Return the names of all renditions of the picture `name` of that width; empty for a name of another form."""
    if not ORIGINAL.fullmatch(name):
        return []
    return [copy_name(name, each, extension) for each in widths_below(width) for extension in TYPES]


def sources_for(name: str, width: int) -> list[PictureSource]:
    """Return the sources of a `picture` element for the picture `name` ("pictures/<hash>.jpg") of that width.

    Empty if it has no renditions. Pure: uses neither disk nor database.
    """
    if not names_of_copies(name, width):
        return []
    return [
        PictureSource(
            kind,
            ", ".join(
                f"{settings.MEDIA_URL}{copy_name(name, each, extension)} {each}w" for each in widths_below(width)
            ),
        )
        for extension, kind in TYPES.items()
    ]


def thumbnail(name: str, width: int) -> str:
    """Return the name of the narrowest rendition, or of the picture itself if it has none."""
    return copy_name(name, WIDTHS[0], "webp") if sources_for(name, width) else name


def make_widths(name: str, width: int) -> list[str]:
    """Make the missing renditions of the stored picture `name`; return their names.

    Quick if nothing is missing. Raises FileNotFoundError if the picture is missing, and ValidationError if it cannot be
    read (`pictures.files.run_decoder`).
    """
    storage = picture_storage()
    missing = [copy for copy in names_of_copies(name, width) if not storage.exists(copy)]
    if not missing:
        return []
    with storage.open(name) as file:
        facts, body = run_decoder(file.read(), *widths_below(width))
    made, start = [], 0
    for each, extension, length in facts["files"]:
        copy = copy_name(name, each, extension)
        if copy in missing:
            made.append(storage.save(copy, ContentFile(body[start : start + length])))
        start += length
    return made


def queue_widths(name: str, width: int) -> None:
    """Queue making the renditions of the stored picture `name` in the caller's transaction, if it is to have any.

    Until the job has run, pages show the picture itself in their place.
    """
    if names_of_copies(name, width):
        queue.enqueue(RENDITIONS, {"name": name, "width": width}, key=f"{RENDITIONS} {name}")
