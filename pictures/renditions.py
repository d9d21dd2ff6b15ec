"""Narrower copies of stored pictures, made once, so that a telephone does not load what a wide screen needs.

Which copies a picture has follows from its name and its width alone: `pictures/<hash>-<width>.avif` and `.webp`
for each of `WIDTHS` below its own. So a page can name them without asking the disk, and rendering stays pure. They
are made when a picture is stored (`picture_fields.PictureFieldFile`, `pictures.library`) and by `make_picture_widths`;
should one be missing all the same, `media` answers with the picture itself.
"""

import logging
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile

from pictures.files import picture_storage, run_decoder

logger = logging.getLogger(__name__)

WIDTHS = (400, 800, 1200, 1600)
# The best first: a browser takes the first that it knows.
TYPES = {"avif": "image/avif", "webp": "image/webp"}
SIZES = "(min-width: 48rem) 44rem, 100vw"  # how wide the column of text shows a picture

ORIGINAL = re.compile(r"pictures/[0-9a-f]{64}\.(?:jpg|png|webp|avif)", re.ASCII)
COPY = re.compile(rf"(pictures/[0-9a-f]{{64}})-(?:{'|'.join(map(str, WIDTHS))})\.(?:{'|'.join(TYPES)})", re.ASCII)


@dataclass(frozen=True)
class PictureSource:
    """What a `source` element says: the type of its files, and their addresses with the width of each."""

    type: str
    srcset: str
    sizes: str = SIZES


def copy_name(name: str, width: int, extension: str) -> str:
    """Return the name of the copy of the picture `name` in that width and format."""
    return f"{PurePosixPath(name).with_suffix('')}-{width}.{extension}"


def widths_below(width: int) -> list[int]:
    """Return the widths in which a picture of that width has copies: never wider than itself."""
    return [each for each in WIDTHS if each < width]


def names_of_copies(name: str, width: int) -> list[str]:
    """Return the name of every copy that the picture `name`, of that width, has. Nothing for a foreign name."""
    if not ORIGINAL.fullmatch(name):
        return []
    return [copy_name(name, each, extension) for each in widths_below(width) for extension in TYPES]


def sources_for(name: str, width: int) -> list[PictureSource]:
    """Return the sources of a `picture` element around the picture `name` ("pictures/<hash>.jpg"), of that width.

    Empty where it has no copies. Pure: asks neither disk nor database.
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
    """Return the name of what is shown small: the narrowest copy, or the picture itself where it has none."""
    return copy_name(name, WIDTHS[0], "webp") if sources_for(name, width) else name


def make_widths(name: str, width: int) -> list[str]:
    """Make the copies of the stored picture `name` that are missing; returns their names.

    Quick where nothing is missing. Raises FileNotFoundError where the picture is, and ValidationError where it
    cannot be read (`pictures.run_decoder`).
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


def make_widths_if_possible(name: str, width: int) -> None:
    """Make missing copies; a picture that will not is logged, since the page can show the picture itself."""
    try:
        make_widths(name, width)
    except Exception:
        logger.exception("The narrower copies of %s could not be made.", name)
