"""What happens when the clock of the machine is set back, by an hour, a day or a year."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from advisors import reviews
from advisors.models import Verdict
from articles import drafting, rounds, workflow
from articles.models import Article, Transition
from tests import newsroom

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BACK = [HOUR, timedelta(days=1), timedelta(days=365)]

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def clock(cast):
    """A clock that stands at noon until a test moves it; the cast has existed for two years."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture(params=BACK, ids=str)
def set_back(request, clock) -> Callable[[], None]:
    """A function that sets the clock back."""
    return lambda: clock.shift(-request.param)


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def times(article: Article) -> list[datetime]:
    """Return the times of the article's log in the order in which the entries were written."""
    return list(Transition.objects.filter(article=article).order_by("pk").values_list("at", flat=True))


# The board


def test_a_text_is_submitted_recalled_and_changed_with_the_clock_set_back(cast, set_back):
    article = newsroom.draft(cast)
    set_back()
    newsroom.submit(cast, article)
    submission = workflow.recall(article=article, actor=cast.writer)
    newsroom.rewrite(cast, article, title="Another title")

    assert submission.closed_at == submission.submitted_at == NOON
    assert set(times(article)) == {NOON}
    assert fresh(article).saved_at == fresh(article).head().created_at == NOON


def test_the_board_approves_with_the_clock_set_back(cast, set_back):
    article = newsroom.in_review(cast)
    set_back()
    approval = newsroom.approve(article.submissions.get())

    assert approval.approved_at == approval.submission.closed_at == NOON
    assert {signed.signed_at for signed in approval.signatories.all()} == {NOON}


def test_no_verdict_is_older_than_an_earlier_one(cast, clock, set_back):
    article = newsroom.in_review(cast)
    first, second = article.submissions.get().reviews.order_by("pk")
    clock.shift(HOUR)
    newsroom.verdict(first)
    set_back()
    newsroom.verdict(second)

    assert article.submissions.get().approval.approved_at == NOON + HOUR


def test_the_board_requests_changes_with_the_clock_set_back(cast, set_back):
    article = newsroom.in_review(cast)
    set_back()
    newsroom.verdict(article.submissions.get().reviews.first(), Verdict.CHANGES)

    submission = article.submissions.get()
    assert submission.closed_at == NOON
    assert submission.answers_until is None or submission.answers_until > NOON


@pytest.mark.parametrize("ended_by", ["an editor", "the last answer", "the last refusal"])
def test_a_round_that_has_ended_stays_over_when_the_clock_is_set_back(cast, set_back, ended_by):
    article = newsroom.in_review(cast)
    first, second = article.submissions.get().reviews.order_by("pk")
    reviews.accept(review=second, actor=second.advisor.user)
    newsroom.verdict(first, Verdict.CHANGES)
    assert fresh(article).is_locked
    if ended_by == "an editor":
        workflow.end_round(article=article, actor=cast.editor, reason="Enough is said.")
    elif ended_by == "the last answer":
        newsroom.verdict(second)
    else:
        reviews.decline(review=second, actor=second.advisor.user, reason="Then there is no need.")
    set_back()

    second.refresh_from_db()
    assert not fresh(article).is_locked and rounds.closing(fresh(article)) is None
    assert not article.submissions.get().is_closing and not second.is_waiting
    newsroom.rewrite(cast, article, title="What was asked for")


def test_the_log_warns_that_the_clock_is_behind(cast, clock, caplog):
    article = newsroom.draft(cast)
    clock.shift(-HOUR)
    with caplog.at_level(logging.WARNING, "articles.models.moments"):
        newsroom.rewrite(cast, article, title="Another title")

    assert f"The clock is 1:00:00 behind the record of article {article.pk}" in caplog.text


def test_a_clock_that_is_right_makes_no_warning(cast, clock, caplog):
    article = newsroom.draft(cast)
    clock.shift(HOUR)
    newsroom.submit(cast, article)

    assert "behind the record" not in caplog.text
    assert times(article) == [NOON + HOUR]


def test_a_revision_restored_with_the_clock_set_back_is_not_older_than_the_one_before(cast, set_back):
    article = newsroom.draft(cast)
    newsroom.rewrite(cast, article, title="Another title")
    set_back()
    restored = drafting.restore(article=article, number=1, actor=cast.writer, seen_version=fresh(article).version)

    assert restored.created_at == NOON
