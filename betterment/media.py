"""Serves stored pictures where no other server does: while developing, and on a small installation."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from betterment.picture_widths import COPY, ORIGINAL

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
    path, lasts = Path(settings.MEDIA_ROOT, name), FOR_GOOD
    copy = COPY.fullmatch(name)
    if not copy and not ORIGINAL.fullmatch(name):
        raise Http404("There is no such picture.")
    if copy and not path.is_file():
        originals = (Path(settings.MEDIA_ROOT, f"{copy[1]}.{extension}") for extension in CONTENT_TYPES)
        path, lasts = next(filter(Path.is_file, originals), path), FOR_A_WHILE
    if not path.is_file():
        raise Http404("There is no such picture.")
    response = FileResponse(path.open("rb"), content_type=CONTENT_TYPES[path.suffix[1:]])
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = lasts
    return response
