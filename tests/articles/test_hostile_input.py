"""Invalid input in the article's form: a clear error beside its field, nothing stored, nothing typed lost."""

import re
import struct
import zlib
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from articles.models import Article
from tests import newsroom
from tests.admin_forms import address, article_form, form_of, picture

TITLE = "Typed for an hour"
TABLES = "<table><tbody><tr><td>" * 200 + "deep" + "</td></tr></tbody></table>" * 200


def error(answer: HttpResponse, name: str) -> str:
    """Return the error beside a field."""
    found = re.search(rf'<ul class="errorlist"[^>]*id="id_{name}_error"[^>]*>(.*?)</ul>', answer.content.decode())
    return unescape(re.sub(r"<[^>]+>", "", found[1])) if found else ""


def png(width: int, height: int) -> bytes:
    """Return the header of a picture of that size with hardly any pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(3000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NO_PICTURES = {
    "words": (SimpleUploadedFile("notes.txt", b"Only words.", "text/plain"), "not a picture we can read"),
    "words called png": (SimpleUploadedFile("a.png", b"Only words.", "image/png"), "not a picture we can read"),
    "a page called png": (SimpleUploadedFile("a.png", b"<html><script>alert(1)", "image/png"), "not a picture"),
    "a drawing": (SimpleUploadedFile("a.svg", SVG, "image/svg+xml"), "Save an SVG drawing as PNG"),
    "a drawing called jpeg": (SimpleUploadedFile("a.jpg", SVG, "image/jpeg"), "Save an SVG drawing as PNG"),
    "nothing": (SimpleUploadedFile("a.png", b"", "image/png"), "This file is empty"),
    "too many pixels": (SimpleUploadedFile("a.png", png(30_000, 30_000), "image/png"), "more than 24 megapixels"),
    "half a picture": (SimpleUploadedFile("a.png", png(80, 90), "image/png"), "damaged or incomplete"),
    "a name that climbs": (SimpleUploadedFile("../../a.png", b"x", "image/png"), "not a picture we can read"),
}


@pytest.fixture
def writing(client, cast):
    """Return the client of the writer, signed in."""
    client.force_login(cast.writer)
    return client


@pytest.fixture
def article(cast) -> Article:
    return newsroom.draft(cast)


@pytest.fixture
def refused(writing, article):
    """Return a function that submits the form with a value and asserts that it is refused and nothing has changed."""

    def send(**typed) -> HttpResponse:
        answer = article_form(writing, article).send(writing, title=typed.pop("title", TITLE), **typed)
        assert answer.status_code == 200
        assert Article.objects.get().title == "Magnesium and sleep"
        assert article.revisions.count() == 1
        assert form_of(answer, "article_form").value("title")
        return answer

    return send


@pytest.mark.parametrize("name", ["body", "safety_note"])
def test_a_text_of_two_megabytes(refused, name):
    typed = "<p>magnesium</p>\n" * 125_000
    answer = refused(**{name: typed})

    assert "at most 200000 are possible" in error(answer, name)
    assert form_of(answer, "article_form").value("title") == TITLE
    assert form_of(answer, "article_form").value(name) == typed


def test_a_text_beyond_what_is_read_at_all(writing, article):
    answer = article_form(writing, article).send(writing, body="x" * 9_000_000)

    assert answer.status_code == 400
    assert "could not read this request" in answer.content.decode()
    assert article.revisions.count() == 1


def test_two_hundred_tables_in_each_other(refused):
    answer = refused(body=TABLES)

    assert "deep" in error(answer, "body") or "nested" in error(answer, "body")
    assert form_of(answer, "article_form").value("title") == TITLE
    assert form_of(answer, "article_form").value("body") == TABLES


def test_more_attributes_than_are_read(refused):
    answer = refused(body=f"<p {' '.join(f'a{serial}=1' for serial in range(5_000))}>Hush</p>")

    assert "attributes" in error(answer, "body")


def test_a_title_of_three_hundred_characters(refused):
    answer = refused(title="x" * 300, standfirst="Typed, too.")

    assert "at most 200 characters" in error(answer, "title")
    assert form_of(answer, "article_form").value("title") == "x" * 300
    assert form_of(answer, "article_form").value("standfirst") == "Typed, too."


def test_every_error_is_said_at_once(refused):
    answer = refused(title="x" * 300, slug="a/b", hero_alt="x" * 300, body=TABLES)

    assert all(error(answer, name) for name in ("title", "slug", "hero_alt", "body"))


@pytest.mark.parametrize("slug", ["sleep/tonight", "sleep tonight", "../admin", "schlaf-ü", "a?b", "<b>", "a" * 101])
def test_an_address_that_is_none(refused, slug):
    answer = refused(slug=slug)

    assert error(answer, "slug")
    assert form_of(answer, "article_form").value("slug") == slug


def test_an_address_that_is_taken(writing, cast, article):
    answer = article_form(writing).send(writing, title=TITLE, slug=article.slug)

    assert "already exists" in error(answer, "slug")
    assert Article.objects.count() == 1


def test_an_empty_form_says_what_it_needs(writing, cast):
    answer = article_form(writing).send(writing)

    assert error(answer, "title") == error(answer, "slug") == "This field is required."
    assert not Article.objects.exists()


def test_title_and_address_are_enough_to_begin(writing, cast):
    article_form(writing).send(writing, title=TITLE, slug="typed")

    assert (Article.objects.get().stage, Article.objects.get().body) == ("draft", "")


@pytest.mark.parametrize("title", ["   ", "\x01\x02", "\u202e\u2066", "\ufeff"])
def test_a_title_of_nothing_that_can_be_seen(writing, cast, title):
    answer = article_form(writing).send(writing, title=title, slug="typed")

    assert error(answer, "title")
    assert not Article.objects.exists()


def test_a_null_character_is_refused_beside_the_title(refused):
    assert "Null characters" in error(refused(title="Mag\x00nesium"), "title")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Mag\x01ne\x08sium\x7f\x9b", "Magnesium"),
        ("Magnesium\x0band\x0csleep", "Magnesium and sleep"),
        ("Magnesium\u2028and\u2029sleep\x85now", "Magnesium and sleep now"),
        ("Schlaf \u202egpj.exe\u202c", "Schlaf gpj.exe"),
        ("Sleep 😴 and 👩‍🔬", "Sleep 😴 and 👩‍🔬"),
        ("Cafe\u0301", "Café"),
    ],
)
def test_a_title_is_kept_as_a_line_that_every_email_and_feed_can_carry(writing, article, typed, kept):
    article_form(writing, article).send(writing, title=typed, standfirst="Changed.")

    assert Article.objects.get().title == article.revisions.first().title == kept


@pytest.mark.parametrize("file", NO_PICTURES)
def test_a_picture_that_is_none_is_refused_beside_its_field(refused, settings, file):
    upload, said = NO_PICTURES[file]
    upload.seek(0)
    answer = refused(hero_image=upload, hero_alt="A bowl of nuts", body="<p>Typed.</p>")
    form = form_of(answer, "article_form")

    assert said in error(answer, "hero_image")
    assert (form.value("title"), form.value("hero_alt"), form.value("body")) == (
        TITLE,
        "A bowl of nuts",
        "<p>Typed.</p>",
    )
    assert not Article.objects.get().hero_image
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_picture_beside_another_error_is_not_stored(refused, settings):
    refused(hero_image=picture(), slug="a/b")

    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize("total", ["5000", "999999999999", "many", ""])
def test_a_number_of_rows_that_nobody_types(refused, total):
    answer = refused(**{"article_sources-TOTAL_FORMS": total})

    assert "errorlist" in answer.content.decode()
    assert form_of(answer, "article_form").value("title") == TITLE


def test_five_thousand_rows_in_full(writing, article, cast):
    form = article_form(writing, article).put(title=TITLE, **{"article_sources-TOTAL_FORMS": "5001"})
    for serial in range(1, 5_001):
        form.data[f"article_sources-{serial}-source"] = cast.source.pk
    answer = form.send(writing)

    assert answer.status_code == 400
    assert "could not read this request" in answer.content.decode()
    assert article.article_sources.count() == article.revisions.count() == 1


def test_the_same_source_twice_is_said(writing, article, cast):
    form = article_form(writing, article).add_row("article_sources", source=cast.source.pk)
    answer = form.send(writing, title=TITLE)

    assert "Please correct the duplicate" in answer.content.decode()
    assert form_of(answer, "article_form").value("title") == TITLE
    assert article.revisions.count() == 1


@pytest.mark.parametrize("choice", ["999999", "x", "<script>", "1;DROP TABLE", "-1"])
def test_a_source_that_is_not_there(writing, article, choice):
    answer = article_form(writing, article).add_row("article_sources", source=choice).send(writing, title=TITLE)

    assert error(answer, "article_sources-1-source")
    assert article.article_sources.count() == 1


@pytest.mark.parametrize("number", ["0", "x", "%00", "9" * 40, "1'--", "__"])
def test_an_article_that_is_not_there(writing, article, number):
    place = address(article).replace(f"/{article.pk}/", f"/{number}/")

    assert writing.get(place).status_code in (302, 404)
    assert writing.post(place, {"title": TITLE}).status_code in (302, 404)


@pytest.mark.parametrize("version", ["x", "-1", "9" * 40, "1; DROP"])
def test_a_version_that_is_none_saves_nothing(refused, version):
    refused(seen_version=version)


def test_a_form_that_is_no_form(writing, article):
    answer = writing.post(address(article), b"\xff\xfe{", content_type="application/json")

    assert answer.status_code in (200, 302, 400)
    assert article.revisions.count() == 1


@pytest.mark.parametrize(
    "place",
    [
        *("articles/article/pick/sources/?q=", "articles/article/pick/articles/?q=", "pictures/picture/pick/?q="),
        *("articles/article/session/?slug=", "articles/article/pick/duplicates/?title="),
        "articles/article/pick/duplicates/?doi=",
    ],
)
def test_what_is_looked_for_may_hold_signs_that_no_table_takes(client, cast, place):
    client.force_login(cast.editor)
    assert client.get(f"/admin/{place}mag%00nesium%0B%ED%A0%80").status_code == 200


def test_a_source_to_merge_into_may_be_named_with_such_signs(client, cast):
    client.force_login(cast.editor)
    answer = client.get(f"/admin/sources/source/{cast.source.pk}/merge/?into=nobody%00")
    assert answer.status_code == 404
