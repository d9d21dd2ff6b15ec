"""Public responses are compressed, cached or not; responses that may hold a secret never are."""

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from core.compression import Compression, encoding_for
from core.middleware import SecurityHeaders
from core.public import public
from tests import newsroom

WORDS = "Wörter, die alle lesen dürfen. " * 100


def answer(view, accepted="gzip, br", **headers):
    request = RequestFactory(headers={"accept-encoding": accepted, **headers}).get("/")
    request.session = {}
    return Compression(SecurityHeaders(view))(request)


@public(parameters=())
def page(request):
    return HttpResponse(WORDS)


@public(parameters=())
def streamed(request):
    return StreamingHttpResponse(WORDS[start : start + 100] for start in range(0, len(WORDS), 100))


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("view", [page, streamed])
@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip", "gzip"), ("gzip, br", "gzip"), ("br;q=0, gzip;q=0.1", "gzip")]
)
def test_a_public_answer_that_is_not_kept_comes_as_gzip(view, accepted, encoding):
    response = answer(view, accepted)
    sent = body(response)
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(sent).decode() == WORDS and len(sent) < 700
    assert response.headers.get("Content-Length", str(len(sent))) == str(len(sent))


@pytest.mark.parametrize("view", [page, streamed])
@pytest.mark.parametrize("accepted", ["", "gzip;q=0", "identity", "br"])
def test_who_asks_for_no_encoding_gets_none_and_caches_are_told_that_it_differs(view, accepted):
    response = answer(view, accepted)
    assert "Content-Encoding" not in response.headers and response.headers["Vary"] == "Accept-Encoding"
    assert body(response).decode() == WORDS


def test_the_tag_says_that_bytes_differ_and_still_finds_who_has_the_page():
    tag = answer(page).headers["ETag"]
    assert tag.startswith('W/"')
    assert answer(page, if_none_match=tag).status_code == 304


def test_a_short_answer_stays_as_it_is():
    response = answer(public(parameters=())(lambda request: HttpResponse("short")))
    assert "Content-Encoding" not in response.headers and response.content == b"short"


def test_what_is_compressed_already_or_no_words_stays_as_it_is():
    ready = public(parameters=())(lambda request: HttpResponse(WORDS, headers={"Content-Encoding": "zstd"}))
    picture = public(parameters=())(lambda request: HttpResponse(WORDS, content_type="image/avif"))
    assert answer(ready).headers["Content-Encoding"] == "zstd"
    assert "Content-Encoding" not in answer(picture).headers


def with_token(request):
    return HttpResponse(f"{WORDS}{get_token(request)}")


def with_cookie(request):
    response = page(request)
    response.set_cookie("seen", "1")
    return response


@pytest.mark.parametrize("view", [lambda request: HttpResponse(WORDS), with_token, with_cookie])
def test_what_is_not_for_everyone_is_never_compressed(view):
    assert "Content-Encoding" not in answer(view).headers


def test_no_page_behind_a_sign_in_and_no_form_with_a_token_is_compressed(client, cast):
    article = newsroom.published(cast)
    asked = {"headers": {"accept-encoding": "br, gzip"}}
    assert client.get(article.get_absolute_url(), **asked).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/account/sign-in/", **asked).headers
    client.force_login(cast.editor)
    for address in ("/admin/", f"/admin/articles/article/{article.pk}/change/", "/board/"):
        assert "Content-Encoding" not in client.get(address, **asked).headers
    sitemap = client.get("/sitemaps/articles-1.xml", **asked)
    assert article.get_absolute_url().encode() in gzip.decompress(body(sitemap))


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.000,gzip;q=0", ""),
        ("*", "br"),
        ("*;q=0.1, gzip;q=0.2", "gzip"),
        ("br;q=0, *", "gzip"),
        ("identity", ""),
        ("identity;q=1, gzip;q=0.5", ""),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("gzip;q=1.000", "gzip"),
        ("gzip;q=2", ""),
        ("gzip;q=nonsense", ""),
        ("gzip ; q = 0.5 , br ; q = 0.4", "gzip"),
        ("deflate, zstd", ""),
        (",,;;q=,", ""),
    ],
)
def test_the_encoding_is_what_the_reader_likes_best(accepted, sent):
    assert encoding_for(accepted) == sent


@given(st.text(max_size=60))
def test_no_header_breaks_the_negotiation(accepted):
    assert encoding_for(accepted) in ("br", "gzip", "")


@given(st.sampled_from(["br", "gzip"]), st.text(alphabet="brgzip,;q=.01* ", max_size=30))
def test_what_is_refused_by_name_at_the_end_is_never_sent(name, before):
    assert encoding_for(f"{before},{name};q=0") != name
