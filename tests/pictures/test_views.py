"""Stored pictures as a browser receives them."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from django.http import Http404
from django.test import RequestFactory

from core.middleware import SecurityHeaders
from pictures.views import media

HASH = "0a" * 32


@pytest.fixture
def stored(settings):
    """Put a file into the media folder."""

    def store(name: str, data: bytes = b"picture") -> str:
        path = Path(settings.MEDIA_ROOT, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return name

    return store


def fetch(name: str, method: str = "get"):
    return media(getattr(RequestFactory(), method)(f"/media/{name}"), name)


@contextmanager
def read(response):
    """Read the file and close it. (Closing the response would tell the whole site that a request has ended.)"""
    with response.file_to_stream:
        yield response


@pytest.mark.parametrize(
    ("extension", "content_type"),
    [("jpg", "image/jpeg"), ("png", "image/png"), ("webp", "image/webp"), ("avif", "image/avif")],
)
def test_a_picture_is_sent_with_the_type_that_we_know_it_to_have(stored, extension, content_type):
    with read(fetch(stored(f"pictures/{HASH}.{extension}", b"<svg onload=alert(1)>"))) as response:
        assert response.status_code == 200
        assert response["Content-Type"] == content_type
        assert b"".join(response) == b"<svg onload=alert(1)>"


def test_a_picture_can_do_nothing_and_may_be_kept_for_a_year(stored):
    with read(fetch(stored(f"pictures/{HASH}.png"))) as response:
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert not response.cookies
        assert "Vary" not in response


def test_its_headers_reach_a_signed_in_browser_as_they_are(stored):
    name = stored(f"pictures/{HASH}.png")
    request = RequestFactory().get(f"/media/{name}")
    request.COOKIES["sessionid"] = "x"
    with read(SecurityHeaders(lambda request: media(request, name))(request)) as response:
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "name",
    [
        f"pictures/{HASH}.svg",
        f"pictures/{HASH}.html",
        f"pictures/{HASH}.PNG",
        f"pictures/{HASH}",
        f"pictures/{HASH}.png.part",
        f"pictures/{HASH}.png\n",
        f"pictures/{HASH.upper()}.png",
        f"pictures/{HASH}0.png",
        f"pictures/x/{HASH}.png",
        f"{HASH}.png",
        "pictures/cat.png",
        "secret.txt",
    ],
)
def test_a_file_by_any_other_name_is_not_there(stored, name):
    stored(name)
    with pytest.raises(Http404):
        fetch(name)


@pytest.mark.parametrize(
    "name", ["../betterment.sqlite3", f"pictures/../{HASH}.png", "/etc/passwd", "pictures/a\0.png", ""]
)
def test_no_name_leads_out_of_the_folder(stored, name):
    stored(f"{HASH}.png")
    with pytest.raises(Http404):
        fetch(name)


def test_a_picture_that_was_never_stored_is_not_there():
    with pytest.raises(Http404):
        fetch(f"pictures/{HASH}.png")


def test_a_folder_is_no_picture(settings):
    Path(settings.MEDIA_ROOT, f"pictures/{HASH}.png").mkdir(parents=True)
    with pytest.raises(Http404):
        fetch(f"pictures/{HASH}.png")


def test_nothing_can_be_sent_there(stored):
    assert fetch(stored(f"pictures/{HASH}.png"), "post").status_code == 405
