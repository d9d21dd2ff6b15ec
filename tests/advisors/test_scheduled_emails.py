"""Scheduled emails: each is sent once, whatever days were missed and however many machines run."""

from datetime import date, timedelta
from io import StringIO
from threading import Barrier, Thread

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import Email

from advisors import disclosures, emails, panel, reviews, scheduled_emails, weekly_digest
from advisors.models import Conflict, PanelMember, Question, Review, ScheduledEmail
from articles import workflow
from articles.models import Article, Topic
from tests import mailing, newsroom

# A Tuesday; rounds that open now are due on Tuesday the 15th.
START = "2026-12-01 07:00Z"


@pytest.fixture
def clock(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def asked(clock, cast) -> Article:
    """Return a round with two advisors. Their invitations and the newsroom's own emails of that week have been sent."""
    article = newsroom.in_review(cast)
    run(clock)
    return article


def run(clock, days: float = 0) -> list[str]:
    """Move the clock, then plan and write. Return the emails queued by that, as "subject's beginning > recipient"."""
    clock.shift(timedelta(days=days))
    before = set(Email.objects.values_list("pk", flat=True))
    scheduled_emails.plan(timezone.now())
    scheduled_emails.send(timezone.now())
    rows = Email.objects.exclude(pk__in=before).order_by("pk")
    return [f"{KINDS.get(row.subject.split('“')[0], row.subject)} > {row.to[0].split('@')[0]}" for row in rows]


KINDS = {"Your review of ": "reminder", "Overdue since 15 December 2026: ": "late"}


def reminders(written: list[str]) -> list[str]:
    return [line for line in written if line.startswith(("reminder", "late"))]


def last_subject() -> str:
    return Email.objects.filter(subject__startswith="Your review").latest("pk").subject


def test_every_reminder_goes_on_its_day_and_not_twice(asked, clock):
    found = {}
    for _ in range(59):
        for _ in range(2):
            if written := reminders(run(clock, 0.5)):
                found.setdefault(timezone.localdate(), []).extend(written)
    both, editor = ["reminder > ada", "reminder > ben"], ["late > editor"]
    assert found == {
        date(2026, 12, 12): both,
        date(2026, 12, 17): [*both, *editor] if found[date(2026, 12, 17)][0] == both[0] else [*editor, *both],
        date(2026, 12, 24): both,
        date(2026, 12, 31): both,
        date(2027, 1, 7): both,
    }


@pytest.mark.parametrize(("days", "begins"), [(11.1, "is due on"), (14.1, "is due on"), (16.1, "was due on")])
def test_a_reminder_before_the_due_date_goes_late_rather_than_not_and_never_after_it(asked, clock, days, begins):
    assert reminders(run(clock, days))[:2] == ["reminder > ada", "reminder > ben"]
    assert last_subject().split("” ")[1].startswith(begins)
    assert reminders(run(clock)) == []


@pytest.mark.parametrize("missed", [3, 9, 17, 100])
def test_after_days_without_a_run_one_reminder_goes_and_not_one_for_each_day(asked, clock, missed):
    written = reminders(run(clock, 16.1 + missed))
    assert sorted(written) == ["late > editor", "reminder > ada", "reminder > ben"]
    assert "was due on 15 December" in last_subject()
    states = ScheduledEmail.objects.filter(occasion="overdue", review__advisor__slug="ada", due_at__lte=timezone.now())
    assert [bool(row.sent_at) for row in states.order_by("due_at")] == [False] * (states.count() - 1) + [True]
    assert reminders(run(clock, 0.1)) == []


def test_after_a_late_reminder_the_next_one_leaves_some_days_of_quiet(asked, clock):
    assert len(reminders(run(clock, 22.9))) == 3  # the one of the 17th, on the 24th before eight
    assert reminders(run(clock, 0.5)) == []
    assert len(reminders(run(clock, 7))) == 2


def test_four_reminders_at_most(asked, clock):
    count = sum(line == "reminder > ada" for _ in range(60) for line in run(clock, 7))
    assert 1 <= count <= 5 and ScheduledEmail.objects.filter(occasion="overdue", recipient__name="Ada").count() == 4


def test_an_answer_calls_the_reminders_off(cast, asked, clock):
    first, second = Review.objects.order_by("pk")
    newsroom.verdict(first)
    open_rows = ScheduledEmail.objects.filter(review=first, sent_at=None, cancelled_at=None)
    assert (
        not open_rows.exists() and ScheduledEmail.objects.filter(review=first, cancelled_at__isnull=False).count() == 5
    )
    assert reminders(run(clock, 11.1)) == ["reminder > ben"]
    reviews.decline(review=second, actor=second.advisor.user, reason="On leave.")
    assert reminders(run(clock, 30)) == []


def test_accepting_is_no_answer_yet(cast, asked, clock):
    for review in Review.objects.all():
        reviews.accept(review=review, actor=review.advisor.user)
    assert len(reminders(run(clock, 11.1))) == 2


def test_a_round_that_is_over_is_written_about_no_more(cast, asked, clock):
    workflow.recall(article=asked, actor=cast.writer)
    assert not ScheduledEmail.objects.filter(
        occasion__in=["before_due", "overdue", "editor_overdue"], cancelled_at=None
    ).exists()
    assert reminders(run(clock, 11.1)) == reminders(run(clock, 20)) == []


def test_a_reason_that_is_gone_is_seen_even_where_nobody_called_the_email_off(asked, clock):
    Review.objects.update(response="declined", responded_at=timezone.now())
    assert reminders(run(clock, 17)) == []
    assert not ScheduledEmail.objects.filter(due_at__lte=timezone.now(), sent_at=None, cancelled_at=None).exists()


def test_an_advisor_who_has_left_is_not_reminded(cast, asked, clock):
    type(cast.advisors[0]).objects.filter(slug="ada").update(is_active=False)
    assert reminders(run(clock, 11.1)) == ["reminder > ben"]


def test_another_due_date_has_reminders_of_its_own(asked, clock):
    submission = asked.submissions.get()
    type(submission).objects.filter(pk=submission.pk).update(due_on=date(2026, 12, 29))
    assert reminders(run(clock, 17)) == []
    assert reminders(run(clock, 8.1)) == ["reminder > ada", "reminder > ben"]
    assert "is due on 29 December" in last_subject()


def test_somebody_asked_shortly_before_the_due_date_is_not_reminded_the_same_day(cast, asked, clock):
    clock.shift(timedelta(days=11, hours=-1))
    PanelMember.objects.create(article=asked, advisor=cast.advisors[2], confirmed=True)
    panel.invite_new_members(article=asked, actor=cast.editor)
    assert reminders(run(clock, 0.2)) == ["reminder > ada", "reminder > ben"]


def test_the_weekly_digest_says_what_waits_and_goes_once_a_week(cast, asked, clock):
    newsroom.approved(cast, title="Ready to go")
    lonely = newsroom.submit(cast, newsroom.draft(cast, title="Lonely"))
    newsroom.verdict(lonely.reviews.first(), conflict=Conflict.DECLARED)
    newsroom.published(cast, title="Shown")
    Topic.objects.update(review_interval_days=20)
    weeks = [[line for line in run(clock, 1) if line.startswith("The week")] for _ in range(21)]
    assert [place for place, lines in enumerate(weeks, 2) if lines] == [8, 15, 22]
    words = Email.objects.filter(subject__startswith="The week").latest("pk").message
    for said in (
        "Magnesium and sleep: Dr Ada, PhD, due 15 December",
        "Lonely: 1 of 2",
        "Ready to go: approved 1 December",
        "Shown: last reviewed 1 December 2026",
    ):
        assert said in words, said
    assert "Shown: approved" not in words and "Ready to go: last" not in words


def test_a_digest_of_a_missed_week_is_not_sent_later(cast, asked, clock):
    scheduled_emails.plan(timezone.now())
    written = [line for line in run(clock, 30) if line.startswith("The week")]
    assert len(written) == 1 and not [line for line in run(clock, 0.1) if line.startswith("The week")]


def test_a_week_with_nothing_to_say_is_silent(cast, clock):
    assert run(clock, 7) == []
    assert ScheduledEmail.objects.get(occasion="weekly").cancelled_at


def test_a_digest_costs_the_same_however_much_it_says(cast, clock):
    counts = []
    for number in (1, 4):
        for place in range(number):
            newsroom.in_review(cast, title=f"Text {place}")
        with CaptureQueriesContext(connection) as queries:
            weekly_digest.week(timezone.now() + timedelta(days=30))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_a_disclosure_is_asked_for_a_month_before_it_ends_and_once_when_it_has(clock, cast):
    run(clock)
    found = {}
    for day in range(400):
        if written := [line for line in run(clock, 1) if "disclosure" in line]:
            found[day + 1] = len(written)
    assert found == {336: 3, 367: 3}  # each run is an hour before the hour of emails


def test_a_disclosure_that_was_renewed_is_not_asked_for(clock, cast):
    run(clock)
    scheduled_emails.plan(timezone.now())
    clock.shift(timedelta(days=300))
    for advisor in cast.advisors:
        interests = dict.fromkeys(Question, disclosures.Interest())
        disclosures.disclose(advisor=advisor, actor=advisor.user, interests=interests)
    assert not [line for day in range(90) for line in run(clock, 1) if "disclosure" in line]


def test_planning_twice_plans_once_and_costs_the_same(cast, asked, clock):
    before = ScheduledEmail.objects.count()
    assert scheduled_emails.plan(timezone.now()) == 0 == scheduled_emails.plan(timezone.now())
    assert ScheduledEmail.objects.count() == before
    counts = []
    for number in (1, 5):
        for place in range(number):
            newsroom.in_review(cast, title=f"Text {place}")
        with CaptureQueriesContext(connection) as queries:
            scheduled_emails.plan(timezone.now())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_an_email_that_cannot_be_written_stays_due_and_holds_up_no_other(asked, clock, monkeypatch, caplog):
    real = emails.due_soon

    def fails(review):
        if review.advisor.slug == "ada":
            raise RuntimeError("a broken template")
        return real(review)

    monkeypatch.setattr(emails, "due_soon", fails)
    assert reminders(run(clock, 11.1)) == ["reminder > ben"] and "a broken template" in caplog.text
    monkeypatch.undo()
    assert reminders(run(clock)) == ["reminder > ada"]


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("send_due", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_writes_and_sends(cast, asked, clock, settings):
    with mailing.post_server(settings) as server:
        clock.shift(timedelta(days=11.1))
        said = command()
        assert "2 written" in said and said.count("\n") == 1 and ", 0 left in the queue." in said
        recipients = sorted(to[0].split("@")[0] for to, _ in server.emails)
        assert recipients == ["ada", "ada", "ben", "ben"]  # the invitations of the start, and the reminders
        assert "0 written, 0 called off; 0 sent" in command()


def test_a_trial_changes_nothing(asked, clock, settings):
    clock.shift(timedelta(days=11.1))
    before = list(ScheduledEmail.objects.values()), list(Email.objects.values())
    with mailing.post_server(settings) as server:
        said = command("--dry-run")
    assert "2 written" in said and "this was a trial" in said and not server.connections
    assert (list(ScheduledEmail.objects.values()), list(Email.objects.values())) == before


def test_a_mail_server_that_is_down_is_said_and_loses_nothing(asked, clock, settings):
    with mailing.post_server(settings) as server:
        port = server.port
    for days in (11.1, 5, 7):
        clock.shift(timedelta(days=days))
        with pytest.raises(CommandError, match="accepts no emails"):
            command()
    kept = Email.objects.count()
    with mailing.post_server(settings, port) as server:
        command(), command()
    assert len(server.emails) == kept == Email.objects.filter(status=0).count()
    assert len({(to[0], email["Subject"], email["Message-ID"]) for to, email in server.emails}) == kept


def test_a_mail_server_that_refuses_everything_is_said(asked, clock, settings):
    with mailing.post_server(settings) as server:
        server.answers["MAIL"] = "550 not from you"
        with pytest.raises(CommandError, match="refused every email"):
            command()


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="a race can only be seen on PostgreSQL")
def test_two_machines_at_once_send_each_email_once(committed, settings):
    mailing.use(settings, 1)
    with time_machine.travel(START, tick=False) as clock:
        cast = newsroom.cast()
        for place in range(8):
            newsroom.in_review(cast, title=f"Text {place}")
        clock.shift(timedelta(days=11.1))
        with mailing.post_server(settings) as server:
            start, came_to = Barrier(3), []

            def machine() -> None:
                try:
                    connection.ensure_connection()
                    start.wait(timeout=120)
                    came_to.append(command())
                except Exception as error:
                    came_to.append(error)
                finally:
                    connection.close()

            threads = [Thread(target=machine, daemon=True) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=300)
    assert [said for said in came_to if not isinstance(said, str)] == []
    sent = [(to[0], email["Subject"]) for to, email in server.emails]
    assert len(sent) == len(set(sent)) == Email.objects.count() == 2 * 8 * 2
    assert scheduled_emails.due_emails(timezone.now()) == []
