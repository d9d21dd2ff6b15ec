"""A client that has a public page already gets a 304 (RFC 9110, 13.1), but never if the page has changed."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from core.public import public
from tests import newsroom


def view(text: str = "Words", **how):
    return public()(lambda request: HttpResponse(text, **how))


def ask(view, method: str = "get", **headers: str):
    return view(getattr(RequestFactory(), method)("/", headers=headers))


def test_the_same_words_have_the_same_tag_and_other_words_another():
    assert ask(view()).headers["ETag"] == ask(view()).headers["ETag"] != ask(view("Others")).headers["ETag"]


@pytest.mark.parametrize("method", ["get", "head"])
def test_who_has_it_gets_no_words_again(method):
    tag = ask(view()).headers["ETag"]
    answer = ask(view(), method, **{"If-None-Match": tag})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == tag and "max-age" in answer.headers["Cache-Control"]
    assert answer.is_public


@pytest.mark.parametrize("known", ["W/{}", '"x", {}', "*"])
def test_a_weak_tag_a_list_and_a_star_are_understood(known):
    tag = ask(view()).headers["ETag"]

    assert ask(view(), **{"If-None-Match": known.format(tag)}).status_code == 304


def test_a_change_is_answered_whole():
    tag = ask(view()).headers["ETag"]

    assert ask(view("Others"), **{"If-None-Match": tag}).content == b"Others"


@pytest.mark.parametrize("status", [404, 410, 301])
def test_what_is_not_there_has_no_tag(status):
    answer = ask(view(status=status), **{"If-None-Match": "*"})

    assert answer.status_code == status and "ETag" not in answer.headers


def test_a_date_alone_is_never_enough():
    answer = ask(
        view(headers={"Last-Modified": "Mon, 02 Feb 2026 00:00:00 GMT"}),
        **{"If-Modified-Since": "Mon, 02 Feb 2026 00:00:00 GMT"},
    )

    assert answer.status_code == 200


def test_a_stream_is_left_as_it_is_unless_it_says_its_tag():
    streamed = public()(lambda request: StreamingHttpResponse(["a"]))
    tagged = public()(lambda request: StreamingHttpResponse(["a"], headers={"ETag": '"one"'}))

    assert "ETag" not in ask(streamed).headers
    assert ask(tagged, **{"If-None-Match": '"one"'}).status_code == 304


def test_an_article_that_was_withdrawn_is_never_answered_as_unchanged(client, cast):
    article = newsroom.published(cast)
    tag = client.get(article.get_absolute_url()).headers["ETag"]
    assert client.get(article.get_absolute_url(), headers={"If-None-Match": tag}).status_code == 304

    newsroom.workflow.withdraw(article=article, actor=cast.editor, notice="It was wrong.")
    assert client.get(article.get_absolute_url(), headers={"If-None-Match": tag}).status_code == 410
