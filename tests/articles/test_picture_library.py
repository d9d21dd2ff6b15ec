"""The library of pictures: who may put what in, what it finds again, and what no request gets past it."""

import struct
import zlib
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from PIL import ExifTags, Image

from articles import pictures
from articles.admin import picture_uploads
from articles.exceptions import NotPermitted
from articles.models import Picture
from betterment.picture_widths import names_of_copies
from betterment.pictures import ContentStorage
from tests import newsroom
from tests.admin_forms import form_of
from tests.articles.photos import WORDS, add, figure, photograph

UPLOAD = reverse("admin:articles_picture_upload")
PICK = reverse("admin:articles_picture_pick")
LIST = reverse("admin:articles_picture_changelist")
ADD = reverse("admin:articles_picture_add")


@pytest.fixture(autouse=True)
def no_uploads_so_far():
    cache.clear()
    yield
    cache.clear()


def send(client, data: bytes, name: str = "a.jpg", **words: str):
    return client.post(UPLOAD, {**WORDS, **words, "image": SimpleUploadedFile(name, data, "image/jpeg")})


def address(picture: Picture, page: str = "change") -> str:
    return reverse(f"admin:articles_picture_{page}", args=[picture.pk])


@pytest.fixture
def writing(client, cast):
    """The browser of the writer."""
    client.force_login(cast.writer)
    return client


@pytest.fixture
def editing(client, cast):
    """The browser of the editor."""
    client.force_login(cast.editor)
    return client


# Putting one in


def test_an_upload_answers_with_all_that_a_text_needs(writing, cast):
    answer = send(writing, photograph((900, 600)))
    picture = Picture.objects.get()

    assert answer.status_code == 201
    assert answer.json() == {
        "id": picture.pk,
        "url": picture.url,
        "thumbnail": picture.url.replace(".jpg", "-400.webp"),
        "alt": "A bowl of almonds.",
        "caption": "Rich in magnesium.",
        "credit": "Photo: Jane Doe",
        "width": 900,
        "height": 600,
        "page": address(picture),
    }
    assert picture.uploaded_by == cast.writer
    assert picture.history.get().history_user == cast.writer


def test_an_upload_has_its_narrower_copies_at_once(writing):
    send(writing, photograph((900, 600)))
    copies = names_of_copies(Picture.objects.get().image.name, 900)

    assert len(copies) == 4
    assert all(ContentStorage().exists(copy) for copy in copies)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_every_format_that_we_read_is_taken(writing, kind):
    assert send(writing, photograph(kind=kind)).status_code == 201


def test_the_same_file_twice_is_one_picture_and_who_sends_it_is_told(writing, cast):
    first = send(writing, photograph()).json()
    writing.force_login(cast.editor)
    again = send(writing, photograph(), "other name.jpg", alternative_text="Something else.")

    assert again.status_code == 200
    assert again.json()["id"] == first["id"]
    assert again.json()["alt"] == "A bowl of almonds."
    assert "has this picture already" in again.json()["known"]
    assert Picture.objects.get().uploaded_by == cast.writer


def test_of_two_who_send_the_same_file_at_once_the_first_wins(cast, monkeypatch):
    known = add(cast.writer)
    found = iter([None, known])
    monkeypatch.setattr(pictures, "find", lambda prepared: next(found))

    assert pictures.add(actor=cast.editor, file=ContentFile(photograph()), **WORDS) == (known, False)
    assert Picture.objects.count() == 1


def test_what_is_in_the_archive_does_not_come_back_by_an_upload(writing, cast):
    Picture.objects.filter(pk=add(cast.editor).pk).update(is_archived=True)
    answer = send(writing, photograph())

    assert answer.status_code == 400
    assert "is in the archive (“A bowl of almonds.”)" in answer.json()["error"]


@pytest.mark.parametrize("field", ["alternative_text", "credit"])
@pytest.mark.parametrize("value", ["", "  ", "\u200b\x00"])
def test_alternative_text_and_credit_are_asked_for(writing, field, value):
    answer = send(writing, photograph(), **{field: value})

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert not Picture.objects.exists()


@pytest.mark.parametrize("field", ["alternative_text", "credit"])
@pytest.mark.django_db
def test_the_table_takes_no_picture_without_words(cast, field):
    picture = add(cast.writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.filter(pk=picture.pk).update(**{field: ""})


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not a picture we can read"),
        (b"<!doctype html><script>alert(1)</script>", "not a picture we can read"),
        (png_header(30_000, 30_000), "megapixels"),
        (photograph()[:200], "damaged"),
        (photograph((10_001, 1)), "a side of more than 10,000 pixels"),
    ],
    ids=["empty", "svg", "html", "30,000 x 30,000", "broken", "too long"],
)
def test_what_is_no_picture_for_us_is_refused_with_a_reason_and_stored_nowhere(writing, settings, data, message):
    answer = send(writing, data, "cat.jpg")

    assert answer.status_code == 400
    assert message in answer.json()["error"]
    assert not Picture.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_place_and_camera_are_in_nothing_that_is_stored(writing, settings):
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "Camera of Jane Roe"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (52.0, 31.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0)})
    data = photograph((900, 600), exif=exif)
    assert b"Jane Roe" in data
    assert send(writing, data).status_code == 201
    stored = [path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]

    assert len(stored) == 5
    assert not any(b"Jane Roe" in each or b"Exif" in each for each in stored)


