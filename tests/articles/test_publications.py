"""What readers see at which moment as publications start, follow each other, expire and are withdrawn."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from articles import workflow
from articles.exceptions import InvalidTransition
from articles.models import Article, ChangeKind, Publication
from tests import newsroom

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def clock(cast):
    """A clock that stands at noon until a test moves it; the cast existed before."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def shown(article: Article, at: datetime | None = None) -> int | None:
    """Return the number of the revision that readers see at that time, or None."""
    publication = article.publications.visible(at).select_related("approval__revision").first()
    return publication and publication.approval.revision.number


def next_version(cast, article: Article) -> Article:
    """Change the text as the writer, let the board approve it, and return the article."""
    article.refresh_from_db()
    newsroom.rewrite(cast, article, title=f"Magnesium and sleep, version {article.version}")
    newsroom.approve(newsroom.submit(cast, article))
    return article


def publish(cast, article: Article, **arguments) -> Publication:
    return workflow.publish(article=article, actor=cast.editor, **arguments)


def schedule(cast, article: Article, at: datetime, **arguments) -> Publication:
    return workflow.schedule(article=article, actor=cast.editor, at=at, **arguments)


# One publication


def test_a_publication_is_seen_from_its_first_moment(cast):
    article = newsroom.approved(cast)
    schedule(cast, article, NOON + HOUR)
    assert (shown(article, NOON + HOUR - MOMENT), shown(article, NOON + HOUR)) == (None, 1)


def test_a_publication_is_not_seen_any_more_at_its_end(cast):
    article = newsroom.approved(cast)
    publish(cast, article, until=NOON + HOUR)
    assert (shown(article, NOON + HOUR - MOMENT), shown(article, NOON + HOUR)) == (1, None)


def test_what_is_approved_is_not_seen_before_it_is_published(cast):
    assert shown(newsroom.approved(cast)) is None


def test_what_is_scheduled_appears_by_itself(cast, clock):
    article = newsroom.approved(cast)
    schedule(cast, article, NOON + HOUR)
    assert shown(article) is None
    clock.move_to(NOON + HOUR)
    assert shown(article) == 1


def test_what_expires_vanishes_by_itself(cast, clock):
    article = newsroom.approved(cast)
    schedule(cast, article, NOON + HOUR, until=NOON + 2 * HOUR)
    clock.move_to(NOON + 2 * HOUR)
    assert shown(article) is None


def test_an_article_is_visible_while_a_publication_is(cast):
    article = newsroom.approved(cast)
    schedule(cast, article, NOON + HOUR, until=NOON + 2 * HOUR)
    moments = [NOON, NOON + HOUR, NOON + 2 * HOUR]
    assert [Article.objects.visible(at).count() for at in moments] == [0, 1, 0]


def test_an_article_is_visible_once_whatever_was_published_before(cast, clock):
    article = newsroom.published(cast)
    clock.shift(HOUR)
    publish(cast, next_version(cast, article))
    assert Article.objects.visible().count() == 1


# One after another


def test_the_next_version_takes_over_at_the_same_moment(cast, clock):
    article = newsroom.published(cast)
    clock.shift(HOUR)
    assert shown(article) == 1
    publish(cast, next_version(cast, article))
    assert shown(article) == 2
    second, first = article.publications.all()
    assert first.ends_at == second.starts_at == NOON + HOUR


def test_what_is_live_stays_until_the_scheduled_version_starts(cast):
    article = newsroom.published(cast)
    schedule(cast, next_version(cast, article), NOON + HOUR)
    assert (shown(article), shown(article, NOON + HOUR)) == (1, 2)


def test_what_ends_before_the_scheduled_version_starts_keeps_its_end(cast):
    article = newsroom.approved(cast)
    publish(cast, article, until=NOON + HOUR)
    schedule(cast, next_version(cast, article), NOON + 2 * HOUR)
    moments = [NOON, NOON + HOUR, NOON + 2 * HOUR]
    assert [shown(article, at) for at in moments] == [1, None, 2]


def test_two_versions_published_in_the_same_instant_do_not_overlap(cast):
    article = newsroom.published(cast)
    publish(cast, next_version(cast, article))
    assert shown(article) == 2
    second, first = article.publications.all()
    assert first.ends_at == second.starts_at == NOON + MOMENT


# Cancelled


def test_calling_off_gives_what_is_live_back_its_open_end(cast):
    article = newsroom.published(cast)
    schedule(cast, next_version(cast, article), NOON + HOUR)
    workflow.unschedule(article=article, actor=cast.editor)
    assert shown(article, NOON + HOUR) == 1
    assert article.publications.visible().get().ends_at is None


def test_calling_off_gives_what_is_live_back_the_end_it_was_given(cast):
    article = newsroom.approved(cast)
    publish(cast, article, until=NOON + 3 * HOUR)
    schedule(cast, next_version(cast, article), NOON + HOUR)
    workflow.unschedule(article=article, actor=cast.editor)
    assert (shown(article, NOON + 2 * HOUR), shown(article, NOON + 3 * HOUR)) == (1, None)


def test_what_was_called_off_is_never_seen(cast):
    article = newsroom.approved(cast)
    schedule(cast, article, NOON + HOUR)
    workflow.unschedule(article=article, actor=cast.editor)
    assert shown(article, NOON + 2 * HOUR) is None
    assert article.publications.get().cancelled_at == NOON


