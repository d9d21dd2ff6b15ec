"""Actions that were recorded and are repeated: they write the same, and only where nothing else would be written."""

import pickle
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as site
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from articles.exceptions import InvalidTransition
from articles.models import Article, Topic
from tests import conftest, kept_rows, newsroom, scenes
from tests.admin_forms import picture
from tests.newsroom import Cast

Rows = dict[str, list[tuple]]
Play = Callable[[Callable[[Cast], object]], Rows]
carried_out: list[str] = []


@scenes.repeated
def titled(cast: Cast, title: str) -> Article:
    """Publish an article, and write a new text of it."""
    carried_out.append(title)
    article = newsroom.published(cast, title=title)
    return newsroom.rewrite(cast, article, title=f"{title}, again")


pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="actions are repeated on SQLite alone")


@pytest.fixture
def play(cast) -> Iterator[Play]:
    """Yield a function that plays a scene from the cast on, takes it back, and returns the rows it had led to."""
    carried_out.clear()
    before = scenes.recorded_from.copy()
    scenes.recorded_from.clear()
    kept = pickle.dumps(cast)

    def from_the_cast(scene: Callable[[Cast], object]) -> Rows:
        fresh, point = pickle.loads(kept), transaction.savepoint()
        scenes.begin(conftest.KEPT_CAST.inserted, fresh.rows)
        scene(fresh)
        found = kept_rows.rows()
        transaction.savepoint_rollback(point)
        return found

    yield from_the_cast
    scenes.recorded_from.clear()
    scenes.recorded_from.update(before)


def comparable(found: Rows) -> dict[str, list]:
    return {name: [scenes.comparable(row) for row in rows] for name, rows in found.items()}


def test_an_action_is_carried_out_once_and_writes_the_very_same_rows_again(play):
    first = play(lambda cast: titled(cast, "Sleep"))
    second = play(lambda cast: titled(cast, "Sleep"))

    assert carried_out == ["Sleep"]
    assert len(first["articles_revision"]) == 2
    assert second == first


def test_it_writes_what_the_newsroom_writes(play):
    play(lambda cast: titled(cast, "Rest"))
    repeated = play(lambda cast: titled(cast, "Rest"))
    newly = play(lambda cast: titled.__wrapped__(cast, "Rest"))

    assert comparable(repeated) == comparable(newly)


def test_another_action_continues_after_a_repeated_one(play):
    def scene(cast):
        article = titled(cast, "Naps")
        newsroom.approve(newsroom.submit(cast, article))
        newsroom.draft(cast)

    first = play(scene)
    assert play(scene) == first
    assert carried_out == ["Naps"]


def test_rows_that_the_test_holds_change_as_they_did_the_first_time(play):
    def scene(cast):
        article = newsroom.published(cast)
        assert newsroom.rewrite(cast, article, title="Light") is article
        assert article.title == Article.objects.get().title == "Light"
        assert newsroom.submit(cast, article).submitted_by is cast.writer

    play(scene)
    play(scene)


def test_uploaded_files_are_there_again(play):
    def scene(cast):
        article = newsroom.draft(cast, hero_image=picture(), hero_alt="Teal")
        Path(site.MEDIA_ROOT, article.hero_image.name).unlink()

    play(scene)
    play(scene)


def written(cast):
    Topic.objects.create(name="Rest", slug="rest")
    titled(cast, "Sleep")


def rolled_back(cast):
    with transaction.atomic():
        transaction.set_rollback(True)
    titled(cast, "Sleep")


def counted(cast):
    with CaptureQueriesContext(connection):
        titled(cast, "Sleep")


def in_english_of_america(cast):
    with translation.override("en-us"):
        titled(cast, "Sleep")


def tomorrow(cast):
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        titled(cast, "Sleep")


def with_another_writer(cast):
    cast.writer.name = "Wilma"
    titled(cast, "Sleep")


@pytest.mark.parametrize("scene", [written, rolled_back, counted, in_english_of_america, tomorrow, with_another_writer])
def test_in_another_state_an_action_is_carried_out(play, scene):
    for one in (lambda cast: titled(cast, "Sleep"), scene, scene):
        play(one)
    assert len(carried_out) >= 2


def test_with_other_settings_an_action_is_carried_out(play, settings):
    play(lambda cast: titled(cast, "Sleep"))
    settings.SITE_URL = "https://elsewhere.example"
    play(lambda cast: titled(cast, "Sleep"))
    assert carried_out[-2:] == ["Sleep", "Sleep"]


def test_where_a_test_replaced_something_every_action_is_carried_out(play, monkeypatch):
    monkeypatch.setattr(newsroom, "PASSWORD", "another")
    for _ in range(2):
        play(lambda cast: titled(cast, "Sleep"))
    assert carried_out == ["Sleep", "Sleep"]


def test_where_a_test_observes_the_log_every_action_is_carried_out(caplog, play):
    for _ in range(2):
        play(lambda cast: titled(cast, "Sleep"))
    assert carried_out == ["Sleep", "Sleep"]


def test_an_action_that_fails_fails_each_time(play):
    def scene(cast):
        article = newsroom.published(cast)
        with pytest.raises((InvalidTransition, ValidationError)):
            newsroom.submit(cast, article)

    play(scene)
    play(scene)
