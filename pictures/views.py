"""The view that serves stored pictures if no other server does, in development and on small installations."""

from pathlib import PurePosixPath

from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from pictures.files import picture_storage
from pictures.renditions import COPY, ORIGINAL

# The content type comes from this table, never from the file.
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}
FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=60"


@require_safe
def media(request: HttpRequest, name: str) -> FileResponse:
    """Respond with the stored picture `name` (`pictures.files.content_name`) or a rendition of it.

    Browsers may cache the response for a year, because another picture has another name. If a rendition is missing,
    respond with the picture itself, for a minute. Raise Http404 if there is no file of this name.
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
    response = FileResponse(file, content_type=CONTENT_TYPES[PurePosixPath(str(file.name)).suffix[1:]])
    response.headers["Content-Length"] = str(file.size)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = lasts
    return response


def _opened(name: str) -> File | None:
    """Return the stored file opened for reading, or None if there is no such file."""
    try:
        return picture_storage().open(name)
    except (FileNotFoundError, IsADirectoryError):
        return None