def test_what_was_called_off_can_be_scheduled_anew(cast):
    article = newsroom.approved(cast)
    schedule(cast, article, NOON + HOUR)
    workflow.unschedule(article=article, actor=cast.editor)
    schedule(cast, article, NOON + 2 * HOUR)
    assert (shown(article, NOON + HOUR), shown(article, NOON + 2 * HOUR)) == (None, 1)


def test_what_has_started_is_not_called_off(cast, clock):
    article = newsroom.approved(cast)
    schedule(cast, article, NOON + HOUR)
    clock.move_to(NOON + HOUR)
    with pytest.raises(InvalidTransition, match="it has started"):
        workflow.unschedule(article=article, actor=cast.editor)


# Withdrawn and back


def test_what_is_withdrawn_is_not_seen_from_that_moment(cast, clock):
    article = newsroom.published(cast)
    clock.shift(HOUR)
    assert shown(article) == 1
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    assert shown(article) is None
    withdrawn = article.publications.withdrawn().get()
    assert (withdrawn.ends_at, withdrawn.notice) == (NOON + HOUR, "A dose was wrong.")


def test_a_withdrawal_calls_off_what_was_scheduled(cast, clock):
    article = newsroom.published(cast)
    schedule(cast, next_version(cast, article), NOON + 2 * HOUR)
    clock.shift(HOUR)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    assert [shown(article, at) for at in (NOON + HOUR, NOON + 2 * HOUR)] == [None, None]


def test_what_was_withdrawn_comes_back_from_now_on(cast, clock):
    article = newsroom.published(cast)
    clock.shift(HOUR)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    clock.shift(HOUR)
    back = workflow.reinstate(article=article, actor=cast.editor, reason="The dose is right.")
    assert (shown(article), back.starts_at) == (1, NOON + 2 * HOUR)
    assert (back.kind, back.change_note) == (ChangeKind.REINSTATEMENT, "The dose is right.")


def test_what_expired_comes_back_without_an_end(cast, clock):
    article = newsroom.approved(cast)
    publish(cast, article, until=NOON + HOUR)
    clock.shift(2 * HOUR)
    assert workflow.reinstate(article=article, actor=cast.editor, reason="Still right.").ends_at is None


def test_what_is_shown_until_a_day_is_not_reinstated_before_that_day(cast, clock):
    article = newsroom.approved(cast)
    publish(cast, article, until=NOON + 2 * HOUR)
    clock.shift(HOUR)
    with pytest.raises(InvalidTransition, match="This article has no withdrawn version"):
        workflow.reinstate(article=article, actor=cast.editor, reason="Still right.")
    assert article.publications.count() == 1


def test_reinstating_brings_back_what_was_shown_last_and_not_the_working_copy(cast, clock):
    article = newsroom.published(cast)
    clock.shift(HOUR)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    next_version(cast, article)
    clock.shift(HOUR)
    workflow.reinstate(article=article, actor=cast.editor, reason="It was right.")
    assert shown(article) == 1
    article.refresh_from_db()
    assert article.stage == "approved"


# A renewed review


def test_a_renewed_review_leaves_what_readers_see_as_it_is(cast, clock):
    article = newsroom.published(cast)
    clock.shift(HOUR)
    newsroom.approve(workflow.submit(article=article, actor=cast.writer, reason="renewal"))
    article.refresh_from_db()
    assert (shown(article), article.publications.count(), article.stage) == (1, 1, "published")
    assert article.revisions.get().approvals.count() == 2


@pytest.mark.parametrize("decision", ["approve", "recall"])
def test_what_was_withdrawn_during_a_renewed_review_is_not_called_published_after_it(cast, clock, decision):
    article = newsroom.published(cast)
    clock.shift(HOUR)
    renewal = workflow.submit(article=article, actor=cast.writer, reason="renewal")
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    clock.shift(HOUR)
    if decision == "approve":
        newsroom.approve(renewal)
    else:
        workflow.recall(article=article, actor=cast.writer)
    article.refresh_from_db()
    assert (shown(article), article.stage) == (None, "withdrawn")


# The log


def test_the_first_publication_is_called_so_and_the_next_an_update(cast, clock):
    article = newsroom.published(cast)
    clock.shift(HOUR)
    publish(cast, next_version(cast, article), change_note="New trials.")
    second, first = article.publications.all()
    assert (first.kind, second.kind, second.change_note) == ("first", "update", "New trials.")


def test_a_first_publication_that_was_called_off_does_not_make_the_next_an_update(cast):
    article = newsroom.approved(cast)
    schedule(cast, article, NOON + HOUR)
    workflow.unschedule(article=article, actor=cast.editor)
    assert publish(cast, article).kind == ChangeKind.FIRST


def test_a_correction_is_called_what_the_editor_calls_it(cast):
    article = newsroom.published(cast)
    assert publish(cast, next_version(cast, article), kind=ChangeKind.CORRECTION).kind == "correction"


def test_a_publication_keeps_who_published_it(cast):
    article = newsroom.published(cast)
    publication = article.publications.get()
    assert (publication.published_by, publication.published_by_name) == (cast.editor, "Editor")
