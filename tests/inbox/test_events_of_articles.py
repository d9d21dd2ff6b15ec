"""Who is told of what happens to an article: each event, each person, once."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from advisors import reviews
from advisors.models import Conflict, Verdict
from articles import workflow
from articles.assignments.assigning import ShownAssignment, assign
from articles.jobs import follow_turns
from inbox import preferences
from inbox.events import events
from inbox.models import Delivery, Notification
from jobs.models import Job
from jobs.registry import JobContext
from jobs.runner import WorkLoop
from sources.models import Nature
from sources.retractions import note
from tests import mailing, newsroom

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def emails_are_queued(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE


def work() -> None:
    """Run the jobs that tell people of what happened."""
    Job.objects.exclude(name="articles.tell").delete()
    loop = WorkLoop()
    while loop.step():
        pass


def told(person) -> list[tuple[str, str]]:
    """Return the event and the subject of what this person was told, the oldest first, and forget it."""
    work()
    rows = Notification.objects.filter(recipient=person).order_by("pk")
    found = list(rows.values_list("event", "subject"))
    rows.delete()
    return found


def test_a_writer_is_told_from_the_board_to_the_readers_and_back(cast):
    article = newsroom.changes_requested(cast)
    [(event, subject)] = told(cast.writer)
    assert event == "came_back" and "Magnesium and sleep" in subject
    assert [event for event, _ in told(cast.editor)] == ["came_back"]

    newsroom.rewrite(cast, article, standfirst="What three trials have measured.")
    newsroom.approve(newsroom.submit(cast, article))
    assert told(cast.writer) == [("approved", "Approved by the board: “Magnesium and sleep”")]
    assert [event for event, _ in told(cast.editor)] == ["approved"]

    newsroom.publish(cast, article, at=timezone.now() + timedelta(hours=1))
    workflow.unschedule(article=article, actor=cast.editor, reason="Not yet.")
    newsroom.publish(cast, article)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    workflow.reinstate(article=article, actor=cast.editor, reason="It was right.")
    assert told(cast.writer) == [
        ("scheduled", "Scheduled: “Magnesium and sleep”"),
        ("scheduled", "No longer scheduled: “Magnesium and sleep”"),
        ("published", "Published: “Magnesium and sleep”"),
        ("withdrawn", "Withdrawn: “Magnesium and sleep”"),
        ("published", "Readers see it again: “Magnesium and sleep”"),
    ]
    assert told(cast.editor) == [], "whoever acts is not told of it"
    assert told(cast.colleague) == []


def test_a_scheduled_article_that_appears_is_told_once(cast):
    article = newsroom.approved(cast)
    newsroom.publish(cast, article, at=timezone.now() + timedelta(hours=1))
    told(cast.writer)
    before = timezone.now()
    with time_machine.travel(before + timedelta(hours=2)):
        for _ in range(2):
            follow_turns(JobContext(now=timezone.now(), covered=before))
        assert told(cast.writer) == [("published", "Published: “Magnesium and sleep”")]


def test_the_people_of_an_article_hear_that_its_source_was_retracted(cast, django_capture_on_commit_callbacks):
    newsroom.published(cast)
    told(cast.writer), told(cast.editor)
    with django_capture_on_commit_callbacks(execute=True):
        note(source=cast.source, actor=cast.admin, nature=Nature.RETRACTION, reason="The journal retracted it.")
    assert told(cast.writer) == [("retraction", "doe2020 was retracted, and an article of yours cites it")]
    assert told(cast.editor) == [("retraction", "doe2020: retracted")]


def test_a_conflict_of_interest_and_an_answer_reach_the_editors(cast):
    article = newsroom.draft(cast, panel=3)
    first, second, _third = newsroom.submit(cast, article).reviews.order_by("pk")
    reviews.decline(review=second, actor=second.advisor.user, reason="On leave.")
    newsroom.verdict(first, conflict=Conflict.DECLARED)
    assert [event for event, _ in told(cast.editor)] == ["reviewers", "conflict"]


def test_whoever_gets_or_loses_an_article_is_told_unless_they_did_it_themselves(cast):
    article = newsroom.draft(cast)
    nobody, day = ShownAssignment(None, None), timezone.localdate() + timedelta(days=7)
    assign(article=article, actor=cast.editor, person=cast.writer, due_on=None, seen=nobody)
    assert told(cast.writer) == [("assigned", "Assigned to you: “Magnesium and sleep”")]
    seen = ShownAssignment(cast.writer.pk, None)
    assign(article=article, actor=cast.editor, person=cast.writer, due_on=day, seen=seen)
    assert told(cast.writer) == [("assigned", "Deadline changed: “Magnesium and sleep”")]
    seen = ShownAssignment(cast.writer.pk, day)
    assign(article=article, actor=cast.editor, person=cast.colleague, due_on=day, seen=seen)
    assert told(cast.writer) == [("assigned", "No longer assigned to you: “Magnesium and sleep”")]
    assert told(cast.colleague) == [("assigned", "Assigned to you: “Magnesium and sleep”")]
    seen = ShownAssignment(cast.colleague.pk, day)
    assign(article=article, actor=cast.colleague, person=None, due_on=day, seen=seen)
    assert told(cast.colleague) == [] and told(cast.editor) == []


def test_the_reference_describes_every_event():
    table = Path("docs/reference/notifications.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == {event.name for event in events()}


def test_each_event_follows_the_preference_of_the_person(cast):
    preferences.prefer(cast.writer, {event.name: Delivery.OFF for event in events()})
    article = newsroom.approved(cast)
    newsroom.publish(cast, article)
    work()
    assert "writer@example.org" not in dict(mailing.queued())
    assert [event for event, _ in told(cast.writer)] == ["approved", "published"]


def test_a_reviewer_who_asks_for_changes_is_named_without_their_address(cast, settings):
    article = newsroom.draft(cast)
    with mailing.post_server(settings) as server:
        newsroom.verdict(newsroom.submit(cast, article).reviews.first(), Verdict.CHANGES)
        mailing.send_queue()
    [message] = [email for to, email in server.emails if to == ["writer@example.org"]]
    assert "ada@example.org" not in str(message)
    assert message["From"].addresses[0].display_name == "The Betterment Project"