def test_nobody_sends_more_than_anybody_would_by_hand(writing, monkeypatch):
    monkeypatch.setattr(picture_uploads, "MOST_UPLOADS", 2)
    answers = [send(writing, photograph(colour=colour)).status_code for colour in ("red", "green", "blue")]

    assert answers == [201, 201, 429]
    assert writing.post(ADD, WORDS).status_code == 429
    assert Picture.objects.count() == 2


def test_an_upload_without_a_token_is_refused(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.writer)

    assert send(client, photograph()).status_code == 403
    assert not Picture.objects.exists()


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_an_upload_is_posted(writing, method):
    assert getattr(writing, method)(UPLOAD).status_code == 405


@pytest.mark.parametrize("who", ["advisor1", "outsider", None])
def test_nobody_else_sees_the_library_or_adds_to_it(client, cast, who):
    picture = add(cast.writer)
    if who:
        client.force_login(cast.everybody[who])
    answers = [client.get(page) for page in (LIST, PICK, ADD, address(picture), address(picture, "history"))]
    answers += [send(client, photograph(colour="red")), client.post(address(picture), WORDS)]

    assert {answer.status_code for answer in answers} <= {302, 403}
    assert all(answer.url.startswith("/admin/login/") for answer in answers if answer.status_code == 302)
    assert "almonds" not in "".join(answer.content.decode() for answer in answers)
    assert Picture.objects.count() == 1
    with pytest.raises(NotPermitted):
        add(cast.outsider, "green")


# Choosing one


def test_the_dialog_finds_pictures_by_every_word_newest_first(writing, cast):
    first = add(cast.writer, "red", alternative_text="A bowl of almonds on a table.")
    second = add(cast.editor, "green", alternative_text="Almonds in a hand.", credit="Drawing: Table Works")
    add(cast.editor, "blue", alternative_text="A cup of tea.")

    def found(words: str) -> list[int]:
        return [picture["id"] for picture in writing.get(PICK, {"q": words}).json()["pictures"]]

    assert found("ALMONDS table") == [second.pk, first.pk]
    assert found("almonds bowl") == [first.pk]
    assert found("%") == found("spinach") == []
    assert len(found("")) == 3


def test_the_dialog_offers_nothing_from_the_archive(writing, cast):
    Picture.objects.filter(pk=add(cast.writer).pk).update(is_archived=True)

    assert writing.get(PICK).json() == {"pictures": [], "page": 1, "pages": 1, "total": 0}


def test_the_dialog_is_answered_a_page_at_a_time_in_the_same_few_queries(
    writing, cast, monkeypatch, django_assert_num_queries
):
    for colour in ("red", "green", "blue"):
        add(cast.writer, colour)
    monkeypatch.setattr(picture_uploads, "ON_A_PAGE", 2)
    first, last = writing.get(PICK).json(), writing.get(PICK, {"page": "2"}).json()

    assert [len(page["pictures"]) for page in (first, last)] == [2, 1]
    assert (first["pages"], first["total"], last["page"]) == (2, 3, 2)
    assert writing.get(PICK, {"page": "x"}).json()["page"] == 1
    with django_assert_num_queries(6):  # session, person, roles' and own permissions; count and page
        writing.get(PICK)


# The library's pages


def test_the_wall_shows_what_is_on_offer_and_can_be_searched(writing, cast):
    add(cast.writer, "red")
    Picture.objects.filter(pk=add(cast.editor, "green", alternative_text="An old logo.").pk).update(is_archived=True)
    page = writing.get(LIST).content.decode()

    assert "A bowl of almonds." in page
    assert "An old logo." not in page
    assert "An old logo." in writing.get(LIST, {"shelf": "archive"}).content.decode()
    assert "A bowl of almonds." not in writing.get(LIST, {"q": "tea"}).content.decode()


def test_the_wall_shows_ones_own(writing, cast):
    add(cast.editor, "red", alternative_text="Of the editor.")
    add(cast.writer, "green", alternative_text="Of the writer.")
    page = writing.get(LIST, {"by": "me"}).content.decode()

    assert "Of the writer." in page
    assert "Of the editor." not in page


def test_the_wall_shows_what_no_text_shows(writing, cast):
    in_text = add(cast.writer, "red", alternative_text="In a text.")
    before = add(cast.writer, "green", alternative_text="In an old text.")
    on_top = add(cast.writer, "blue", alternative_text="On top.")
    add(cast.writer, "black", alternative_text="Nowhere.")
    article = newsroom.draft(cast, body=figure(before))
    newsroom.rewrite(cast, article, body=figure(in_text), hero_image=ContentFile(photograph(colour="blue")))
    assert article.hero_image.name == on_top.image.name

    unused = writing.get(LIST, {"use": "unused"}).content.decode()
    used = writing.get(LIST, {"use": "used"}).content.decode()
    everywhere = ("In a text.", "In an old text.", "On top.")
    assert "Nowhere." in unused
    assert not any(words in unused for words in everywhere)
    assert "Nowhere." not in used
    assert all(words in used for words in everywhere)


