"""Narrower copies: name and width determine which there are; the limited decoder makes each of them once."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.http import Http404
from django.test import RequestFactory
from PIL import ExifTags, Image

from pictures.content_storage import ContentStorage
from pictures.files import PreparedFile, prepare_picture
from pictures.renditions import (
    TYPES,
    make_widths,
    names_of_copies,
    rendition_widths,
    sources_for,
    thumbnail,
)
from pictures.views import media

HASH = "0a" * 32


pytestmark = pytest.mark.django_db  # a copy is made with the record of its digest


def written(size: tuple[int, int], kind: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """Return a blue picture with a red left half."""
    image = Image.new(mode, size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def store(data: bytes) -> tuple[str, int]:
    """Prepare and store a picture as a picture field does; return its name and width."""
    file = PreparedFile(prepare_picture(data))
    return ContentStorage().save(f"pictures/{file.name}", file), file.width


def opened(name: str) -> Image.Image:
    with ContentStorage().open(name) as file:
        return Image.open(io.BytesIO(file.read())).convert("RGBA")


def test_a_picture_has_narrower_copies_and_one_of_its_own_width_up_to_the_widest():
    assert rendition_widths(800) == [400, 800]
    assert rendition_widths(799) == [400, 799]
    assert rendition_widths(1600) == rendition_widths(4000) == [400, 800, 1200, 1600]
    assert rendition_widths(400) == rendition_widths(0) == []


def test_the_names_of_the_copies_follow_from_the_name_and_the_width():
    assert names_of_copies(f"pictures/{HASH}.jpg", 900) == [
        f"pictures/{HASH}-400.avif",
        f"pictures/{HASH}-400.webp",
        f"pictures/{HASH}-800.avif",
        f"pictures/{HASH}-800.webp",
        f"pictures/{HASH}-900.avif",
        f"pictures/{HASH}-900.webp",
    ]


def test_the_sources_of_a_picture_are_the_best_format_first_each_with_its_widths():
    best, other = sources_for(f"pictures/{HASH}.png", 800)
    assert (best.type, other.type) == ("image/avif", "image/webp")
    assert best.srcset == f"/media/pictures/{HASH}-400.avif 400w, /media/pictures/{HASH}-800.avif 800w"
    assert best.sizes == "(min-width: 48rem) 44rem, 100vw"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "pictures/cat.jpg",
        f"pictures/{HASH}.svg",
        f"pictures/{HASH}-400.avif",
        f"pictures/{HASH}.jpg\n",
        f"pictures/../{HASH}.jpg",
        f"/media/pictures/{HASH}.jpg",
        f"pictures/{HASH}.jpg 1w, https://evil.example/x",
    ],
)
def test_a_foreign_name_has_no_copies(name):
    assert names_of_copies(name, 2000) == sources_for(name, 2000) == []


def test_a_small_picture_is_its_own_thumbnail():
    assert thumbnail(f"pictures/{HASH}.jpg", 300) == f"pictures/{HASH}.jpg"
    assert thumbnail(f"pictures/{HASH}.jpg", 500) == f"pictures/{HASH}-400.webp"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_copy_is_made_in_its_width_and_shows_the_same(kind):
    name, width = store(written((900, 450), kind))
    assert make_widths(name, width) == names_of_copies(name, width)
    for each in (400, 800, 900):
        for extension in TYPES:
            copy = opened(f"{name.rpartition('.')[0]}-{each}.{extension}")
            assert copy.size == (each, each // 2)
            red, green, blue, alpha = copy.getpixel((20, 20))
            assert red > 200 > 80 > max(green, blue)
            assert alpha == 255


def test_a_copy_stays_transparent():
    image = Image.new("RGBA", (900, 450), (0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    name, width = store(out.getvalue())
    assert {opened(copy).getpixel((9, 9))[3] for copy in make_widths(name, width)} == {0}


@pytest.mark.parametrize(("mode", "kind"), [("L", "JPEG"), ("L", "PNG"), ("CMYK", "JPEG"), ("P", "PNG")])
def test_every_kind_of_colours_has_copies(mode, kind):
    image = Image.new("RGB", (500, 300), "red").convert(mode)
    out = io.BytesIO()
    image.save(out, kind)
    name, width = store(out.getvalue())
    assert len(make_widths(name, width)) == 4


def test_a_strip_of_one_pixel_has_copies():
    name, width = store(written((1700, 1)))
    assert {opened(copy).height for copy in make_widths(name, width)} == {1}


def test_copies_are_made_once_and_then_only_those_that_are_missing():
    name, width = store(written((900, 450)))
    made = make_widths(name, width)
    storage = ContentStorage()
    kept = {copy: Path(storage.path(copy)).read_bytes() for copy in made}
    assert make_widths(name, width) == []
    Path(storage.path(made[1])).unlink()
    assert make_widths(name, width) == [made[1]]
    assert {copy: Path(storage.path(copy)).read_bytes() for copy in made} == kept


def test_place_and_camera_are_in_no_copy():
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "Camera of Jane Roe"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (52.0, 31.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0)})
    data = written((900, 450), exif=exif)
    assert b"Jane Roe" in data
    name, width = store(data)
    for copy in make_widths(name, width):
        stored = Path(ContentStorage().path(copy)).read_bytes()
        assert b"Jane Roe" not in stored
        assert b"Exif" not in stored
        assert not Image.open(io.BytesIO(stored)).getexif()


def test_a_file_that_is_no_picture_is_refused_and_leaves_nothing():
    name = ContentStorage().save(f"pictures/{HASH}.jpg", ContentFile(b"<svg onload=alert(1)>"))
    with pytest.raises(ValidationError):
        make_widths(name, 900)
    assert [path.name for path in Path(ContentStorage().path("pictures")).iterdir()] == [f"{HASH}.jpg"]


def test_a_picture_that_is_gone_is_told():
    with pytest.raises(FileNotFoundError):
        make_widths(f"pictures/{HASH}.jpg", 900)


def answer(name: str):
    response = media(RequestFactory().get(f"/media/{name}"), name)
    with response.file_to_stream:
        return response, b"".join(response)


def test_a_copy_is_served_for_good_with_its_own_type():
    name, width = store(written((900, 450)))
    make_widths(name, width)
    copy = names_of_copies(name, width)[0]
    response, body = answer(copy)
    assert response["Content-Type"] == "image/avif"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert body == Path(ContentStorage().path(copy)).read_bytes()


def test_in_place_of_a_missing_copy_the_picture_itself_is_served_for_a_while():
    name, width = store(written((900, 450), "PNG"))
    response, body = answer(names_of_copies(name, width)[0])
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=60"
    assert body == Path(ContentStorage().path(name)).read_bytes()


@pytest.mark.parametrize(
    "rest",
    ["-400.jpg", "-40.avif", "-40000.avif", "-0400.avif", "-400-800.avif", "-400.avif.part", "-400.webp\n", "-400"],
)
def test_no_other_copy_is_served(rest):
    name, _ = store(written((900, 450)))
    with pytest.raises(Http404):
        answer(name.removesuffix(".jpg") + rest)


def test_a_copy_of_a_picture_that_was_never_stored_is_not_there():
    with pytest.raises(Http404):
        answer(f"pictures/{HASH}-400.avif")
