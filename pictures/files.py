"""Prepare pictures for storage: each is decoded and re-encoded in a separate process, and named by its content's hash.

A file therefore cannot change under an approved name, and contains nothing but pixels.
"""

import fcntl
import hashlib
import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import PIL
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.utils.translation import gettext_lazy as _

from pictures.content_storage import ContentStorage

logger = logging.getLogger(__name__)

MOST_BYTES = 20 * 1024 * 1024
MOST_MEGAPIXELS = 24
LONGEST_WAIT = 60  # seconds by the clock; the decoder has a smaller limit of CPU seconds

_DECODER = Path(__file__).with_name("decoder.py")
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")

MESSAGES = {
    "picture_empty": _("This file is empty. Choose the picture again."),
    "picture_too_large": _(
        "This file has more than %(limit)s MB. Save the picture smaller, for instance 2,400 pixels wide."
    ),
    "picture_format": _(
        "This file is not a picture we can read. Use JPEG, PNG, WebP or AVIF; only the first frame of a GIF is "
        "kept. Save an SVG drawing as PNG first, and a HEIC photograph as JPEG."
    ),
    "picture_broken": _("This picture is damaged or incomplete. Open it in another program and save it again."),
    "picture_pixels": _(
        "This picture has more than %(limit)s megapixels. Save it smaller, for instance 2,400 pixels wide."
    ),
    "picture_timeout": _("This picture takes too long to open. Save it in a smaller size and as JPEG."),
}
_LIMITS = {"picture_too_large": MOST_BYTES // 1024**2, "picture_pixels": MOST_MEGAPIXELS}


class PreparedPicture(NamedTuple):
    """A re-encoded picture: its bytes, the extension of its format (without a dot), and its size in pixels."""

    data: bytes
    extension: str
    width: int
    height: int


class PreparedFile(ContentFile):
    """The file of a prepared picture; its name is the hash of its content. A `PictureField` stores only such files."""

    name: str

    def __init__(self, picture: PreparedPicture) -> None:
        super().__init__(picture.data, name=content_name(picture.data, picture.extension))
        self.width, self.height = picture.width, picture.height


def content_name(data: bytes, extension: str) -> str:
    """Return the file name for `data`: its SHA-256 in hexadecimal, and `extension` (without a dot)."""
    return f"{hashlib.sha256(data).hexdigest()}.{extension}"


def _refusal(code: str) -> ValidationError:
    """Return the ValidationError with this code."""
    return ValidationError(MESSAGES[code], code=code, params={"limit": _LIMITS.get(code)})


def _looks_readable(data: bytes) -> bool:
    """Return whether the first bytes are those of an accepted format.

    If such a file cannot be decoded, it is damaged rather than of another format.
    """
    return data.startswith(_STARTS) or data[8:12] == b"WEBP" or data[4:12] in (b"ftypavif", b"ftypavis")


def _failure(status: int, complaint: bytes) -> ValidationError:
    """Return the error if the decoder was stopped at a limit of time (picture_timeout) or crashed (picture_broken)."""
    if -status in (signal.SIGXCPU, signal.SIGKILL):
        return _refusal("picture_timeout")
    logger.error("The picture decoder ended with %s: %s", status, complaint[-2_000:].decode(errors="replace"))
    return _refusal("picture_broken")


def run_decoder(data: bytes, *arguments: object) -> tuple[dict[str, Any], bytes]:
    """Return the head and the body of the decoder's output for `data` (see `pictures.decoder`).

    The picture is decoded in a child process with limits for memory and time, one picture at a time on this machine.
    Raise ValidationError with code picture_format, picture_broken, picture_pixels or picture_timeout.
    """
    # -I: no module of the project can shadow the standard library. No variable but LD_LIBRARY_PATH reaches the child.
    command = [sys.executable, "-I", "-B", str(_DECODER), str(Path(PIL.__file__).parent.parent), *map(str, arguments)]
    variables = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    try:
        with _DECODER.open() as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)  # the lock lets one process or thread on this machine decode at a time
            done = subprocess.run(
                command, input=data, capture_output=True, timeout=LONGEST_WAIT, check=False, env=variables
            )
    except subprocess.TimeoutExpired:
        raise _refusal("picture_timeout") from None
    head, separator, body = done.stdout.partition(b"\n")
    if done.returncode or not separator:
        raise _failure(done.returncode, done.stderr)
    facts = json.loads(head)
    if code := facts.get("error"):
        raise _refusal("picture_broken" if code == "picture_format" and _looks_readable(data) else code)
    return facts, body


def prepare_picture(data: bytes) -> PreparedPicture:
    """Return the picture re-encoded upright, in sRGB and without metadata. The same input gives the same bytes.

    The format stays the same, except that the first frame of a GIF becomes a PNG, and an AVIF or WebP of more than
    6 megapixels (`pictures.decoder.LARGE`) a JPEG or, with transparency, a PNG. Raise ValidationError with code
    picture_empty, picture_too_large (more than `MOST_BYTES`), picture_format, picture_broken, picture_pixels or
    picture_timeout.
    """
    if not data:
        raise _refusal("picture_empty")
    if len(data) > MOST_BYTES:
        raise _refusal("picture_too_large")
    facts, body = run_decoder(data)
    return PreparedPicture(body, facts["extension"], facts["width"], facts["height"])


def picture_storage() -> Storage:
    """Return the storage of pictures: the bucket that MEDIA_STORAGE names, or else the disk."""
    if settings.MEDIA_BUCKET is None:
        return ContentStorage()
    from pictures.object_storage import ContentBucket  # needs the packages of requirements-s3.txt

    return ContentBucket()
