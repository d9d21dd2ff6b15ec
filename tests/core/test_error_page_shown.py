"""If the database fails, everybody is asked to try again; if the code fails, the page says that it is our fault."""

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client
from django.urls import reverse

from core import error_pages
from tests import newsroom
from website import views

SECRET = 'could not connect to server "db.internal": password "hunter2"'


def silent(execute, sql, params, many, context):
    raise OperationalError(SECRET)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_a_page_that_needs_a_silent_database_says_when_to_come_back(visitor, cast):
    address = newsroom.published(cast).get_absolute_url()
    with connection.execute_wrapper(silent):
        answer = visitor.get(address)
    html = answer.content.decode()

    assert answer.status_code == 503 and answer.headers["Retry-After"] == "30"
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Content-Security-Policy"]
    assert "try again in a minute" in html and html.count("<h1>") == 1 and 'content="noindex"' in html
    assert "hunter2" not in html and "db.internal" not in html and "Traceback" not in html
    assert visitor.get(address).status_code == 200


def test_somebody_at_work_is_told_that_nothing_was_kept(visitor, cast):
    visitor.force_login(cast.writer)
    with connection.execute_wrapper(silent):
        answer = visitor.post(reverse("admin:articles_article_add"), {"title": "A new one"})
    assert answer.status_code == 503 and "nothing of it was saved" in answer.content.decode()


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, DatabaseError])
def test_however_the_database_lets_go_it_is_an_outage(error):
    assert error_pages.is_outage(error("gone"))


@pytest.mark.parametrize("error", [ProgrammingError("no such table"), ValueError(), OSError(), None])
def test_what_trying_again_does_not_mend_is_none(error):
    assert not error_pages.is_outage(error)


def test_a_fault_of_the_code_is_answered_as_one(visitor, cast, monkeypatch):
    def broken(*args: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(views, "teasers", broken)
    answer = visitor.get("/")
    assert answer.status_code == 500 and "Something went wrong on our side" in answer.content.decode()
    assert "Retry-After" not in answer.headers and b"hunter2" not in answer.content
