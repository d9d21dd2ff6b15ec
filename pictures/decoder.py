"""Decode a picture from standard input and write it re-encoded, or its renditions, to standard output.

`pictures.files` runs this module as a separate isolated process (`python -I`), because hostile files attack decoders.
The process has limits for memory and time and almost no environment variables, and it cannot write files.

The arguments are the folder in which Pillow is installed and, for renditions, their widths in pixels. The output is a
line of JSON and the bytes of the files. Without widths, the line is {"extension": …, "width": …, "height": …}, and the
picture follows. With widths, it is {"files": [[width, extension, length in bytes], …]}, and these files follow. If the
picture cannot be used, it is {"error": code}, and nothing follows. This module depends on Pillow only.
"""

import contextlib
import ctypes
import io
import json
import resource
import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # Pillow is imported below, once the limits are set
    from PIL import Image

MOST_PIXELS = 24_000_000
MOST_MEMORY = 1024**3  # bytes of address space; actual use stays below 350 MB (tests/pictures/test_memory.py)
MOST_SECONDS = 40
M_MMAP_THRESHOLD = -3  # malloc.h
LARGE = 6_000_000  # pixels; for more, writing AVIF or WebP would take up to 900 MB and 50 seconds

# For each accepted format (Pillow's name): the format in which it is stored, its extension, and the options for saving.
# AVIF uses one thread, so that the same picture gives the same bytes on every machine.
FORMATS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "JPEG": ("JPEG", "jpg", {"quality": 88, "optimize": True, "progressive": True}),
    "MPO": ("JPEG", "jpg", {"quality": 88, "optimize": True, "progressive": True}),
    "PNG": ("PNG", "png", {"optimize": True}),
    "GIF": ("PNG", "png", {"optimize": True}),
    "WEBP": ("WEBP", "webp", {"quality": 85, "method": 4}),
    "AVIF": ("AVIF", "avif", {"quality": 75, "speed": 8, "max_threads": 1}),
}

# The formats for pictures of more than LARGE pixels that were not JPEG: True is for PNG and transparent pictures.
LARGE_FORMATS: dict[bool, tuple[str, str, dict[str, Any]]] = {
    False: FORMATS["JPEG"],
    True: ("PNG", "png", {"compress_level": 6}),
}

# The formats of renditions. Drawings (stored as PNG) get a higher quality, so that letters stay sharp.
NARROW: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 55, "speed": 8, "max_threads": 1}),
    "webp": ("WEBP", {"quality": 78, "method": 4}),
}
NARROW_DRAWING: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 68, "speed": 8, "max_threads": 1, "subsampling": "4:4:4"}),
    "webp": ("WEBP", {"quality": 90, "method": 4}),
}


class PictureTooLarge(Exception):
    """Raised when a picture has more than MOST_PIXELS pixels."""


def limit_resources() -> None:
    """Limit the memory, CPU time and core dumps of this process, and forbid it to write files.

    A lower limit that already exists is not raised, because only root may do so.
    """
    limits = (("AS", MOST_MEMORY), ("CPU", MOST_SECONDS), ("FSIZE", 0), ("CORE", 0))
    for name, value in limits:
        which = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(which)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        try:
            resource.setrlimit(which, (value, value))
        except (OSError, ValueError):  # macOS has RLIMIT_AS but refuses to set it
            continue
    # By default, glibc may retain freed blocks of pixels (16 MB each); with a fixed threshold it returns them at once.
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 1024**2)


def to_srgb(image: "Image.Image", profile: bytes) -> "Image.Image":
    """Return the picture converted from its colour profile to sRGB, or unchanged if the profile is unusable."""
    from PIL import ImageCms

    mode = "RGB" if image.mode == "CMYK" else image.mode
    try:
        srgb = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, io.BytesIO(profile), srgb, outputMode=mode)
        return converted or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # most pictures are in sRGB anyway


def pixels(image: "Image.Image") -> "Image.Image":
    """Return the opened picture decoded, with few copies of its pixels in memory.

    When Pillow loads a WebP, two canvases of the decoder, the frame and the picture are in memory at once: 16 bytes per
    pixel. Here the decoder is freed before the picture is made.
    """
    from PIL import Image, WebPImagePlugin

    if not isinstance(image, WebPImagePlugin.WebPImageFile):
        image.load()
        return image
    frame, image._decoder = image._get_next()[0], None
    decoded = Image.frombuffer(image.mode, image.size, frame, "raw", image.rawmode, 0, 1)
    decoded.info = image.info
    return decoded


