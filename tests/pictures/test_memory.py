"""The largest pictures that are accepted are decoded and written within 350 MB of memory, in every format."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import PIL
import pytest
from PIL import Image

from pictures import decoder

MOST_MEGABYTES = 350
SIZE = (6000, 4000)
# Format and mode of a picture, and those in which it is stored.
CASES = {
    ("JPEG", "RGB"): ("JPEG", "RGB"),
    ("JPEG", "CMYK"): ("JPEG", "RGB"),
    ("PNG", "RGB"): ("PNG", "RGB"),
    ("WEBP", "RGB"): ("JPEG", "RGB"),
    ("WEBP", "RGBA"): ("PNG", "RGBA"),
    ("AVIF", "RGBA"): ("PNG", "RGBA"),
}
# A gradient, so that no encoder can leave out most of the picture, to be turned by a quarter.
WRITE = """
import sys
from PIL import Image
path, kind, mode = sys.argv[1:]
exif = Image.Exif()
exif[0x0112] = 6
picture = Image.merge("RGB", [Image.linear_gradient("L").rotate(90 * turn) for turn in range(3)]).resize((6000, 4000))
if mode == "RGBA":
    picture.putalpha(99)
fast = {"WEBP": {"method": 0}, "AVIF": {"speed": 10}, "PNG": {"compress_level": 1}}.get(kind, {})
picture.convert(mode).save(path, kind, exif=exif, **fast)
"""


# Runs a command between two files and prints the most memory that it had, in kilobytes.
MEASURE = """
import os, subprocess, sys
source, target, *command = sys.argv[1:]
with open(source, "rb") as read:
    child = subprocess.Popen(command, stdin=read, stdout=subprocess.PIPE)  # it may write no files
answer = child.stdout.read()
print(os.wait4(child.pid, 0)[2].ru_maxrss)
with open(target, "wb") as written:
    written.write(answer)
"""


def decoded(file: Path, *widths: int) -> tuple[bytes, bytes, int]:
    """Return head and body of the decoder's answer, and the most memory that its process had (MB).

    A small process starts and measures the decoder: the memory of a process that starts another counts as used by it.
    """
    answer = file.with_name("answer")
    command = [sys.executable, "-I", "-B", decoder.__file__, str(Path(PIL.__file__).parent.parent), *map(str, widths)]
    measure = [sys.executable, "-I", "-c", MEASURE, str(file), str(answer), *command]
    used = int(subprocess.run(measure, check=True, capture_output=True, text=True).stdout)
    head, _, body = answer.read_bytes().partition(b"\n")
    return head, body, used // 1024


@pytest.fixture(scope="module")
def stored(tmp_path_factory) -> Callable[[str, str], tuple[bytes, Path, int]]:
    """Return a function that stores a picture of 24 megapixels, once for each format and mode.

    It returns the head of the decoder's answer, the stored picture and the most memory that the decoder had (MB).
    """

    @cache
    def store(kind: str, mode: str) -> tuple[bytes, Path, int]:
        file = tmp_path_factory.mktemp("stored") / "picture"
        subprocess.run([sys.executable, "-c", WRITE, str(file), kind, mode], check=True)
        head, picture, used = decoded(file)
        file.write_bytes(picture)
        return head, file, used

    return store


@pytest.mark.parametrize(("kind", "mode"), CASES)
def test_a_picture_of_24_megapixels_is_stored_with_no_more_than_350_megabytes(kind, mode, stored):
    assert SIZE[0] * SIZE[1] == decoder.MOST_PIXELS
    head, file, used = stored(kind, mode)
    assert b'"width": 4000, "height": 6000' in head and used <= MOST_MEGABYTES, (head, used)
    with Image.open(file) as picture:
        assert (picture.format, picture.mode) == CASES[kind, mode]


@pytest.mark.parametrize(("kind", "mode"), {stored_as: case for case, stored_as in CASES.items()}.values())
def test_the_renditions_of_a_stored_picture_need_no_more_than_350_megabytes(kind, mode, stored):
    """One picture for each format and mode in which pictures are stored."""
    head, files, used = decoded(stored(kind, mode)[1], 400, 800)
    assert b'[800, "webp"' in head and used <= MOST_MEGABYTES, (head, used)


def test_the_renditions_of_a_tall_picture_need_no_more_than_350_megabytes(tmp_path):
    file = tmp_path / "picture"
    Image.linear_gradient("L").resize((1700, 14000)).convert("RGB").save(file, "JPEG")

    head, files, used = decoded(file, 400, 1600)
    assert used <= MOST_MEGABYTES, (head, used)
    *_, (width, extension, length) = json.loads(head)["files"]
    assert (width, extension) == (1600, "webp")
    with Image.open(io.BytesIO(files[-length:])) as rendition:
        assert rendition.width * rendition.height == pytest.approx(decoder.LARGE, rel=0.01)
        assert rendition.height / rendition.width == pytest.approx(14000 / 1700, rel=0.01)


@pytest.mark.parametrize(
    ("kind", "mode", "stored_as"),
    [("WEBP", "RGB", "jpg"), ("WEBP", "RGBA", "png"), ("AVIF", "RGB", "jpg"), ("PNG", "RGB", "png")],
)
def test_a_large_picture_is_stored_in_a_format_that_is_quickly_written_and_keeps_its_transparency(
    kind, mode, stored_as, monkeypatch
):
    monkeypatch.setattr(decoder, "LARGE", 99)
    out = io.BytesIO()
    Image.new(mode, (20, 10), (200, 10, 10, 99)[: len(mode)]).save(out, kind)
    extension, width, height, data = decoder.repaint(out.getvalue())
    assert (extension, width, height) == (stored_as, 20, 10)
    red, *_, alpha = Image.open(io.BytesIO(data)).convert("RGBA").getpixel((5, 5))
    assert abs(red - 200) < 6 and alpha == (99 if mode == "RGBA" else 255)
