"""The runner's loop: signals, timeouts, a database that does not answer, and `manage.py work --once`."""

import logging
import os
import signal
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from jobs import queue, registry, runner
from jobs.models import Job, JobRunner, JobState
from jobs.registry import JobFailed, job
from jobs.schedules import Every
from tests.jobs.runners import Runners, register

HOUR = timedelta(hours=1)


@pytest.fixture
def theirs(only_ours):
    """Register the jobs of `tests.jobs.runners`, so that they can be queued here."""
    register()


def work_once() -> str:
    out = StringIO()
    call_command("work", once=True, stdout=out)
    return out.getvalue().strip()


# --- manage.py work --once


def test_once_runs_what_is_due_and_says_how_much(db, only_ours):
    job("tests.note", label="Take a note")(lambda context: None)
    job("tests.hourly", label="Every hour", schedule=Every(HOUR))(lambda context: None)
    queue.enqueue("tests.note")
    queue.enqueue("tests.note", at=timezone.now() + HOUR)
    assert work_once() == "2 jobs done, 0 failed." and work_once() == "0 jobs done, 0 failed."


def test_once_ends_though_a_job_is_always_due(db, only_ours):
    job("tests.always", label="Always", schedule=Every(timedelta(0, 0, 1)))(lambda context: None)
    assert work_once() == "1 jobs done, 0 failed."


def test_once_fails_where_a_job_fails(db, only_ours):
    @job("tests.broken", label="Break")
    def broken(context):
        raise JobFailed("No.")

    queue.enqueue("tests.broken")
    with pytest.raises(CommandError, match="1 jobs failed"):
        work_once()


def test_a_line_is_logged_for_each_job(db, only_ours, caplog):
    caplog.set_level(logging.INFO)
    job("tests.note", label="Take a note")(lambda context: "3 notes taken")
    queue.enqueue("tests.note", {"number": 7})
    work_once()
    (line,) = [record.getMessage() for record in caplog.records if record.name == "jobs.runner"]
    assert line.startswith("tests.note number=7: done in ") and line.endswith("s: 3 notes taken")


# --- The loop


def test_a_runner_is_seen(db, only_ours):
    work_once()
    assert JobRunner.objects.get().seen_at <= timezone.now()


def test_runners_that_are_long_gone_are_forgotten(db, only_ours):
    JobRunner.objects.create(name="gone", seen_at=timezone.now() - timedelta(days=1, hours=1))
    JobRunner.objects.create(name="of an hour ago", seen_at=timezone.now() - HOUR)
    work_once()
    assert not JobRunner.objects.filter(name="gone").exists() and JobRunner.objects.count() == 2


def test_a_database_that_is_away_is_waited_for(db, only_ours, monkeypatch, caplog):
    loop, asked = runner.WorkLoop(), []

    def advance():
        asked.append(1)
        if len(asked) == 1:
            raise OperationalError("server closed the connection\nunexpectedly")
        loop.stop()

    monkeypatch.setattr(queue, "advance", advance)
    monkeypatch.setattr(runner, "OUTAGE_PAUSE", 0.01)
    monkeypatch.setattr(runner.connection, "close", lambda: None)
    loop.run()
    assert len(asked) == 2 and "The database failed: server closed the connection unexpectedly" in caplog.text


def test_a_job_that_exceeds_its_time_out_is_interrupted_and_cannot_take_it_for_an_error_of_its_own(db, theirs):
    queue.enqueue("tests.overlong")
    runner.WorkLoop().step()
    row = Job.objects.get()
    assert row.state == JobState.FAILED and row.error == "JobTimedOut: It ran for longer than its time-out."


def test_a_time_out_ends_with_its_job(db, theirs):
    queue.enqueue("tests.overlong")
    runner.WorkLoop().step()
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0) and signal.getsignal(signal.SIGALRM) == signal.SIG_DFL


