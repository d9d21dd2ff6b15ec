"""Stored pictures in templates: modern formats, several widths, a known size, and which one is loaded first."""

import io
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.template import Context, Template
from PIL import Image

from pictures.content_storage import ContentStorage
from pictures.files import PreparedFile, prepare_picture
from pictures.sizes import size_of


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def stored(width: int, height: int) -> SimpleNamespace:
    """Return a picture as a field stores it."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG")
    file = PreparedFile(prepare_picture(out.getvalue()))
    name = ContentStorage().save(f"pictures/{file.name}", ContentFile(file.read()))
    return SimpleNamespace(name=name, url=f"/media/{name}")


def tags(file, more: str = "") -> list[tuple[str, dict[str, str | None]]]:
    html = Template(f"{{% load pictures %}}{{% picture file {more} %}}").render(Context({"file": file}))
    return Tags(html).found


def test_a_wide_picture_is_offered_in_modern_formats_and_several_widths():
    file = stored(900, 500)
    (_, avif, webp, (_, image)) = tags(file, 'alt="A jar" sizes="50vw"')

    stem = file.url.removesuffix(".png")
    assert avif == (
        "source",
        {
            "type": "image/avif",
            "srcset": f"{stem}-400.avif 400w, {stem}-800.avif 800w, {stem}-900.avif 900w",
            "sizes": "50vw",
        },
    )
    assert webp[1]["type"] == "image/webp"
    assert image == {
        "src": file.url, "alt": "A jar", "width": "900", "height": "500", "loading": "lazy", "decoding": "async",
    }  # fmt: skip


def test_a_narrow_picture_stands_alone():
    assert [tag for tag, _ in tags(stored(90, 50))] == ["img"]


def test_the_first_picture_is_loaded_before_all_else():
    *_, (_, image) = tags(stored(900, 500), "is_first=True")
    assert image["fetchpriority"] == "high" and "loading" not in image


def test_the_picture_that_a_page_begins_with_is_asked_for_in_the_head():
    html = Template('{% load pictures %}{% preload file "100vw" %}').render(Context({"file": stored(900, 500)}))
    ((tag, said),) = Tags(html).found
    best = tags(stored(900, 500))[1][1]

    assert (tag, said["rel"], said["as"], said["imagesizes"]) == ("link", "preload", "image", "100vw")
    assert said["type"] == best["type"] == "image/avif" and said["imagesrcset"] == best["srcset"]
    assert Template("{% load pictures %}{% preload file %}").render(Context({"file": stored(300, 200)})) == ""


def test_a_size_that_is_known_is_not_read(monkeypatch):
    monkeypatch.setattr("pictures.templatetags.pictures.size_of", None)
    *_, (_, image) = tags(stored(900, 500), "width=900 height=500")
    assert (image["width"], image["height"]) == ("900", "500")


def test_a_picture_that_is_not_there_is_named_without_a_size():
    gone = SimpleNamespace(name=f"pictures/{'0b' * 32}.jpg", url="/media/x.jpg")
    assert tags(gone) == [("img", {"src": "/media/x.jpg", "alt": "", "loading": "lazy", "decoding": "async"})]


def test_an_alternative_text_stays_text():
    html = Template("{% load pictures %}{% picture file alt=alt %}").render(
        Context({"file": stored(90, 50), "alt": '"><script>'})
    )
    assert "<script" not in html


def test_a_size_is_read_once(monkeypatch):
    file = stored(90, 50)
    assert size_of(file.name) == (90, 50)
    monkeypatch.setattr("pictures.sizes.get_image_dimensions", lambda file: 1 / 0)
    assert size_of(file.name) == (90, 50)


def test_a_missing_picture_is_looked_for_again():
    file = stored(91, 50)
    path = ContentStorage().path(file.name)
    with open(path, "rb") as opened:
        data = opened.read()
    with open(path, "wb") as opened:
        opened.write(b"not a picture")
    assert size_of(file.name) is None
    with open(path, "wb") as opened:
        opened.write(data)
    assert size_of(file.name) == (91, 50)


@pytest.mark.parametrize("name", ["", "a.webp", "../settings.py", "pictures/../x.jpg", "pictures/x.jpg"])
def test_the_size_of_what_is_not_ours_is_not_asked(name):
    assert size_of(name) is None
