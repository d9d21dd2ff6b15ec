"""Links that share one revision: who creates and ends them, what they show, and what they never reveal."""

import logging
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.exceptions import NotPermitted
from articles.models import PreviewLink
from articles.preview_links import MOST_DAYS, revoke, share, token_hash
from core.db.immutable import Immutable
from core.logs import HideSecrets
from tests import newsroom


def place(article, name="links", *more) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *more])


def address(token: str) -> str:
    return reverse("website:shared_preview", args=[token])


def shared(article, actor, **kwargs):
    return share(revision=article.revisions.first(), actor=actor, **kwargs)


@pytest.fixture
def article(cast):
    return newsroom.draft(cast)


@pytest.fixture
def writing(client, cast):
    client.force_login(cast.writer)
    return client


def make(client, article, **fields):
    values = {"revision": article.revisions.first().pk, "days": 14, "note": "Prof. Lind", **fields}
    return client.post(place(article), values)


def test_the_address_is_shown_once_and_only_its_hash_is_kept(writing, article):
    page = make(writing, article).content.decode()
    token = re.search(r'value="http://testserver/preview/([\w-]{43})/"', page)[1]
    link = PreviewLink.objects.get()

    assert link.token_hash == token_hash(token)
    assert token not in str(PreviewLink.objects.values().get())
    assert token not in writing.get(place(article)).content.decode()
    assert (link.note, link.expires_at - link.created_at) == ("Prof. Lind", timedelta(days=14))


def test_anybody_with_the_link_reads_that_revision(writing, cast, article):
    link, token = shared(article, cast.writer)
    newsroom.rewrite(cast, article, title="Changed afterwards")
    stranger = Client()
    answer = stranger.get(address(token))
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "Magnesium and sleep</h1>" in page and "Changed afterwards" not in page
    assert f"Preview of revision 1, not published. This link ends on {link.expires_at.day} " in page
    assert not stranger.cookies


@pytest.mark.parametrize("signed_in", [False, True])
def test_nobody_keeps_lists_or_passes_on_what_a_link_shows(client, cast, article, signed_in):
    _, token = shared(article, cast.writer)
    if signed_in:
        client.force_login(cast.editor)
    answer = client.get(address(token))

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Vary" not in answer.headers and not answer.cookies
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_unknown_expired_and_revoked_links_get_one_and_the_same_answer(client, cast, article):
    expired, expired_token = shared(article, cast.writer)
    now = timezone.now()
    PreviewLink.objects.filter(pk=expired.pk).update(created_at=now - timedelta(days=3), expires_at=now)
    revoked, revoked_token = shared(article, cast.writer)
    revoke(link=revoked, actor=cast.writer)
    answers = [client.get(address(token)) for token in (expired_token, revoked_token, "x" * 43, "x", "ö" * 2000)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert "Magnesium" not in answers[0].content.decode()


def test_an_approved_revision_is_shown_with_those_who_approved_it(client, cast):
    _, token = shared(newsroom.approved(cast), cast.writer)
    page = client.get(address(token)).content.decode()

    assert "Meet our experts" in page and "not published" in page


def test_a_link_to_what_is_live_says_so(client, cast):
    _, token = shared(newsroom.published(cast), cast.writer)

    assert "revision 1, which is published now." in client.get(address(token)).content.decode()


def test_a_link_is_only_read(client, cast, article):
    _, token = shared(article, cast.writer)

    assert client.head(address(token)).status_code == 200
    assert client.post(address(token)).status_code == 405


@pytest.mark.parametrize("days", ["0", "-1", str(MOST_DAYS + 1), "", "x"])
def test_a_link_lasts_from_one_to_ninety_days(writing, cast, article, days):
    assert make(writing, article, days=days).status_code == 400
    if days.lstrip("-").isdigit():
        with pytest.raises(ValidationError):
            shared(article, cast.writer, days=int(days))
    assert not PreviewLink.objects.exists()


def test_a_link_is_made_to_a_revision_of_this_article_alone(writing, cast, article):
    other = newsroom.draft(cast)

    assert make(writing, article, revision=other.revisions.get().pk).status_code == 400
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("writer", 200), ("editor", 200), ("admin", 200), ("colleague", 404), ("advisor1", 404), ("outsider", 302)],
)
def test_links_are_made_and_listed_by_those_who_may_edit(client, cast, article, who, status):
    client.force_login(cast.everybody[who])

    assert client.get(place(article)).status_code == status
    assert make(client, article).status_code == status
    assert PreviewLink.objects.exists() == (status == 200)