def test_urgent_jobs_run_in_the_middle_of_a_long_one_and_its_own_time_goes_on(own, only_ours, monkeypatch):
    monkeypatch.setattr(runner, "POLL", 0.0)
    order = []

    @job("tests.long", label="Take long", timeout=timedelta(seconds=60))
    def long(context):
        for name in ("tests.quick", "tests.other"):
            queue.enqueue(name)
        before = signal.getitimer(signal.ITIMER_REAL)[0]
        context.give_way()
        order.append("long")
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= before

    job("tests.quick", label="Quick", urgent=True)(lambda context: order.append("quick"))
    job("tests.other", label="Other")(lambda context: order.append("other"))
    queue.enqueue("tests.long")
    work_once()
    assert order == ["quick", "long", "other"] and not Job.objects.exclude(state=JobState.DONE).exists()


def test_no_job_gives_way_in_the_middle_of_a_transaction(db, only_ours, monkeypatch):
    monkeypatch.setattr(runner, "POLL", 0.0)
    order = []

    @job("tests.whole", label="All or nothing", atomic=True)
    def whole(context):
        queue.enqueue("tests.quick")
        context.give_way()
        order.append("whole")

    job("tests.quick", label="Quick", urgent=True)(lambda context: order.append("quick"))
    queue.enqueue("tests.whole")
    work_once()
    assert order == ["whole", "quick"]


# --- Signals, in processes of their own


def test_a_runner_that_is_told_to_stop_ends_its_job_first(own, theirs, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    queue.enqueue("tests.wait", {"pipe": str(tmp_path / "pipe")})
    queue.enqueue("tests.email", {"number": 1}, at=timezone.now() + timedelta(seconds=1))
    with Runners(own, 1) as runners:
        runners.listen(lambda: "begun" in runners.told)
        os.kill(runners.there[0], signal.SIGTERM)
        (tmp_path / "pipe").write_text("go on")
        runners.listen(lambda: runners.killed == 1)  # it has ended by itself, and is replaced
        assert Job.objects.get(name="tests.wait").state == JobState.DONE
        code, log = runners.stop()
    assert code == 0 and "tests.wait" in log and ": done in " in log


def test_a_job_that_does_not_end_in_time_is_put_back_and_that_is_no_failed_attempt(own, theirs):
    queue.enqueue("tests.endless")
    with Runners(own, 1, grace=0.3, lease=60) as runners:
        runners.listen(lambda: "begun" in runners.told)
        code, log = runners.stop()
    row = Job.objects.get()
    assert code == 0 and (row.state, row.attempts, row.error) == (JobState.WAITING, 0, "")
    assert "put back" in log


def test_an_idle_runner_stops_at_once(own, only_ours):
    with Runners(own, 2) as runners:
        runners.listen(lambda: len(runners.there) == 2)
        code, log = runners.stop()
    assert code == 0, log


def test_the_job_of_a_runner_that_is_killed_is_run_by_another(own, theirs, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    queue.enqueue("tests.wait", {"pipe": str(tmp_path / "pipe")})
    with Runners(own, 1, lease=1) as runners:
        runners.listen(lambda: "begun" in runners.told)
        os.kill(runners.there[0], signal.SIGKILL)
        runners.listen(lambda: runners.told.count("begun") == 2)
        (tmp_path / "pipe").write_text("go on")
        runners.stop()
    row = Job.objects.get()
    assert (row.state, row.attempts) == (JobState.DONE, 2)


def test_a_job_that_lasts_longer_than_its_lease_is_not_taken_by_another(own, theirs, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    queue.enqueue("tests.wait", {"pipe": str(tmp_path / "pipe")})
    with Runners(own, 2, lease=1) as runners:
        runners.listen(lambda: "begun" in runners.told)
        first = Job.objects.get()
        leases = {first.leased_until}
        while len(leases) < 6:  # renewed four times a second
            leases.add(Job.objects.get().leased_until)
        (tmp_path / "pipe").write_text("go on")
        runners.stop()
    row = Job.objects.get()
    assert max(leases) - min(leases) >= timedelta(seconds=1) and (row.attempts, row.runner) == (1, first.runner)
    assert runners.told.count("begun") == 1 and registry.known("tests.wait")