def test_the_wall_takes_as_many_queries_for_ten_pictures_as_for_one(writing, cast, django_assert_max_num_queries):
    for shade in range(10):
        add(cast.writer if shade % 2 else cast.editor, f"rgb({shade * 9},0,0)")
    with django_assert_max_num_queries(8):
        writing.get(LIST)


def test_a_picture_is_added_without_script(writing):
    page = form_of(writing.get(ADD), "picture_form")
    answer = page.send(writing, **WORDS, image=SimpleUploadedFile("a.jpg", photograph()))
    picture = Picture.objects.get()

    assert answer.url == address(picture)
    again = page.send(writing, image=SimpleUploadedFile("b.jpg", photograph()))
    assert again.url == address(picture)
    assert "has this picture already" in writing.get(again.url).content.decode()
    assert page.send(writing, credit="").status_code == 400


def test_the_page_of_a_picture_says_which_texts_show_it(editing, cast):
    picture = add(cast.writer)
    now = newsroom.published(cast, title="Shows it now", body=figure(picture))
    once = newsroom.draft(cast, title="Showed it once", body=figure(picture))
    newsroom.rewrite(cast, once, title="Showed it once", body="<p>Gone.</p>")
    newsroom.draft(cast, title="Never did")
    page = editing.get(address(picture)).content.decode()

    assert [article.pk for article in picture.articles()] == [once.pk, now.pk]
    assert page.index("Showed it once") < page.index("in an earlier revision only")
    assert page.index("Shows it now") < page.index("shows it now")
    assert now.get_absolute_url() in page
    assert "Never did" not in page


def test_a_draft_that_one_may_not_open_is_counted_and_not_named(client, cast):
    picture = add(cast.writer)
    newsroom.draft(cast, title="Secret plans", body=figure(picture))
    client.force_login(cast.colleague)
    page = client.get(address(picture)).content.decode()

    assert "Secret plans" not in page
    assert "In 1 text of colleagues." in page


def test_the_page_of_a_picture_takes_as_many_queries_for_five_texts_as_for_one(
    editing, cast, django_assert_max_num_queries
):
    picture = add(cast.writer)
    for _ in range(5):
        newsroom.draft(cast, body=figure(picture))
    with django_assert_max_num_queries(9):
        editing.get(address(picture))


def test_a_writer_changes_the_words_of_their_own(writing, cast):
    picture = add(cast.writer)
    answer = form_of(writing.get(address(picture)), "picture_form").send(
        writing, alternative_text="Almonds.", is_archived="on"
    )

    assert answer.status_code == 302
    picture.refresh_from_db()
    assert (picture.alternative_text, picture.is_archived, picture.credit) == ("Almonds.", True, "Photo: Jane Doe")
    assert picture.history.first().history_user == cast.writer


def test_nothing_changes_the_file_of_a_picture(editing, cast):
    picture = add(cast.writer)
    name = picture.image.name
    editing.post(
        address(picture), {**WORDS, "image": SimpleUploadedFile("a.jpg", photograph(colour="red")), "width": 9}
    )
    picture.refresh_from_db()

    assert (picture.image.name, picture.width) == (name, 60)


def test_a_writer_changes_nothing_of_a_colleagues_not_even_through_its_history(client, cast):
    picture = add(cast.writer)
    Picture.objects.filter(pk=picture.pk).update(alternative_text="Corrected.")
    version = picture.history.last().pk
    client.force_login(cast.colleague)
    history = reverse("admin:articles_picture_simple_history", args=[picture.pk, version])
    answers = [client.post(page, WORDS) for page in (address(picture), address(picture, "delete"), history)]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert client.get(address(picture)).status_code == client.get(history).status_code == 200
    picture.refresh_from_db()
    assert picture.alternative_text == "Corrected."


def test_an_editor_deletes_what_no_text_shows_and_the_file_stays(editing, cast):
    picture = add(cast.writer)
    answer = editing.post(address(picture, "delete"), {"post": "yes"})

    assert answer.status_code == 302
    assert not Picture.objects.exists()
    assert ContentStorage().exists(picture.image.name)


@pytest.mark.parametrize("who", ["editor", "admin"])
def test_nobody_deletes_what_a_text_has_ever_shown(client, cast, who):
    picture = add(cast.writer)
    article = newsroom.draft(cast, body=figure(picture))
    newsroom.rewrite(cast, article, body="<p>Gone.</p>")
    client.force_login(cast.everybody[who])

    assert client.post(address(picture, "delete"), {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": picture.pk, "post": "yes"}
    client.post(LIST, bulk)
    assert Picture.objects.exists()


def test_a_writer_deletes_nothing(writing, cast):
    picture = add(cast.writer)

    assert writing.post(address(picture, "delete"), {"post": "yes"}).status_code == 403
    assert Picture.objects.exists()