def repaint(data: bytes) -> tuple[str, int, int, bytes]:
    """Re-encode the picture upright, in sRGB and without metadata; return its extension, width, height and bytes.

    Width and height are in pixels. Raise PictureTooLarge if the picture has more than MOST_PIXELS pixels. Exceptions
    that Pillow raises for a broken file propagate.
    """
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "GIF", "WEBP", "AVIF"]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise PictureTooLarge
        kept_as, extension, options = FORMATS[image.format or ""]
        profile = image.info.get("icc_profile")
        upright = pixels(image)
        ImageOps.exif_transpose(upright, in_place=True)
        if upright.mode.startswith("I"):  # 16 bits of grey, which convert() would clip instead of scale
            upright = upright.convert("I").point(lambda value: value * (1 / 256)).convert("L")
        has_alpha = upright.has_transparency_data and kept_as != "JPEG"
        if upright.width * upright.height > LARGE and kept_as != "JPEG":
            kept_as, extension, options = LARGE_FORMATS[has_alpha or kept_as == "PNG"]
        if upright.mode not in ("L", "RGB", "RGBA", "CMYK") or has_alpha != (upright.mode == "RGBA"):
            upright = upright.convert("RGBA" if has_alpha else "RGB")
        if profile and upright.mode != "L":
            upright = to_srgb(upright, profile)
        if upright.mode == "CMYK" or (upright.mode == "L" and kept_as in ("WEBP", "AVIF")):
            upright = upright.convert("RGB")
        # Only the pixels are moved to a new picture, so that no profile, comment, palette or location is saved.
        canvas = Image.new(upright.mode, (0, 0))
        canvas.im, canvas._size = upright.im, upright.size
    out = io.BytesIO()
    canvas.save(out, kept_as, **options)
    return extension, canvas.width, canvas.height, out.getvalue()


def narrow(data: bytes, widths: list[int]) -> list[tuple[int, str, bytes]]:
    """Return (width, extension, bytes) for each rendition that is no wider than the picture; others are skipped.

    A rendition with more than LARGE pixels, as a tall picture would have, is made smaller than its width says, because
    writing it would take too much memory. `data` must be a stored picture: upright, in sRGB, and in one of the formats
    that `repaint` writes. Raise PictureTooLarge if it has more than MOST_PIXELS pixels.
    """
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    files = []
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "AVIF"]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise PictureTooLarge
        formats = NARROW_DRAWING if image.format == "PNG" else NARROW
        full = pixels(image)
        mode = "RGBA" if full.has_transparency_data else "RGB"
        full = full if full.mode == mode else full.convert(mode)
        for width in sorted(widths):
            if width > full.width:
                break
            scale = width / full.width
            scale *= min(1, (LARGE / (full.width * full.height * scale**2)) ** 0.5)
            size = max(1, round(full.width * scale)), max(1, round(full.height * scale))
            copy = full if size == full.size else full.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
            for extension, (kind, options) in formats.items():
                out = io.BytesIO()
                copy.save(out, kind, **options)
                files.append((width, extension, out.getvalue()))
    return files


def answer(data: bytes, widths: list[int]) -> tuple[dict[str, object], bytes]:
    """Return the head and the body of the output: the re-encoded picture or, with `widths`, its renditions.

    If the picture cannot be used, the head holds only `error`: picture_pixels, picture_format or picture_broken. Any
    unexpected exception of Pillow counts as a broken file.
    """
    from PIL import AvifImagePlugin, Image, UnidentifiedImageError

    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    warnings.simplefilter("error")  # Pillow warns about malformed files
    try:
        if widths:
            files = narrow(data, widths)
            return {"files": [(*file[:2], len(file[2])) for file in files]}, b"".join(file[2] for file in files)
        extension, width, height, painted = repaint(data)
    except (PictureTooLarge, Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        return {"error": "picture_pixels"}, b""
    except UnidentifiedImageError:
        return {"error": "picture_format"}, b""
    except Exception:  # Pillow raises SyntaxError, KeyError, IndexError, struct.error and warnings
        return {"error": "picture_broken"}, b""
    return {"extension": extension, "width": width, "height": height}, painted


def main() -> None:
    """Read the picture from standard input, and write its head and body (`answer`) to standard output."""
    limit_resources()
    sys.path.append(sys.argv[1])
    head, body = answer(sys.stdin.buffer.read(), [int(width) for width in sys.argv[2:]])
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
