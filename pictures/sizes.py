"""How wide and high a stored picture is, for places that keep its name alone.

A picture is named by what it holds (`pictures.ContentStorage`), so its size never changes and is read once a process.
"""

from functools import lru_cache

from django.core.files.images import get_image_dimensions

from pictures.files import ContentStorage
from pictures.renditions import ORIGINAL


def size_of(name: str) -> tuple[int, int] | None:
    """Width and height in pixels of the picture `name` ("pictures/<hash>.jpg"); None for one that is not there.

    A missing file is looked for again at the next call: it may be copied to this machine in between.
    """
    if not ORIGINAL.fullmatch(name):
        return None
    try:
        return _read(name, ContentStorage().location)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=4096)
def _read(name: str, location: str) -> tuple[int, int]:
    with ContentStorage().open(name) as file:
        width, height = get_image_dimensions(file)
    if not width or not height:
        raise ValueError(f"{name} is no picture.")
    return width, height
