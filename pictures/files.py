"""Pictures as we keep them: decoded once, far from the site, painted anew and named by what they hold.

A picture that has been approved can thus not be exchanged under its name, and carries nothing but pixels.
"""

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
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage
from django.utils.crypto import get_random_string
from django.utils.deconstruct import deconstructible

logger = logging.getLogger(__name__)

MOST_BYTES = 20 * 1024 * 1024
MOST_MEGAPIXELS = 24
LONGEST_WAIT = 60  # seconds by the clock; the decoder itself ends at a smaller number of CPU seconds

_DECODER = Path(__file__).with_name("decoder.py")
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")

MESSAGES = {
    "picture_empty": "This file is empty. Choose the picture again.",
    "picture_too_large": (
        "This file has more than %(limit)s MB. Save the picture smaller, for instance 2,400 pixels wide."
    ),
    "picture_format": (
        "This file is not a picture we can read. Use JPEG, PNG, WebP or AVIF; of a GIF the first frame is "
        "kept. Save an SVG drawing as PNG first, and a HEIC photograph as JPEG."
    ),
    "picture_broken": "This picture is damaged or incomplete. Open it in another program and save it anew.",
    "picture_pixels": (
        "This picture has more than %(limit)s megapixels. Save it smaller, for instance 2,400 pixels wide."
    ),
    "picture_timeout": "This picture takes too long to open. Save it in a smaller size and as JPEG.",
}
_LIMITS = {"picture_too_large": MOST_BYTES // 1024**2, "picture_pixels": MOST_MEGAPIXELS}


class PreparedPicture(NamedTuple):
    """A picture painted anew: its bytes, the extension of its format, its size in pixels."""

    data: bytes
    extension: str
    width: int
    height: int


class PreparedFile(ContentFile):
    """The file of a prepared picture, named by its content: what alone a `PictureField` stores."""

    def __init__(self, picture: PreparedPicture) -> None:
        super().__init__(picture.data, name=content_name(picture.data, picture.extension))
        self.width, self.height = picture.width, picture.height


def content_name(data: bytes, extension: str) -> str:
    """Return the file name for `data`: its SHA-256 in hexadecimal, and `extension` (without a dot)."""
    return f"{hashlib.sha256(data).hexdigest()}.{extension}"


def _refusal(code: str) -> ValidationError:
    return ValidationError(MESSAGES[code], code=code, params={"limit": _LIMITS.get(code)})


def _looks_readable(data: bytes) -> bool:
    """Whether the first bytes promise a format of ours, so that a file which fails is broken, not foreign."""
    return data.startswith(_STARTS) or data[8:12] == b"WEBP" or data[4:12] in (b"ftypavif", b"ftypavis")


def _failure(status: int, complaint: bytes) -> ValidationError:
    """The error for a decoder that ended without an answer: stopped at its limit, or fallen over."""
    if -status in (signal.SIGXCPU, signal.SIGKILL):
        return _refusal("picture_timeout")
    logger.error("The picture decoder ended with %s: %s", status, complaint[-2_000:].decode(errors="replace"))
    return _refusal("picture_broken")


def run_decoder(data: bytes, *arguments: object) -> tuple[dict[str, Any], bytes]:
    """Return what the decoder answers for `data`: its head and its body (`pictures.decoder` says which).

    Decoded in a child process with bounds for memory and time. Raises ValidationError: picture_format,
    picture_broken, picture_pixels, picture_timeout.
    """
    try:
        done = subprocess.run(
            # Isolated: nothing of ours shadows the standard library, no variable of ours reaches the child.
            [sys.executable, "-I", "-B", str(_DECODER), str(Path(PIL.__file__).parent.parent), *map(str, arguments)],
            input=data,
            capture_output=True,
            timeout=LONGEST_WAIT,
            check=False,
            env={name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
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
    """Return the picture upright, in sRGB, without metadata, in its own format (a GIF's first frame as PNG).

    The same input gives the same bytes. Raises ValidationError: picture_empty, picture_too_large (more than
    `MOST_BYTES`), picture_format (not a picture, or of a kind we do not read), and what `run_decoder` raises.
    """
    if not data:
        raise _refusal("picture_empty")
    if len(data) > MOST_BYTES:
        raise _refusal("picture_too_large")
    facts, body = run_decoder(data)
    return PreparedPicture(body, facts["extension"], facts["width"], facts["height"])


class WrittenOnce:
    """For a storage of files under names made of their content: written once, never overwritten, renamed or deleted.

    A name that is taken holds the same bytes already. Deleting does nothing, because a revision that is no
    longer the working copy may show the picture still.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return `name` itself. Raises SuspiciousFileOperation where it does not fit into the column."""
        if max_length and len(name) > max_length:
            raise SuspiciousFileOperation(f"The name {name!r} is longer than {max_length} characters.")
        return name

    def delete(self, name: str) -> None:
        """Do nothing: a picture once stored stays."""


def picture_storage() -> Storage:
    """Where pictures are kept: on the disk, or in the bucket that MEDIA_STORAGE names."""
    if settings.MEDIA_BUCKET is None:
        return ContentStorage()
    from pictures.object_storage import ContentBucket  # its packages are there only where a bucket is used

    return ContentBucket()


@deconstructible(path="pictures.files.ContentStorage")
class ContentStorage(WrittenOnce, FileSystemStorage):
    """The storage on the disk, in MEDIA_ROOT."""

    def _save(self, name: str, content: File) -> str:
        if self.exists(name):
            return name
        # Written beside and then linked: nobody ever reads half a picture, and of two who save the same
        # picture at once the first wins.
        beside = f"{name}.{get_random_string(8)}.part"
        try:
            super()._save(beside, content)
            os.link(self.path(beside), self.path(name))
        except FileExistsError:
            pass
        except PermissionError:  # so answers a file system without hard links
            os.replace(self.path(beside), self.path(name))
        finally:
            Path(self.path(beside)).unlink(missing_ok=True)
        return name
