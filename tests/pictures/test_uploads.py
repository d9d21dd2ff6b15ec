"""Uploads to the library of pictures: what is accepted, what is refused with a reason, and from whom."""

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

from articles.exceptions import NotPermitted
from jobs.models import Job, JobState
from jobs.runner import WorkLoop
from pictures import library
from pictures.admin import uploads
from pictures.content_storage import ContentStorage
from pictures.models import Picture
from pictures.renditions import names_of_copies
from tests.pictures.photos import WORDS, add, photograph

UPLOAD = reverse("admin:pictures_picture_upload")
PICK = reverse("admin:pictures_picture_pick")
LIST = reverse("admin:pictures_picture_changelist")
ADD = reverse("admin:pictures_picture_add")


@pytest.fixture(autouse=True)
def no_uploads_so_far():
    cache.clear()
    yield
    cache.clear()


def send(client, data: bytes, name: str = "a.jpg", **words: str):
    return client.post(UPLOAD, {**WORDS, **words, "image": SimpleUploadedFile(name, data, "image/jpeg")})


def address(picture: Picture, page: str = "change") -> str:
    return reverse(f"admin:pictures_picture_{page}", args=[picture.pk])


@pytest.fixture
def writing(client, cast):
    """Return the browser of the writer."""
    client.force_login(cast.writer)
    return client


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


def test_the_runner_makes_the_narrower_copies_of_an_upload(writing):
    send(writing, photograph((900, 600)))
    copies = names_of_copies(Picture.objects.get().image.name, 900)
    assert len(copies) == 6 and not any(ContentStorage().exists(copy) for copy in copies)

    assert WorkLoop().step()
    assert all(ContentStorage().exists(copy) for copy in copies)
    assert not WorkLoop().step()


def test_an_upload_that_is_not_stored_queues_nothing_and_a_small_one_needs_nothing(writing):
    send(writing, b"no picture")
    send(writing, photograph((300, 200)))
    assert not Job.objects.exists()


def test_copies_of_a_picture_that_is_missing_are_tried_again_and_the_reason_is_kept(writing):
    send(writing, photograph((900, 600)))
    Path(ContentStorage().path(Picture.objects.get().image.name)).unlink()
    WorkLoop().step()
    row = Job.objects.get()
    assert row.state == JobState.WAITING and "No such file" in row.error


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
    monkeypatch.setattr(library, "find", lambda prepared: next(found))

    assert library.add(actor=cast.editor, file=ContentFile(photograph()), **WORDS) == (known, False)
    assert Picture.objects.count() == 1


def test_a_picture_that_the_database_refuses_although_the_library_lacks_it_is_an_error(cast, monkeypatch):
    add(cast.writer)
    monkeypatch.setattr(library, "find", lambda prepared: None)

    with pytest.raises(IntegrityError):
        library.add(actor=cast.editor, file=ContentFile(photograph()), **WORDS)


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
    """Return a PNG that declares a size and has no content."""

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
    assert send(writing, data).status_code == 201 and WorkLoop().step()
    stored = [path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]

    assert len(stored) == 7
    assert not any(b"Jane Roe" in each or b"Exif" in each for each in stored)


def test_nobody_sends_more_than_anybody_would_by_hand(writing, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UPLOADS", 2)
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
