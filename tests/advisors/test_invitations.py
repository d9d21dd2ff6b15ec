"""Tokens belong to one advisor and one review, are stored as hashes, and end with the task."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from advisors import invitations, reviews
from advisors.models import Conflict, PanelMember, Review, ReviewToken, Verdict
from articles import workflow
from articles.models import Article
from tests import mailing, newsroom

LINK = re.compile(r"/board/r/([\w-]+)/")


@pytest.fixture
def review(cast) -> Review:
    newsroom.in_review(cast)
    return Review.objects.get(advisor=cast.advisors[0])


def opens(raw: str) -> Review | None:
    found = invitations.find(raw)
    return found and found.review


def test_a_token_opens_its_review_and_no_other(cast, review):
    other = Review.objects.get(advisor=cast.advisors[1])
    elsewhere = newsroom.submit(cast, newsroom.draft(cast, title="Another")).reviews.get(advisor=review.advisor)
    raw, theirs, next_one = (invitations.issue(each) for each in (review, other, elsewhere))
    assert (opens(raw), opens(theirs), opens(next_one)) == (review, other, elsewhere)
    assert len({raw, theirs, next_one}) == 3 and all(len(one) >= 43 for one in (raw, theirs, next_one))


@pytest.mark.parametrize("guess", ["", "x", "a" * 43, "a" * 10_000, "\x00", "\ud800", "’", "%s", "' OR 1=1 --"])
def test_a_guess_opens_nothing_and_costs_what_a_hit_costs(review, guess):
    raw = invitations.issue(review)
    counts = []
    for tried in (raw, guess, ReviewToken.objects.get().token_hash):
        with CaptureQueriesContext(connection) as queries:
            found = invitations.find(tried)
        counts.append((len(queries), bool(found)))
    assert counts == [(1, True), (1, False), (1, False)]


def test_only_its_hash_is_in_the_database_and_in_no_email_that_is_kept(cast, settings, client):
    settings.EMAIL_BACKEND = mailing.QUEUE
    newsroom.in_review(cast)
    tally, emails = mailing.deliver(settings)
    assert tally.sent == 2
    raws = [LINK.search(email.body)[1] for email in emails]
    assert [opens(raw).advisor for raw in raws] == cast.advisors[:2]
    kept = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            kept.append(str(cursor.fetchall()))
    assert not [raw for raw in raws if raw in "".join(kept)]
    assert all(invitations.token_hash(raw) in "".join(kept) for raw in raws)


@pytest.mark.parametrize(("due_in", "lasts"), [(30, 38), (14, 22), (3, 14), (-20, 14)])
def test_a_token_lasts_a_week_beyond_the_due_date_and_two_weeks_at_least(cast, due_in, lasts):
    with time_machine.travel("2026-12-01 00:00Z", tick=False) as clock:
        article = newsroom.draft(cast)
        day = timezone.localdate() + timedelta(days=due_in)
        submission = workflow.submit(article=article, actor=cast.writer, due_on=day)
        raw = invitations.issue(submission.reviews.first())
        clock.shift(timedelta(days=lasts) - timedelta(seconds=1))
        assert opens(raw)
        clock.shift(timedelta(seconds=1))
        assert not opens(raw)


def test_a_revoked_token_opens_nothing(review):
    raws = [invitations.issue(review) for _ in range(3)]
    assert invitations.revoke(review) == 3
    assert not any(map(opens, raws)) and invitations.revoke(review) == 0


@pytest.mark.parametrize("how", ["declined", "recalled", "changes"])
def test_what_is_not_asked_for_any_more_can_still_be_read_by_its_token(cast, review, how):
    raw, theirs = (invitations.issue(each) for each in Review.objects.order_by("pk"))
    if how == "declined":
        reviews.decline(review=review, actor=review.advisor.user, reason="On leave.")
    elif how == "recalled":
        workflow.recall(article=Article.objects.get(), actor=cast.writer)
    else:
        newsroom.verdict(Review.objects.exclude(pk=review.pk).get(), Verdict.CHANGES)
    assert opens(raw) == review and not opens(raw).is_waiting
    assert opens(theirs)


def test_after_the_verdict_the_token_opens_what_nothing_can_be_done_to(cast, review):
    raw = invitations.issue(review)
    newsroom.verdict(review)
    found = opens(raw)
    assert found == review and not found.is_waiting


@pytest.mark.parametrize("left", ["advisor", "user"])
def test_the_token_of_somebody_who_has_left_opens_nothing(review, left):
    raw = invitations.issue(review)
    gone = review.advisor if left == "advisor" else review.advisor.user
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    assert not opens(raw)


def test_a_visit_that_is_refused_is_no_use_of_it(review, client, cast):
    raw = invitations.issue(review)
    client.force_login(cast.editor)
    assert client.get(f"/board/r/{raw}/").status_code == 403
    assert ReviewToken.objects.get().last_used_at is None
    client.logout()
    assert client.get(f"/board/r/{raw}/").status_code == 200
    assert ReviewToken.objects.get().last_used_at is not None


def test_its_use_is_noted_at_most_once_a_minute(review):
    with time_machine.travel("2026-12-01 08:00Z", tick=False) as clock:
        raw, noted = invitations.issue(review), []
        for seconds in (0, 30, 29, 1):
            clock.shift(timedelta(seconds=seconds))
            invitations.record_use(invitations.find(raw))
            noted.append(
                ReviewToken.objects.get().last_used_at.second + ReviewToken.objects.get().last_used_at.minute * 60
            )
    assert noted == [0, 0, 0, 60]


def test_the_email_leads_where_the_desk_answers():
    assert reverse("board:arrive", args=["abc"]) == "/board/r/abc/"


def test_no_link_leaves_for_a_review_that_is_asked_for_no_more(cast, settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    newsroom.in_review(cast)
    workflow.recall(article=Article.objects.get(), actor=cast.writer)
    tally, emails = mailing.deliver(settings)
    assert (tally.cancelled, tally.sent) == (2, 2)
    assert {email.subject for email in emails} == {"The round on “Magnesium and sleep” is over"}
    assert not ReviewToken.objects.exists()


def test_a_conflict_and_a_second_email_change_nothing_about_whose_token_it_is(cast, review):
    first = invitations.issue(review)
    newsroom.verdict(review, conflict=Conflict.DECLARED)
    PanelMember.objects.create(article=Article.objects.get(), advisor=cast.advisors[2], confirmed=True)
    assert opens(first) == review and opens(first).advisor == cast.advisors[0]
    assert isinstance(ReviewToken.objects.first().expires_at, datetime) and not Email.objects.exists()