@pytest.mark.parametrize(("who", "status"), [("editor", 302), ("colleague", 404), ("advisor1", 404), ("outsider", 302)])
def test_links_are_revoked_by_those_who_may_edit(client, cast, article, who, status):
    link, _ = shared(article, cast.writer)
    client.force_login(cast.everybody[who])
    answer = client.post(place(article, "link_revoke", link.pk))
    link.refresh_from_db()

    assert answer.status_code == status
    assert link.is_usable == (who != "editor")


def test_a_link_of_another_article_cannot_be_revoked_from_here(writing, cast, article):
    link, _ = shared(newsroom.draft(cast), cast.writer)

    assert writing.post(place(article, "link_revoke", link.pk)).status_code == 404
    assert writing.get(place(article, "link_revoke", link.pk)).status_code == 405


def test_a_link_is_revoked_once(cast, article):
    link, _ = shared(article, cast.writer)

    assert revoke(link=link, actor=cast.writer)
    assert not revoke(link=link, actor=cast.editor)
    assert PreviewLink.objects.get().revoked_by == cast.writer


def test_nobody_else_shares_or_revokes(cast, article):
    link, _ = shared(article, cast.writer)
    with pytest.raises(NotPermitted):
        shared(article, cast.colleague)
    with pytest.raises(NotPermitted):
        revoke(link=link, actor=cast.colleague)


def test_links_are_a_record_and_stay(cast, article):
    link, _ = shared(article, cast.writer)
    with pytest.raises(Immutable):
        link.delete()
    with pytest.raises(Immutable):
        PreviewLink.objects.all().delete()


@pytest.mark.parametrize(
    "forged", [{"token_hash": "a token itself"}, {"expires_at": timezone.now() - timedelta(days=99)}, {"revoked_by": 1}]
)
def test_the_database_refuses_a_link_that_makes_no_sense(cast, article, forged):
    link, _ = shared(article, cast.writer)
    forged = {**forged, "revoked_by": cast.writer} if "revoked_by" in forged else forged
    with pytest.raises(IntegrityError), transaction.atomic():
        PreviewLink.objects.filter(pk=link.pk).update(**forged)


def test_links_to_an_article_are_listed_with_what_became_of_them(writing, cast, article):
    shared(article, cast.writer, note="Prof. Lind")
    revoke(link=shared(article, cast.editor, note="the press")[0], actor=cast.editor)
    page = writing.get(place(article)).content.decode()

    assert "for Prof. Lind" in page and "for the press" in page
    assert "Revoked by Editor" in page
    assert page.count("/revoke/") == 1


def test_a_post_without_a_token_makes_nothing(cast, article):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.writer)

    assert make(browser, article).status_code == 403


@pytest.mark.parametrize(
    ("line", "args", "written"),
    [
        ('"%s" %s', ("GET /preview/abcdefgh12345/ HTTP/1.1", "200"), '"GET /preview/…/ HTTP/1.1" 200'),
        ("Not Found: %s", ("/preview/abcdefgh12345",), "Not Found: /preview/…"),
        ("at /preview/abcdefgh12345/?x=1", None, "at /preview/…/?x=1"),
        ("at %s", ("/board/r/abcdefgh12345/?answer=accept",), "at /board/r/…/?answer=accept"),
        ("%(path)s", ({"path": "/preview/abcdefgh12345/"},), "/preview/…/"),
        (
            "POST %s",
            ("/admin/articles/article/7/preview/ HTTP/1.1",),
            "POST /admin/articles/article/7/preview/ HTTP/1.1",
        ),
    ],
)
def test_a_log_holds_no_token(line, args, written):
    record = logging.LogRecord("django.server", logging.INFO, "", 1, line, args, None)

    assert HideSecrets().filter(record)
    assert record.getMessage() == written
