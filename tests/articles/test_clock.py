"""What happens when the clock of the machine is set back, by an hour, a day or a year."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from advisors import reviews
from advisors.models import Review, Verdict
from advisors.quorum import signatures
from articles import drafting, rounds, workflow
from articles.exceptions import InvalidTransition
from articles.jobs import follow_turns
from articles.models import Approval, Article, ChangeKind, Publication, Reason, Transition
from audit.integrity.publications import overlaps
from jobs.registry import JobContext
from tests import newsroom
from tests.articles.rows import copy_of, insert, publication, refused
from tests.audit.parts import found_by
from tests.cached_worker import HOST, Worker, transaction_ends

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)
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


def test_an_answer_after_its_time_is_refused_in_words_when_the_clock_is_set_back(cast, clock):
    article = newsroom.in_review(cast)
    first, second = article.submissions.get().reviews.order_by("pk")
    reviews.accept(review=second, actor=second.advisor.user)
    newsroom.verdict(first, Verdict.CHANGES)
    clock.shift(timedelta(days=30))
    newsroom.rewrite(cast, article, title="What was asked for")
    clock.shift(-timedelta(days=29))

    assert not article.submissions.get().is_closing
    with pytest.raises(InvalidTransition):
        newsroom.verdict(second)
    with pytest.raises(InvalidTransition):
        reviews.comment(review=second, actor=second.advisor.user, text="Too late.")


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


# Publishing


def next_version(cast, article: Article, **fields) -> Article:
    newsroom.rewrite(cast, article, **{"title": f"Version {fresh(article).version}", **fields})
    newsroom.approve(newsroom.submit(cast, article))
    return fresh(article)


def shown(article: Article) -> int | None:
    """Return the number of the revision that readers see now, or None."""
    publication = article.publications.visible().select_related("approval__revision").first()
    return publication and publication.approval.revision.number


def test_every_verb_of_the_editors_works_with_the_clock_set_back(cast, set_back):
    article = newsroom.approved(cast)
    set_back()
    workflow.publish(article=article, actor=cast.editor)
    assert shown(article) == 1
    workflow.publish(article=next_version(cast, article), actor=cast.editor, kind=ChangeKind.CORRECTION)
    assert shown(article) == 2
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    assert shown(article) is None
    workflow.reinstate(article=article, actor=cast.editor, reason="The dose is right.")
    assert shown(article) == 2
    workflow.schedule(article=next_version(cast, article), actor=cast.editor, at=NOON + HOUR)
    assert shown(article) == 2
    workflow.unschedule(article=article, actor=cast.editor)
    workflow.submit(article=next_version_to_renew(cast, article), actor=cast.editor, reason=Reason.RENEWAL)

    assert times(article) == sorted(times(article))
    assert not found_by(overlaps)


def next_version_to_renew(cast, article: Article) -> Article:
    workflow.publish(article=fresh(article), actor=cast.editor)
    newsroom.answer_warnings(article, cast.editor)
    return fresh(article)


def test_a_start_before_the_newest_entry_of_the_log_is_not_scheduled(cast, set_back):
    article = newsroom.approved(cast)
    set_back()
    with pytest.raises(InvalidTransition, match="That moment has passed"):
        workflow.schedule(article=article, actor=cast.editor, at=NOON)


# Readers


@pytest.mark.parametrize("planned", [False, True], ids=["at once", "scheduled"])
def test_what_was_replaced_stays_replaced_when_the_clock_is_set_back(cast, clock, set_back, planned):
    article = newsroom.published(cast)
    clock.shift(HOUR)
    if planned:
        workflow.schedule(article=next_version(cast, article), actor=cast.editor, at=NOON + 2 * HOUR)
        clock.shift(HOUR)
        newsroom.rewrite(cast, article, title="A draft")
    else:
        workflow.publish(article=next_version(cast, article), actor=cast.editor, kind=ChangeKind.CORRECTION)
    set_back()
    set_back()

    assert shown(article) == 2


def test_what_was_withdrawn_stays_withdrawn_when_the_clock_is_set_back(cast, client, clock, set_back):
    article = newsroom.published(cast)
    clock.shift(HOUR)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    set_back()
    set_back()
    page = client.get(article.get_absolute_url())

    assert shown(article) is None
    assert page.status_code == 410 and "A dose was wrong." in page.content.decode()
    assert "A dose was wrong." in client.get(reverse("website:corrections")).content.decode()
    assert "A dose was wrong." in client.get(reverse("website:record", args=[article.slug])).content.decode()
    assert article.title not in client.get(reverse("website:home")).content.decode()


def test_a_correction_stays_on_every_page_when_the_clock_is_set_back(cast, client, clock, set_back):
    article = newsroom.published(cast)
    clock.shift(HOUR)
    corrected = next_version(cast, article, title="The right dose")
    workflow.publish(article=corrected, actor=cast.editor, kind=ChangeKind.CORRECTION, change_note="It was wrong.")
    set_back()
    set_back()
    pages = {
        name: client.get(reverse(f"website:{name}", args=args)).content.decode()
        for name, args in {
            "article": [article.slug],
            "home": [],
            "topic": [cast.topic.slug],
            "author": [cast.author.slug],
            "corrections": [],
            "record": [article.slug],
            "feed_atom": [],
        }.items()
    }

    assert {name: "The right dose" in page for name, page in pages.items()} == dict.fromkeys(pages, True)
    assert "It was wrong." in pages["record"] and "It was wrong." in pages["corrections"]


@pytest.mark.parametrize("recorded_by", ["the job runner", "an entry in the log"])
def test_what_has_expired_stays_off_the_page_when_the_clock_is_set_back(cast, client, clock, set_back, recorded_by):
    article = newsroom.approved(cast)
    workflow.publish(article=article, actor=cast.editor, until=NOON + HOUR)
    clock.shift(HOUR)
    if recorded_by == "the job runner":
        follow_turns(JobContext(now=NOON + HOUR, covered=NOON))
    else:
        newsroom.rewrite(cast, article, title="A draft")
        newsroom.submit(cast, article)
    set_back()
    set_back()

    assert shown(article) is None
    assert client.get(article.get_absolute_url()).status_code == 404
    assert list(Publication.objects.expired()) == [article.publications.get()]


def test_a_scheduled_start_comes_at_its_time_once_the_clock_is_right(cast, clock, set_back):
    article = newsroom.approved(cast)
    workflow.schedule(article=article, actor=cast.editor, at=NOON + HOUR)
    other = newsroom.published(cast, title="Another")
    set_back()
    newsroom.rewrite(cast, other, title="Yet another")
    assert (shown(article), shown(other)) == (None, 1)
    clock.move_to(NOON + HOUR - MOMENT)
    assert shown(article) is None
    clock.move_to(NOON + HOUR)
    assert shown(article) == 1


def test_a_clock_that_was_ahead_does_not_bring_forward_what_is_scheduled(cast, clock):
    article = newsroom.approved(cast)
    workflow.schedule(article=article, actor=cast.editor, at=NOON + timedelta(days=30))
    clock.shift(timedelta(days=365))
    other = newsroom.published(cast, title="Another")
    clock.move_to(NOON)

    assert (shown(article), shown(other)) == (None, 1)
    again = next_version(cast, other)
    with pytest.raises(InvalidTransition, match="That moment has passed"):
        workflow.schedule(article=again, actor=cast.editor, at=NOON + HOUR)


def test_a_start_that_is_recorded_is_never_taken_back(cast):
    publication = newsroom.published(cast).publications.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(has_started=False)


@pytest.fixture
def worker(settings) -> Worker:
    settings.ALLOWED_HOSTS = [HOST]
    return Worker()


def test_a_worker_serves_nothing_that_was_withdrawn_before_the_clock_was_set_back(cast, clock, set_back, worker):
    article = newsroom.published(cast)
    addresses = [article.get_absolute_url(), reverse("website:home")]
    assert all(article.title in worker.get(address).text for address in addresses)
    transaction_ends()
    clock.shift(HOUR)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    set_back()
    set_back()
    worker.later()

    assert "A dose was wrong." in worker.get(addresses[0]).text
    assert article.title not in worker.get(addresses[1]).text


def test_a_worker_drops_what_it_rendered_while_the_clock_was_ahead(cast, clock, worker):
    article = newsroom.approved(cast)
    workflow.schedule(article=article, actor=cast.editor, at=NOON + HOUR)
    addresses = [article.get_absolute_url(), reverse("website:home")]
    clock.shift(2 * HOUR)
    assert all(article.title in worker.get(address).text for address in addresses)
    clock.move_to(NOON)
    worker.later()

    assert worker.get(addresses[0]).status == 404
    assert article.title not in worker.get(addresses[1]).text


# The database


def test_the_database_refuses_an_entry_of_the_log_before_the_newest(cast):
    article = newsroom.in_review(cast)
    with refused("never goes back in time"):
        insert(copy_of(article.transitions.get(), at=NOON - MOMENT))
    insert(copy_of(article.transitions.get(), at=NOON))


def test_the_database_refuses_a_verdict_before_the_newest_entry_of_the_log(cast):
    article = newsroom.in_review(cast)
    review = article.submissions.get().reviews.first()
    reviews.accept(review=review, actor=review.advisor.user)
    given = {"verdict": "approve", "conflict": "none", "digest": article.head().digest}
    signatures.sign(review=review, authentication=newsroom.SIGNED_IN)
    with refused("never goes back in time"):
        Review.objects.filter(pk=review.pk).update(**given, verdict_at=NOON - MOMENT)
    Review.objects.filter(pk=review.pk).update(**given, verdict_at=NOON)


def test_the_database_refuses_an_approval_before_the_newest_entry_of_the_log(cast):
    article = newsroom.in_review(cast)
    submission, revision = article.submissions.get(), article.head()
    row = {"submission": submission, "revision": revision, "digest": revision.digest}
    with refused("never goes back in time"):
        insert(Approval(**row, approved_at=NOON - MOMENT))
    insert(Approval(**row, approved_at=NOON))


@pytest.mark.parametrize("name", ["created_at", "starts_at"])
def test_the_database_refuses_a_publication_before_the_newest_entry_of_the_log(cast, name):
    article = newsroom.approved(cast)
    approval = article.head().approvals.get()
    with refused("never goes back in time"):
        insert(publication(article, approval, **{name: NOON - MOMENT}))
    insert(publication(article, approval))
