"""`visible()` is the only way to a text: what is not in force cannot be seen, told apart or guessed."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from articles import workflow
from tests import newsroom

SCRIPT = "<script>alert(1)</script>"


def get(client, article, status: int = 200) -> str:
    answer = client.get(article.get_absolute_url())
    assert answer.status_code == status
    return answer.content.decode()


def test_a_changed_working_copy_never_shows(client, cast):
    article = newsroom.published(cast)
    before = get(client, article)
    newsroom.rewrite(cast, article, title="Hush", standfirst="Hush", body="<p>Hush</p>", disclosure="Hush")

    assert get(client, article) == before
    assert "Hush" not in client.get("/").content.decode()


@pytest.mark.parametrize("stage", ["draft", "in_review", "changes_requested", "approved"])
def test_what_is_not_published_answers_like_an_address_that_never_was(client, cast, stage):
    hidden = client.get(getattr(newsroom, stage)(cast).get_absolute_url())
    unknown = client.get("/articles/no-such-article/")

    assert hidden.status_code == unknown.status_code == 404
    assert hidden.content == unknown.content
    assert hidden.headers == unknown.headers


def test_a_scheduled_article_appears_at_its_time(client, cast):
    article = newsroom.approved(cast)
    at = timezone.now() + timedelta(hours=1)
    newsroom.publish(cast, article, at=at)

    with time_machine.travel(at - timedelta(seconds=1), tick=False):
        assert client.get(article.get_absolute_url()).status_code == 404
        assert "Magnesium" not in client.get("/").content.decode()
    with time_machine.travel(at, tick=False):
        assert "Magnesium" in get(client, article)
        assert "Magnesium" in client.get("/").content.decode()


def test_an_article_that_has_expired_is_not_found(client, cast):
    article = newsroom.approved(cast)
    until = timezone.now() + timedelta(days=1)
    workflow.publish(article=article, actor=cast.editor, until=until)

    with time_machine.travel(until, tick=False):
        assert client.get(article.get_absolute_url()).status_code == 404


def test_a_withdrawn_article_shows_its_notice_and_nothing_of_the_text(client, cast):
    article = newsroom.published(cast)
    newsroom.rewrite(cast, article, title="Hush")
    workflow.withdraw(article=article, actor=cast.editor, notice=f"The dose was wrong. {SCRIPT}")
    html = get(client, article, status=410)

    assert "The dose was wrong." in html and SCRIPT not in html
    assert "Magnesium and sleep" in html and "Hush" not in html
    assert "17 minutes" not in html
    assert '<meta name="robots" content="noindex">' in html


def test_a_withdrawn_article_comes_back(client, cast):
    article = newsroom.published(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice="We look into it.")
    workflow.reinstate(article=article, actor=cast.editor, reason="All is well.")

    html = get(client, article)
    assert "17 minutes" in html
    assert "<dt>Updated</dt>" not in html  # the same words as before


def test_readers_may_look_and_nothing_else(client, cast):
    address = newsroom.published(cast).get_absolute_url()
    head = client.head(address)

    assert (head.status_code, head.content) == (200, b"")
    for method in ("post", "put", "patch", "delete", "options"):
        assert getattr(client, method)(address).status_code == 405
        assert getattr(client, method)("/").status_code == 405


def test_no_answer_sets_or_depends_on_a_cookie(client, cast):
    article = newsroom.published(cast)
    client.force_login(cast.editor)
    for address in ("/", article.get_absolute_url(), "/articles/no-such-article/"):
        answer = client.get(address)
        assert not answer.cookies
        assert "cookie" not in answer.headers.get("Vary", "").lower()


@pytest.mark.parametrize("page", ["0", "-1", "3", "x", "1e3", "9" * 5000, ""])
def test_a_page_of_the_list_that_is_not_there_is_not_found(client, db, page):
    assert client.get("/", {"page": page}).status_code == 404


def test_the_list_takes_five_queries_however_long_it_is(client, cast, django_assert_num_queries):
    for _ in range(25):
        newsroom.published(cast)

    first = client.get("/").content.decode()  # the newest leads; what else it shows is counted in test_query_counts
    assert first.count('class="lead-story"') == 1 and first.count('class="teaser"') == 11 and 'href="?page=2"' in first
    with django_assert_num_queries(5):  # two of them ask for the version of the site
        html = client.get("/", {"page": 2}).content.decode()
    assert html.count('class="teaser"') == 12 and 'href="?page=3"' in html
    assert client.get("/", {"page": 3}).content.decode().count('class="teaser"') == 1
