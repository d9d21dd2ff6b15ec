"""Error pages help readers to go on, and the worst of them needs nothing that could be broken."""

import re

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.views.defaults import bad_request, server_error

from articles import workflow
from tests import newsroom


def unanswered(execute, sql, params, many, context):
    raise DatabaseError("no database answers")


def test_an_address_that_leads_nowhere_shows_ways_on(client, cast):
    newsroom.published(cast, title="A live text")
    newsroom.draft(cast, title="Canary")
    answer = client.get("/nothing/here/")
    html = answer.content.decode()

    assert answer.status_code == 404 and html.count("<h1>") == 1
    assert f'action="{reverse("website:search")}"' in html and 'name="q"' in html
    assert "A live text" in html and 'href="/topics/sleep/"' in html and "Canary" not in html
    assert not answer.cookies and "csrf" not in html


def test_a_draft_and_an_address_that_never_was_get_the_same_answer(client, cast):
    draft = newsroom.draft(cast)
    pages = [client.get(path).content for path in (draft.get_absolute_url(), "/articles/never-was/")]
    assert pages[0] == pages[1]


def test_a_program_that_tries_addresses_costs_three_queries_each(client, cast):
    for _ in range(4):
        newsroom.published(cast)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/wp-login.php")
        counts.append(len(asked))
    # The redirect, the topics, the latest and their bylines; then the topics are remembered.
    assert counts == [4, 3]


def test_it_says_less_where_no_database_answers(client, cast):
    newsroom.published(cast, title="A live text")
    cache.clear()
    with connection.execute_wrapper(unanswered):
        answer = client.get("/nothing/here/")
    html = answer.content.decode()

    assert answer.status_code == 404 and "There is nothing at this address" in html and 'name="q"' in html
    assert "A live text" not in html and "/topics/sleep/" not in html


def test_a_withdrawn_article_says_why_and_shows_ways_on(client, cast):
    article = newsroom.published(cast, title="The withdrawn one")
    newsroom.published(cast, title="Another one")
    workflow.withdraw(article=article, actor=cast.editor, notice="It was wrong.")
    html = (answer := client.get(article.get_absolute_url())).content.decode()

    assert answer.status_code == 410 and "It was wrong." in html and "Another one" in html
    assert html.count("<h1>") == 1 and 'name="q"' in html


@pytest.mark.parametrize(("view", "status"), [(server_error, 500), (lambda request: bad_request(request, None), 400)])
def test_the_worst_pages_need_no_database_and_no_context(rf, view, status):
    # Without the database's marker, pytest-django refuses every query.
    answer = view(rf.get("/"))
    html = answer.content.decode()

    assert answer.status_code == status and html.count("<h1>") == 1 and 'content="noindex"' in html
    for link in re.findall(r'(?:href|action)="(/[^"]*/)"', html):
        assert link in {reverse("website:search"), reverse("website:topics")}
    assert "{" not in html and "<script" not in html


def test_the_worst_page_is_shown_even_where_no_static_file_was_collected(rf, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    backend = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": backend}
    assert b'href="/static/css/base.css"' in server_error(rf.get("/")).content


def test_a_page_that_one_may_not_open_says_whom_to_ask(client, cast):
    client.force_login(cast.outsider)
    html = render_to_string("403.html", request=client.get("/").wsgi_request)
    assert "ask an editor" in html and html.count("<h1>") == 1

    client.force_login(cast.writer)
    answer = client.get("/admin/accounts/user/")
    assert answer.status_code == 403 and "You may not open this page" in answer.content.decode()


def test_a_form_without_its_token_says_that_nothing_was_saved(db):
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a"})
    assert answer.status_code == 403 and "Nothing was saved" in answer.content.decode()
