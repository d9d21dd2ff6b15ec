"""Two people at the same moment, on PostgreSQL: readers who send the same words, editors who decide on one report."""

from functools import partial

import pytest
from django.db import connection

from articles.exceptions import InvalidTransition
from articles.models import Publication
from tests import newsroom
from tests.racing import race
from website.error_reports import handling
from website.models import ErrorReport, ReportEvent, ReportState

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a race can only be seen on PostgreSQL"),
]
ROUNDS = 5


@pytest.fixture
def cast(committed) -> newsroom.Cast:
    return newsroom.cast()


@pytest.fixture
def publication(cast) -> Publication:
    article = newsroom.published(cast)
    return Publication.objects.select_related("approval__revision").get(article=article)


def test_a_double_click_makes_one_report(publication):
    for serial in range(ROUNDS):
        click = partial(handling.receive, publication=publication, message=f"No. {serial}")
        assert not [came for came in race(click, click, click) if isinstance(came, Exception)]
        assert ErrorReport.objects.get(message=f"No. {serial}").times == 3


def test_of_two_editors_who_close_one_report_the_second_is_refused(publication, cast):
    for serial in range(ROUNDS):
        report = handling.receive(publication=publication, message=f"No. {serial}")
        moves = [
            partial(handling.close, report=report, actor=actor, state=ReportState.SPAM, seen=0)
            for actor in (cast.editor, cast.admin)
        ]
        refused = [came for came in race(*moves) if isinstance(came, Exception)]
        assert [type(error) for error in refused] == [InvalidTransition]
        assert ReportEvent.objects.filter(report=report).count() == 1


def test_what_is_closed_while_another_is_joined_to_it_leaves_no_open_part(publication, cast):
    for serial in range(ROUNDS):
        one = handling.receive(publication=publication, message=f"One {serial}")
        two = handling.receive(publication=publication, message=f"Two {serial}")
        came_to = race(
            partial(handling.close, report=one, actor=cast.editor, state=ReportState.SPAM),
            partial(handling.mark_duplicate, report=two, actor=cast.admin, same_as=one.pk),
        )
        assert all(isinstance(came, InvalidTransition) for came in came_to if isinstance(came, Exception))
        one.refresh_from_db()
        two.refresh_from_db()
        assert not one.is_open and (two.same_as_id is None or not two.is_open)
