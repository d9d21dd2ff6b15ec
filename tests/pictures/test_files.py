"""Pictures are decoded in a separate process, encoded anew, and named by their content."""

import io
import random
import re
import struct
import subprocess
import zlib

import pytest
from django.core.exceptions import ValidationError
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from pictures import files
from pictures.files import PreparedFile, content_name, prepare_picture

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif"}


def painted(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Return a blue picture with a red square at the top left."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, 20, 20))
    return image.convert(mode)


def written(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def is_red(image: Image.Image, place: tuple[int, int]) -> bool:
    red, green, blue = image.convert("RGB").getpixel(place)
    return red > 200 and green < 60 and blue < 60


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that declares a size and has no content."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def code_of(data: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        prepare_picture(data)
    return caught.value.code


@pytest.mark.parametrize(("kind", "extension"), FORMATS.items())
def test_a_picture_stays_in_its_own_format(kind, extension):
    picture = prepare_picture(written(painted(), kind))
    image = opened(picture.data)
    assert (image.format, picture.extension) == (kind, extension)
    assert image.size == (picture.width, picture.height) == (60, 40)
    assert is_red(image, (10, 10))
    assert not is_red(image, (50, 30))


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_picture_gives_the_same_bytes(kind):
    data = written(painted(), kind)
    assert prepare_picture(data) == prepare_picture(data)


@pytest.mark.parametrize("kind", FORMATS)
def test_place_and_camera_are_gone_and_the_picture_stands_upright(kind):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # the camera was held on its side
    exif[ExifTags.Base.Model] = "Camera of Jane Roe"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (52.0, 31.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0)})
    data = written(painted(), kind, exif=exif)
    assert b"Jane Roe" in data
    picture = prepare_picture(data)
    image = opened(picture.data)
    assert (picture.width, picture.height) == image.size == (40, 60)
    assert is_red(image, (30, 10))
    assert not image.getexif()
    assert b"Jane Roe" not in picture.data
    assert b"Exif" not in picture.data


def test_comments_and_text_chunks_are_gone():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Jane Roe")
    assert b"Jane Roe" not in prepare_picture(written(painted(), "PNG", pnginfo=notes)).data
    assert b"Jane Roe" not in prepare_picture(written(painted(), "JPEG", comment=b"Jane Roe")).data


@pytest.mark.parametrize("kind", FORMATS)
def test_what_hangs_behind_the_picture_is_gone(kind):
    picture = prepare_picture(written(painted(), kind) + b"<svg><script>alert(1)</script></svg>")
    assert b"script" not in picture.data


def test_a_colour_profile_is_applied_and_gone():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind, mode in (("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGBA")):
        image = opened(prepare_picture(written(painted(mode), kind, icc_profile=profile)).data)
        assert "icc_profile" not in image.info
        assert is_red(image, (10, 10))


def test_a_picture_in_other_colours_looks_as_it_did():
    # A profile in which red and green are swapped.
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for old, new in ((b"rXYZ", b"xxxx"), (b"gXYZ", b"rXYZ"), (b"xxxx", b"gXYZ")):
        profile = profile.replace(old, new, 1)
    image = painted("RGBA")
    image.putalpha(128)
    result = opened(prepare_picture(written(image, "PNG", icc_profile=bytes(profile))).data)
    red, green, blue, alpha = result.getpixel((10, 10))
    assert green > 200 > 60 > red
    assert alpha == 128


def test_a_colour_profile_that_is_none_harms_nothing():
    assert is_red(opened(prepare_picture(written(painted(), "PNG", icc_profile=b"no profile")).data), (10, 10))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_transparency_stays(kind):
    image = painted("RGBA")
    image.paste((0, 0, 0, 0), (40, 20, 60, 40))
    result = opened(prepare_picture(written(image, kind)).data)
    assert result.mode == "RGBA"
    assert result.getpixel((50, 30))[3] == 0
    assert result.getpixel((10, 10))[3] == 255


