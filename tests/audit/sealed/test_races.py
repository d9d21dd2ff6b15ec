"""Events at the same moment are entries of the log one after the other, and transactions do not wait for each other."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from articles import workflow
from articles.exceptions import InvalidTransition
from audit import integrity, log
from audit.models import Leaf
from sources.models import Source
from tests import newsroom
from tests.audit.sealed import tree
from tests.racing import race

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a race can only be seen on PostgreSQL"),
]


@pytest.fixture
def cast(committed) -> Iterator[newsroom.Cast]:
    """Return the cast. After the test, prove the log and the chain."""
    yield newsroom.cast()
    leaves = list(Leaf.objects.values_list("position", "data"))
    assert [position for position, _data in leaves] == list(range(len(leaves)))
    assert log.root(len(leaves)) == tree.mth([data.encode() for _position, data in leaves])
    assert list(integrity.faults()) == []


def test_publications_at_the_same_moment_are_entries_one_after_the_other(cast):
    articles = [newsroom.approved(cast) for _article in range(6)]
    came_to = race(*(partial(workflow.publish, article=article, actor=cast.editor) for article in articles))
    assert [error for error in came_to if isinstance(error, Exception)] == []
    assert Leaf.objects.filter(event="publication").count() == 6


def test_a_retraction_of_what_two_articles_cite_and_an_editor_do_not_wait_for_each_other(cast):
    """The retraction has logged the first article's event, and locked the log, when it comes to the second."""
    for _round in range(5):
        source = newsroom.source(f"round{_round}")
        text = f'<h2>The trials</h2><p>Sleep was longer by 17 minutes.<sup data-cite="{source.key}"></sup></p>'
        articles = [newsroom.approved(cast, sources=[source], body=text) for _article in range(2)]
        for article in articles:
            newsroom.publish(cast, article, at=timezone.now() + timedelta(days=1))
        came_to = race(
            partial(workflow.unschedule_retracted, sources=[Source.objects.get(pk=source.pk)]),
            partial(workflow.unschedule, article=articles[1], actor=cast.editor),
        )
        errors = [error for error in came_to if isinstance(error, Exception)]
        assert all(isinstance(error, InvalidTransition) for error in errors), errors
        assert Leaf.objects.filter(event="calling_off", publication__article__in=articles).count() == 2
