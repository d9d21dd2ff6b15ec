"""Decodes one picture from standard input and writes it anew, or narrower, to standard output.

Run as a process of its own by `pictures.files`, by path and isolated (`python -I`), because a decoder is
what a hostile file attacks: it has bounds for memory and time, no environment, and may write no file.

Out: a line of JSON, {"error": code} or {"extension": …, "width": …, "height": …}, then the picture; where
widths were asked for, {"files": [[width, extension, bytes], …]}, then these files one after another.
Knows Pillow only. Its arguments are the folder that Pillow was found in, and widths.
"""

import io
import json
import resource
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Pillow is imported below, once the bounds stand
    from PIL import Image

MOST_PIXELS = 24_000_000
MOST_MEMORY = 2 * 1024**3
MOST_SECONDS = 40

# Pillow's name of each format we read: what it is kept as, under which extension, and how it is written.
# AVIF on one thread, so that the same picture gives the same bytes on every machine.
FORMATS = {
    "JPEG": ("JPEG", "jpg", {"quality": 88, "optimize": True, "progressive": True}),
    "MPO": ("JPEG", "jpg", {"quality": 88, "optimize": True, "progressive": True}),
    "PNG": ("PNG", "png", {"optimize": True}),
    "GIF": ("PNG", "png", {"optimize": True}),
    "WEBP": ("WEBP", "webp", {"quality": 85, "method": 4}),
    "AVIF": ("AVIF", "avif", {"quality": 75, "speed": 8, "max_threads": 1}),
}

# How a narrower copy is written. Of a drawing (kept as PNG) the letters have to stay sharp.
NARROW = {
    "avif": ("AVIF", {"quality": 55, "speed": 8, "max_threads": 1}),
    "webp": ("WEBP", {"quality": 78, "method": 4}),
}
NARROW_DRAWING = {
    "avif": ("AVIF", {"quality": 68, "speed": 8, "max_threads": 1, "subsampling": "4:4:4"}),
    "webp": ("WEBP", {"quality": 90, "method": 4}),
}


class Refused(Exception):
    """Raised when the picture is larger than we open."""


def bound_resources() -> None:
    """Lower this process's limits. Only ever downwards: an ordinary user may not raise a hard limit."""
    limits = (("AS", MOST_MEMORY), ("CPU", MOST_SECONDS), ("FSIZE", 0), ("CORE", 0))
    for name, value in limits:
        which = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(which)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        try:
            resource.setrlimit(which, (value, value))
        except (OSError, ValueError):  # macOS knows RLIMIT_AS and refuses to set it
            continue


def to_srgb(image: "Image.Image", profile: bytes) -> "Image.Image":
    """The picture in the colours of the web, since its own profile does not go along with it."""
    from PIL import ImageCms

    mode = "RGB" if image.mode == "CMYK" else image.mode
    try:
        return ImageCms.profileToProfile(image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile that is of no use harms nothing: most are sRGB anyway


def repaint(data: bytes) -> tuple[str, int, int, bytes]:
    """Return extension, width, height and bytes of the picture, painted anew on an empty canvas."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "GIF", "WEBP", "AVIF"]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Refused
        kept_as, extension, options = FORMATS[image.format]
        profile = image.info.get("icc_profile")
        image.load()
        upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith("I"):  # 16 bits of grey, which convert() would clip instead of scale
            upright = upright.convert("I").point(lambda value: value * (1 / 256)).convert("L")
        has_alpha = upright.has_transparency_data and kept_as != "JPEG"
        if upright.mode not in ("L", "RGB", "RGBA", "CMYK") or has_alpha:
            upright = upright.convert("RGBA" if has_alpha else "RGB")
        if profile and upright.mode != "L":
            upright = to_srgb(upright, profile)
        if upright.mode == "CMYK" or (upright.mode == "L" and kept_as in ("WEBP", "AVIF")):
            upright = upright.convert("RGB")
        canvas = Image.new(upright.mode, upright.size)
        canvas.paste(upright)
    out = io.BytesIO()
    canvas.save(out, kept_as, **options)
    return extension, canvas.width, canvas.height, out.getvalue()


def narrow(data: bytes, widths: list[int]) -> list[tuple[int, str, bytes]]:
    """Return width, extension and bytes of copies with these widths, those left out that are not below its own.

    For a picture that was painted anew already: it stands upright, in sRGB, in one of our formats.
    """
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    files = []
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "AVIF"]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Refused
        formats = NARROW_DRAWING if image.format == "PNG" else NARROW
        full = image.convert("RGBA" if image.has_transparency_data else "RGB")
    for width in sorted(widths):
        if width >= full.width:
            break
        height = max(1, round(full.height * width / full.width))
        copy = full.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        for extension, (kind, options) in formats.items():
            out = io.BytesIO()
            copy.save(out, kind, **options)
            files.append((width, extension, out.getvalue()))
    return files


def answer(data: bytes, widths: list[int]) -> tuple[dict[str, object], bytes]:
    """Return the head and the body of the answer. Whatever Pillow raises means that the file is broken."""
    from PIL import AvifImagePlugin, Image, UnidentifiedImageError

    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    warnings.simplefilter("error")  # a warning is how Pillow says that a file is not as it ought to be
    try:
        if widths:
            files = narrow(data, widths)
            return {"files": [(*file[:2], len(file[2])) for file in files]}, b"".join(file[2] for file in files)
        extension, width, height, painted = repaint(data)
    except (Refused, Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        return {"error": "picture_pixels"}, b""
    except UnidentifiedImageError:
        return {"error": "picture_format"}, b""
    except Exception:  # SyntaxError, KeyError, IndexError, struct.error, warnings: all were seen
        return {"error": "picture_broken"}, b""
    return {"extension": extension, "width": width, "height": height}, painted


def main() -> None:
    bound_resources()
    sys.path.append(sys.argv[1])
    head, body = answer(sys.stdin.buffer.read(), [int(width) for width in sys.argv[2:]])
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
