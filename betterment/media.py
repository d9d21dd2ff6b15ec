"""Serves stored pictures where no other server does: while developing, and on a small installation."""

import re
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

# The type comes from this list, never from the file: a browser is told what we know it to be.
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}
_NAME = re.compile(rf"pictures/[0-9a-f]{{64}}\.({'|'.join(CONTENT_TYPES)})", re.ASCII)


@require_safe
def media(request: HttpRequest, name: str) -> FileResponse:
    """The stored picture `name` (`pictures.content_name`). Raises Http404 for every other name.

    May be kept for a year: another picture has another name.
    """
    known = _NAME.fullmatch(name)
    path = Path(settings.MEDIA_ROOT, name)
    if not known or not path.is_file():
        raise Http404("There is no such picture.")
    response = FileResponse(path.open("rb"), content_type=CONTENT_TYPES[known[1]])
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
