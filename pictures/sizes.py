"""The size in pixels of a picture that is stored on the disk, for code that has only the picture's name.

The name of a picture is the hash of its content (`pictures.files.content_name`), so its size never changes and is
cached in the process.
"""

from functools import lru_cache

from django.core.files.images import get_image_dimensions

from pictures.content_storage import ContentStorage
from pictures.renditions import ORIGINAL


def size_of(name: str | None) -> tuple[int, int] | None:
    """Return (width, height) in pixels of the picture `name` ("pictures/<hash>.jpg").

    Return None if `name` is not the name of a stored picture, or if the file is not on this machine's disk or cannot be
    read. None is not cached, because the file may be copied to this machine later.
    """
    if not name or not ORIGINAL.fullmatch(name):
        return None
    try:
        return _read(name, str(ContentStorage().location))
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=4096)
def _read(name: str, location: str) -> tuple[int, int]:
    """Return (width, height) in pixels of a stored picture. Raise OSError or ValueError if it cannot be read."""
    with ContentStorage().open(name) as file:
        width, height = get_image_dimensions(file)
    if not width or not height:
        raise ValueError(f"{name} is no picture.")
    return width, height