def test_of_a_gif_the_first_frame_is_kept_as_png():
    second = Image.new("RGB", (60, 40), "green")
    picture = prepare_picture(written(painted(), "GIF", save_all=True, append_images=[second]))
    image = opened(picture.data)
    assert (image.format, picture.extension) == ("PNG", "png")
    assert is_red(image, (10, 10))


def test_of_a_telephones_double_picture_the_first_is_kept_as_jpeg():
    picture = prepare_picture(written(painted(), "MPO", save_all=True, append_images=[painted("L")]))
    assert (opened(picture.data).format, picture.extension) == ("JPEG", "jpg")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_of_a_moving_picture_the_first_frame_is_kept(kind):
    data = written(painted(), kind, save_all=True, append_images=[Image.new("RGB", (60, 40), "green")])
    image = opened(prepare_picture(data).data)
    assert getattr(image, "n_frames", 1) == 1
    assert is_red(image, (10, 10))


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        *(("L", "JPEG"), ("CMYK", "JPEG"), ("L", "WEBP"), ("L", "AVIF")),
        *(("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("P", "PNG")),
    ],
)
def test_every_kind_of_colours_is_read(mode, kind):
    picture = prepare_picture(written(painted(mode), kind))
    assert opened(picture.data).mode in ("L", "RGB", "RGBA")


def test_sixteen_bits_of_grey_are_scaled_to_eight():
    image = Image.new("I;16", (4, 4), 0x8000)
    assert opened(prepare_picture(written(image, "PNG")).data).getpixel((1, 1)) == 0x80


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>',
        b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<!doctype html><title>cat.png</title><script>alert(1)</script>",
        b"%PDF-1.7\n",
        b"MZ\x90\x00",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"x",
        written(painted(), "BMP"),
        written(painted(), "TIFF"),
    ],
    ids=["svg", "svg with prolog", "html", "pdf", "exe", "heic", "one byte", "bmp", "tiff"],
)
def test_what_is_no_picture_of_ours_is_refused_and_told_what_is(data):
    with pytest.raises(ValidationError) as caught:
        prepare_picture(data)
    assert caught.value.code == "picture_format"
    for name in ("JPEG", "PNG", "WebP", "AVIF", "SVG", "HEIC"):
        assert name in caught.value.messages[0]


@pytest.mark.parametrize("kind", [*FORMATS, "GIF"])
def test_a_picture_that_breaks_off_is_broken(kind):
    data = written(Image.effect_noise((200, 200), 90).convert("RGB"), kind)
    assert code_of(data[: len(data) // 2]) == "picture_broken"
    assert code_of(data[:20]) == "picture_broken"


def test_a_damaged_picture_is_a_picture_or_a_clear_error():
    chance = random.Random(1)
    for kind in [*FORMATS, "GIF"] * 3:
        data = bytearray(written(painted(), kind))
        for _ in range(8):
            data[chance.randrange(12, len(data))] = chance.randrange(256)
        try:
            prepare_picture(bytes(data))
        except ValidationError as error:
            assert error.code in files.MESSAGES


def test_an_empty_file_is_refused():
    assert code_of(b"") == "picture_empty"


def test_a_file_of_too_many_bytes_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", 1_000)
    monkeypatch.setattr(subprocess, "run", None)
    assert code_of(b"\xff\xd8\xff" + b"x" * 1_000) == "picture_too_large"


@pytest.mark.parametrize("size", [(30_000, 30_000), (6_000, 4_001), (24_000_001, 1), (1, 24_000_001)])
def test_a_picture_that_claims_too_many_pixels_is_refused_by_its_header(size):
    assert code_of(png_header(*size)) == "picture_pixels"


@pytest.mark.parametrize("code", files.MESSAGES)
def test_every_message_is_a_sentence_that_says_what_to_do(code):
    message = files._refusal(code).messages[0]
    assert message.endswith(".")
    assert re.search(r"Choose|Save|Use|save", message)
    assert "%" not in message


def test_a_name_is_the_hash_of_the_content():
    assert content_name(b"", "png") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.png"


def test_a_prepared_file_has_its_name_and_its_size():
    file = PreparedFile(prepare_picture(written(painted(), "PNG")))
    assert (file.name, file.width, file.height) == (content_name(file.read(), "png"), 60, 40)
