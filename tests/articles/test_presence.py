"""Who else has a form open, whether somebody has saved since, and whether the person is still signed in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Presence
from articles.open_forms.presence import arrive
from core import times
from tests import newsroom
from tests.racing import race

SESSION = reverse("admin:articles_article_session")


def place(article: Article) -> str:
    return reverse("admin:articles_article_presence", args=[article.pk])


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def beat(client: Client, article: Article, version: int | str = 1, typing_in: str = "") -> dict:
    answer = client.post(place(article), {"version": version, "typing_in": typing_in})
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture
def article(cast):
    return newsroom.draft(cast)


def test_two_who_have_a_form_open_learn_of_each_other(cast, article):
    assert beat(browser(cast.writer), article)["others"] == []
    assert beat(browser(cast.editor), article)["others"] == [{"name": "Writer", "typing_in": ""}]
    assert beat(browser(cast.writer), article)["others"] == [{"name": "Editor", "typing_in": ""}]


def test_who_types_says_where_until_they_pause(cast, article):
    writer, editor = browser(cast.writer), browser(cast.editor)
    beat(writer, article, typing_in="Body, “The trials”" + "x" * 500)
    [other] = beat(editor, article)["others"]
    assert other["typing_in"].startswith("Body, “The trials”")
    assert len(other["typing_in"]) <= 200
    beat(writer, article)
    assert beat(editor, article)["others"] == [{"name": "Writer", "typing_in": ""}]


def test_somebody_is_one_person_however_many_windows_they_have(cast, article):
    for _ in range(3):
        beat(browser(cast.writer), article)

    assert Presence.objects.count() == 1


def test_who_has_not_been_seen_for_a_minute_is_gone(cast, article):
    now = timezone.now()
    arrive(article=article, user=cast.editor, at=now - timedelta(seconds=61))

    assert arrive(article=article, user=cast.writer, at=now) == []


def test_another_articles_readers_are_not_named(cast, article):
    beat(browser(cast.editor), newsroom.draft(cast))

    assert beat(browser(cast.writer), article)["others"] == []


def test_what_is_a_day_old_is_forgotten(cast, article):
    now = timezone.now()
    arrive(article=newsroom.draft(cast), user=cast.editor, at=now - timedelta(hours=25))
    arrive(article=article, user=cast.writer, at=now)

    assert Presence.objects.get().user == cast.writer


def test_a_save_in_the_meantime_is_told_with_name_and_time(cast, article):
    opened_at = article.version
    newsroom.rewrite(cast, article, actor=cast.editor, title="The editor's")
    newer = beat(browser(cast.writer), article, opened_at)["newer"]

    assert (newer["by"], newer["own"]) == ("Editor", False)
    assert newer["at"] == times.moment(Article.objects.get(pk=article.pk).saved_at)
    assert beat(browser(cast.editor), article, opened_at)["newer"]["own"]
    assert beat(browser(cast.writer), article, opened_at + 1)["newer"] is None


def test_it_is_told_that_the_board_began_to_read(cast, article):
    assert not beat(browser(cast.writer), article)["locked"]
    newsroom.submit(cast, article)
    assert beat(browser(cast.writer), article)["locked"]


@pytest.mark.parametrize("odd", ["", "x", "-1", "9" * 40, "٣"])
def test_an_odd_version_is_none(cast, article, odd):
    assert beat(browser(cast.writer), article, odd)["newer"] is None


@pytest.mark.parametrize(
    ("who", "status"), [("writer", 200), ("editor", 200), ("colleague", 404), ("advisor1", 404), ("outsider", 302)]
)
def test_presence_is_for_those_who_may_edit(cast, article, who, status):
    assert browser(cast.everybody[who]).post(place(article), {"version": 1}).status_code == status
    assert Presence.objects.exists() == (status == 200)


def test_presence_takes_a_post_with_a_token_and_nothing_else(cast, article):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.writer)

    assert client.post(place(article)).status_code == 403
    assert client.get(place(article)).status_code == 405


def test_a_beat_asks_the_same_few_things_however_many_are_here(cast, article):
    client = browser(cast.writer)
    beat(client, article)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            beat(client, article)
        return len(queries)

    alone = asked()
    for user in (cast.editor, cast.admin, cast.colleague):
        arrive(article=article, user=user, at=timezone.now())

    assert asked() == alone <= 12


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="a race can only be seen on PostgreSQL")
def test_two_windows_that_beat_at_once_make_one_row(committed):
    cast = newsroom.cast()
    article, now = newsroom.draft(cast), timezone.now()
    for _ in range(25):
        Presence.objects.all().delete()
        moves = [
            lambda user=user: arrive(article=article, user=user, at=now) for user in (cast.writer, cast.editor) * 2
        ]
        assert not [result for result in race(*moves) if isinstance(result, Exception)]
        assert Presence.objects.count() == 2


def test_who_is_signed_in_gets_a_token_that_a_form_can_send(cast, article):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.writer)
    answer = client.get(SESSION).json()
    beat = client.post(place(article), {"version": 1, "csrfmiddlewaretoken": answer["csrf"]})

    assert (answer["signed_in"], answer["user"], answer["name"]) == (True, cast.writer.pk, "Writer")
    assert beat.status_code == 200


@pytest.mark.parametrize("who", [None, "outsider"])
def test_who_is_not_signed_in_to_the_newsroom_is_told_so_and_nothing_else(cast, who):
    answer = (browser(cast.everybody[who]) if who else Client()).get(SESSION)

    assert answer.json() == {"signed_in": False}
    assert answer.headers["Cache-Control"] == "no-store"


def test_whether_a_new_text_has_arrived_is_told_to_whoever_began_it(cast, article):
    def begun(user, slug: str) -> bool:
        return browser(user).get(SESSION, {"slug": slug}).json()["begun"]

    assert begun(cast.writer, article.slug)
    assert not begun(cast.writer, "elsewhere")
    assert not begun(cast.editor, article.slug)
