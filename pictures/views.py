"""Serves stored pictures where no other server does: while developing, and on a small installation."""

from pathlib import PurePosixPath

from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from pictures.files import picture_storage
from pictures.renditions import COPY, ORIGINAL

# The type comes from this list, never from the file: a browser is told what we know it to be.
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}
FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=60"


@require_safe
def media(request: HttpRequest, name: str) -> FileResponse:
    """The stored picture `name` (`pictures.content_name`) or a copy of it. Raises Http404 for every other name.

    May be kept for a year: another picture has another name. In place of a narrower copy that is not there
    (`picture_widths`) the picture itself is sent, to be asked for again soon.
    """
    copy = COPY.fullmatch(name)
    if not copy and not ORIGINAL.fullmatch(name):
        raise Http404("There is no such picture.")
    file, lasts = _opened(name), FOR_GOOD
    if copy and not file:
        originals = (f"{copy[1]}.{extension}" for extension in CONTENT_TYPES)
        file, lasts = next(filter(None, map(_opened, originals)), None), FOR_A_WHILE
    if not file:
        raise Http404("There is no such picture.")
    response = FileResponse(file, content_type=CONTENT_TYPES[PurePosixPath(file.name).suffix[1:]])
    response.headers["Content-Length"] = str(file.size)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = lasts
    return response


def _opened(name: str) -> File | None:
    """The stored file, to be read; None where there is none."""
    try:
        return picture_storage().open(name)
    except (FileNotFoundError, IsADirectoryError):
        return None
