"""The jobs of the site: emails are sent soon, reminders are written, and each start and end is announced once."""

from datetime import timedelta

import pytest
import time_machine
from django.core.mail import send_mail
from django.utils import timezone
from post_office.models import STATUS, Email

from articles.jobs import next_turn
from articles.signals import publications_turned
from jobs import queue, registry
from jobs.models import Job, JobState
from jobs.runner import WorkLoop
from tests import mailing, newsroom

HOUR = timedelta(hours=1)


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def only(monkeypatch, *names: str) -> None:
    """Register only these jobs."""
    monkeypatch.setattr(registry, "_JOBS", {name: registry.known(name) for name in names})
    queue.add_periodic()


def work() -> None:
    loop = WorkLoop()
    while loop.step():
        pass


def test_an_email_leaves_as_soon_as_it_is_queued(db, settings, monkeypatch, clock):
    only(monkeypatch, "mail.send")
    with mailing.post_server(settings) as server:
        work()
        assert not WorkLoop().step()
        send_mail("Subject", "Text", None, ["ada@example.org"])
        clock.shift(timedelta(seconds=1))
        work()
        assert len(server.emails) == 1 and Email.objects.get().status == STATUS.sent


def test_a_mail_server_that_is_down_is_asked_again_after_a_while_and_nothing_is_lost(db, settings, monkeypatch, clock):
    only(monkeypatch, "mail.send")
    with mailing.post_server(settings) as server:
        port = server.port
    send_mail("Subject", "Text", None, ["ada@example.org"])
    work()
    row = Job.objects.get()
    assert row.attempts == 1 and "accepts no emails" in row.error and not WorkLoop().step()
    with mailing.post_server(settings, port) as server:
        clock.shift(timedelta(seconds=20))
        work()
        assert len(server.emails) == 1 and Job.objects.get().error == ""


def test_every_periodic_job_of_the_site_runs_on_an_empty_database(db, settings, monkeypatch):
    with mailing.post_server(settings):
        names = [name for name in registry.names() if not name.startswith("articles.check_")]
        only(monkeypatch, *names)
        Job.objects.update(due_at=timezone.now())
        work()
    rows = Job.objects.filter(is_periodic=True)
    assert rows.count() == len(names) - 3 and not rows.exclude(error="").exists()  # three are not periodic
    assert not rows.filter(finished_at=None).exists() and not rows.exclude(state=JobState.WAITING).exists()


@pytest.fixture
def announced() -> list:
    """Collect the announcements of publications: each start and end with the article's slug."""
    heard: list = []

    def hear(sender, started, ended, **kwargs):
        heard.extend(
            [("started", row.article.slug) for row in started] + [("ended", row.article.slug) for row in ended]
        )

    publications_turned.connect(hear)
    yield heard
    publications_turned.disconnect(hear)


def test_what_starts_at_a_time_that_was_set_is_announced_then_and_once(cast, monkeypatch, announced):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        only(monkeypatch, "articles.turns", "articles.tell")
        work()
        article = newsroom.approved(cast)
        start = timezone.now() + timedelta(days=2, minutes=7)
        newsroom.publish(cast, article, at=start)
        assert next_turn(timezone.now()) == start
        clock.shift(timedelta(days=2, minutes=7) - timedelta(seconds=1))
        work()
        assert announced == []
        clock.shift(timedelta(seconds=1))
        work()
        assert announced == [("started", article.slug)]
        clock.shift(3 * HOUR)
        work()
        assert announced == [("started", article.slug)] and next_turn(timezone.now()) is None


def test_what_was_missed_while_no_runner_was_there_is_announced_by_the_next_one(cast, monkeypatch, announced):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        only(monkeypatch, "articles.turns", "articles.tell")
        work()
        article = newsroom.approved(cast)
        newsroom.publish(cast, article, at=timezone.now() + HOUR)
        clock.shift(timedelta(days=3))
        work()
        assert announced == [("started", article.slug)]


def test_a_receiver_that_fails_is_asked_again_and_what_others_wrote_is_undone(cast, monkeypatch):
    heard = []

    def fail_once(sender, **kwargs):
        Email.objects.create(from_email="a@example.org", to=["b@example.org"])
        heard.append(1)
        if len(heard) == 1:
            raise RuntimeError("not yet")

    with time_machine.travel(timezone.now(), tick=False) as clock:
        only(monkeypatch, "articles.turns", "articles.tell")
        work()
        newsroom.publish(cast, newsroom.approved(cast), at=timezone.now() + HOUR)
        before = Email.objects.count()
        clock.shift(HOUR)
        publications_turned.connect(fail_once)
        try:
            work()
            assert Email.objects.count() == before
            clock.shift(timedelta(minutes=1))
            work()
        finally:
            publications_turned.disconnect(fail_once)
    assert len(heard) == 2 and Email.objects.count() == before + 1
