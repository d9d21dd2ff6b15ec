"""The queue: a queued job runs once, in one runner, and again after a failure."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from jobs import queue
from jobs.models import Job, JobRunner, JobState
from jobs.registry import JobFailed, RegisteredJob, job
from jobs.runner import WorkLoop
from jobs.schedules import Every, Whenever

pytestmark = pytest.mark.usefixtures("only_ours")
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def ran(only_ours) -> list[dict]:
    """Return the arguments of each run of the job `tests.note`, in order."""
    runs: list[dict] = []

    @job("tests.note", label="Take a note")
    def note(context):
        runs.append(context.arguments)
        return f"note {len(runs)}"

    return runs


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 11, 29, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def only() -> Job:
    return Job.objects.get()


def test_a_job_runs_with_its_arguments_and_is_done(db, ran):
    queue.enqueue("tests.note", {"number": 7})
    assert WorkLoop().step() and ran == [{"number": 7}]
    assert (only().state, only().summary, only().attempts) == (JobState.DONE, "note 1", 1)
    assert not WorkLoop().step()


def test_a_change_that_is_undone_queues_nothing(db, ran):
    with pytest.raises(RuntimeError), transaction.atomic():
        queue.enqueue("tests.note", key="a")
        raise RuntimeError
    assert not Job.objects.exists()


def test_a_name_that_nobody_registered_is_refused(db, ran):
    with pytest.raises(KeyError):
        queue.enqueue("tests.nothing")


def test_arguments_that_are_not_json_are_refused(db, ran):
    with pytest.raises(TypeError):
        queue.enqueue("tests.note", {"when": timezone.now()})


def test_a_name_is_registered_once(ran):
    with pytest.raises(ValueError, match="already"):
        job("tests.note", label="Another")(lambda context: None)


def test_what_is_queued_twice_under_one_key_runs_once_and_at_the_earlier_time(db, ran, clock):
    now = timezone.now()
    queue.enqueue("tests.note", key="a", at=now + HOUR)
    queue.enqueue("tests.note", key="a", at=now + MINUTE)
    queue.enqueue("tests.note", key="a", at=now + 2 * HOUR)
    assert only().due_at == now + MINUTE


def test_without_a_key_or_with_another_one_it_runs_each_time(db, ran):
    for key in ("", "", "a", "b"):
        queue.enqueue("tests.note", key=key)
    assert [WorkLoop().step() for _ in range(5)] == [True] * 4 + [False]


def test_a_key_is_free_again_once_its_job_has_ended(db, ran):
    for _ in range(2):
        queue.enqueue("tests.note", key="a")
        WorkLoop().step()
    assert len(ran) == 2


def test_what_is_queued_while_it_runs_runs_once_more(db, only_ours):
    runs = []

    @job("tests.note", label="Take a note")
    def note(context):
        runs.append(1)
        if len(runs) == 1:
            queue.enqueue("tests.note", key="a")

    queue.enqueue("tests.note", key="a")
    assert [WorkLoop().step() for _ in range(3)] == [True, True, False]
    assert len(runs) == 2 and only().state == JobState.DONE


def test_a_job_waits_for_its_time(db, ran, clock):
    queue.enqueue("tests.note", at=timezone.now() + MINUTE)
    assert not WorkLoop().step()
    clock.shift(MINUTE)
    assert WorkLoop().step()


def test_urgent_jobs_go_first_and_then_those_that_were_due_first(db, only_ours, clock):
    order = []
    for name, urgent in (("tests.slow", False), ("tests.quick", True)):
        job(name, label=name, urgent=urgent)(lambda context: order.append(context.arguments["number"]))
    now = timezone.now()
    for number, (name, ago) in enumerate(
        [("tests.slow", 1), ("tests.slow", 2), ("tests.quick", 1), ("tests.quick", 2)]
    ):
        queue.enqueue(name, {"number": number}, at=now - ago * MINUTE)
    while WorkLoop().step():
        pass
    assert order == [3, 2, 1, 0]


def test_a_job_that_this_code_does_not_know_is_left_for_newer_code(db, ran):
    Job.objects.create(name="tests.newer")
    assert not WorkLoop().step() and only().state == JobState.WAITING


# --- Failures


def test_a_job_that_fails_is_tried_again_later_and_then_given_up(db, only_ours, clock):
    @job("tests.broken", label="Break", max_attempts=2, first_retry=MINUTE)
    def broken(context):
        raise JobFailed("The mail server takes nothing.")

    queue.enqueue("tests.broken", key="a")
    assert WorkLoop().step()
    waiting = only()
    assert (waiting.state, waiting.attempts, waiting.error) == (JobState.WAITING, 1, "The mail server takes nothing.")
    assert 45 * SECOND <= waiting.due_at - timezone.now() <= 75 * SECOND and not WorkLoop().step()
    clock.shift(75 * SECOND)
    assert WorkLoop().step() and only().state == JobState.FAILED
    clock.shift(HOUR)
    assert not WorkLoop().step()


def test_an_error_that_nobody_expected_is_kept_with_its_type_and_logged_with_its_place(db, only_ours, caplog):
    job("tests.broken", label="Break")(lambda context: 1 / 0)
    queue.enqueue("tests.broken")
    WorkLoop().step()
    assert only().error == "ZeroDivisionError: division by zero" and "Traceback" in caplog.text


def test_what_a_failed_job_has_written_in_its_own_transactions_stays_and_an_atomic_one_leaves_nothing(db, only_ours):
    for name, atomic in (("tests.plain", False), ("tests.whole", True)):

        @job(name, label=name, atomic=atomic)
        def write(context):
            JobRunner.objects.create(name=context.arguments["name"])
            raise JobFailed("Half of it is done.")

        queue.enqueue(name, {"name": name})
    while WorkLoop().step():
        pass
    assert [row.name for row in JobRunner.objects.all()] == ["tests.plain"]


def test_the_wait_doubles_up_to_the_longest_and_varies_by_a_quarter():
    kind = RegisteredJob("a", "a", lambda context: None, None, 10, 10 * SECOND, HOUR, MINUTE, False, False)
    for attempts, middle in ((1, 10), (2, 20), (5, 160), (10, 3600), (1000, 3600)):
        delays = [kind.retry_delay(attempts).total_seconds() for _ in range(200)]
        assert 0.75 * middle <= min(delays) < max(delays) <= 1.25 * middle
        assert max(delays) - min(delays) > 0.2 * middle


# --- Several runners


def test_a_job_that_one_runner_has_is_not_taken_by_another(db, ran):
    queue.enqueue("tests.note")
    assert queue.claim("one") and queue.claim("two") is None


def test_a_job_whose_runner_has_gone_is_taken_by_another_once_the_lease_is_over(db, ran, clock):
    queue.enqueue("tests.note", {"number": 7})
    queue.claim("killed")
    clock.shift(queue.LEASE - SECOND)
    assert not WorkLoop().step()
    clock.shift(2 * SECOND)
    assert WorkLoop().step() and ran == [{"number": 7}]


def test_a_lease_that_is_renewed_goes_on(db, ran, clock):
    queue.enqueue("tests.note")
    mine = queue.claim("one")
    clock.shift(queue.LEASE - SECOND)
    assert queue.renew(mine)
    clock.shift(queue.LEASE - SECOND)
    assert queue.claim("two") is None


@pytest.mark.parametrize(
    "record",
    [lambda job: queue.complete(job, ""), lambda job: queue.fail(job, "no"), queue.release],
    ids=["done", "failed", "put back"],
)
def test_a_runner_that_was_silent_for_too_long_records_nothing(db, ran, clock, record):
    queue.enqueue("tests.note")
    late = queue.claim("late")
    clock.shift(queue.LEASE + SECOND)
    other = queue.claim("other")
    assert other.pk == late.pk and not queue.renew(late)
    with pytest.raises(queue.LeaseLost):
        record(late)
    assert (only().state, only().runner) == (JobState.RUNNING, "other")


def test_what_an_atomic_job_has_written_is_undone_where_another_runner_has_taken_it(db, only_ours):
    @job("tests.whole", label="All or nothing", atomic=True)
    def write(context):
        JobRunner.objects.create(name="written")
        Job.objects.update(runner="other")

    queue.enqueue("tests.whole")
    WorkLoop().step()
    assert not JobRunner.objects.exists()


def test_a_job_that_takes_its_runner_with_it_each_time_is_given_up(db, only_ours, clock):
    job("tests.deadly", label="Kill the runner", max_attempts=2)(lambda context: None)
    queue.enqueue("tests.deadly")
    for _ in range(2):
        assert queue.claim("killed")
        clock.shift(queue.LEASE + SECOND)
    assert not WorkLoop().step()
    assert only().state == JobState.FAILED and "ended in the middle" in only().error


# --- Periodic jobs


@pytest.fixture
def hourly(only_ours) -> list:
    """Register an hourly job; return what each run was told about the run before."""
    runs: list = []
    job("tests.hourly", label="Every hour", schedule=Every(HOUR))(lambda context: runs.append(context.covered))
    return runs


def test_a_periodic_job_has_one_row_which_waits_for_the_next_time(db, hourly, clock):
    now = timezone.now()
    for _ in range(2):
        queue.add_periodic()
    assert WorkLoop().step() and not WorkLoop().step()
    row = only()
    assert (row.state, row.due_at, row.finished_at) == (JobState.WAITING, now + HOUR, now)
    clock.shift(HOUR)
    assert WorkLoop().step() and hourly == [None, now]


def test_a_periodic_job_that_is_given_up_waits_for_its_next_time_and_keeps_the_error_until_it_succeeds(
    db, only_ours, clock
):
    fails = [True]

    @job("tests.hourly", label="Every hour", schedule=Every(HOUR), max_attempts=1)
    def hourly(context):
        if fails:
            raise JobFailed("Not today.")

    queue.add_periodic()
    now = timezone.now()
    WorkLoop().step()
    assert (only().state, only().due_at, only().error, only().attempts) == (
        *(JobState.WAITING, now + HOUR, "Not today.", 0),
    )
    fails.clear()
    clock.shift(HOUR)
    WorkLoop().step()
    assert only().error == ""


@pytest.mark.parametrize(("fails", "state"), [(False, JobState.DONE), (True, JobState.FAILED)])
def test_the_row_of_a_job_that_has_lost_its_schedule_runs_once_more_and_ends(db, only_ours, fails, state):
    @job("tests.hourly", label="No longer every hour", max_attempts=1)
    def hourly(context):
        if fails:
            raise JobFailed("Not today.")

    Job.objects.create(name="tests.hourly", key="tests.hourly", is_periodic=True)
    assert WorkLoop().step() and not WorkLoop().step()
    assert (only().state, only().error) == (state, "Not today." if fails else "")


def test_a_job_that_waits_for_something_is_due_as_soon_as_there_is_something(db, only_ours, clock):
    wanted, runs = [], []
    schedule = Whenever(lambda covered: wanted[0] if wanted else None)

    @job("tests.watch", label="Watch", schedule=schedule)
    def watch(context):
        runs.append(timezone.now())
        wanted.clear()

    queue.add_periodic()
    assert WorkLoop().step() and not WorkLoop().step()
    wanted.append(timezone.now() + MINUTE)
    assert not WorkLoop().step() and only().due_at == wanted[0]
    clock.shift(MINUTE)
    assert WorkLoop().step() and len(runs) == 2 and not WorkLoop().step()


def test_a_job_that_waits_for_something_and_fails_is_not_tried_every_second_and_never_given_up(db, only_ours, clock):
    tries = []

    @job("tests.watch", label="Watch", schedule=Whenever(lambda covered: timezone.now() - HOUR), max_attempts=2)
    def watch(context):
        tries.append(1)
        raise JobFailed("The mail server takes nothing.")

    queue.add_periodic()
    for _ in range(3600):
        WorkLoop().step()
        clock.shift(SECOND)
    assert 6 <= len(tries) <= 10  # 15 seconds, doubled each time
    assert only().attempts == len(tries)


# --- Actions of administrators, and deletion


def test_a_failed_job_is_tried_again_with_all_its_attempts_and_no_job_twice(db, ran):
    queue.enqueue("tests.note", key="a")
    Job.objects.update(state=JobState.FAILED, attempts=10, error="no")
    queue.enqueue("tests.note", key="a")
    Job.objects.filter(state=JobState.WAITING).update(due_at=timezone.now() + HOUR)
    assert queue.try_again(Job.objects.all()) == 1  # its key is queued already, so that job becomes due now
    assert WorkLoop().step() and not WorkLoop().step()
    assert queue.try_again(Job.objects.all()) == 1 and WorkLoop().step()
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


def test_a_discarded_job_does_not_run_and_periodic_and_running_ones_stay(db, ran, hourly):
    queue.add_periodic()
    queue.enqueue("tests.note", at=timezone.now() - MINUTE)
    queue.enqueue("tests.note")
    running = queue.claim("one")
    assert running.name == "tests.note" and queue.discard(Job.objects.all()) == 1
    states = {(row.name, row.state) for row in Job.objects.all()}
    assert states == {
        ("tests.note", JobState.RUNNING),
        ("tests.note", JobState.DISCARDED),
        ("tests.hourly", JobState.WAITING),
    }


def test_jobs_that_ended_are_deleted_after_thirty_days(db, ran, hourly, clock):
    queue.add_periodic()
    for _ in range(3):
        queue.enqueue("tests.note")
    while WorkLoop().step():
        pass
    clock.shift(timedelta(days=29, hours=23))
    queue.enqueue("tests.note")
    assert queue.purge(timezone.now()) == 0
    clock.shift(2 * HOUR)
    assert queue.purge(timezone.now()) == 3
    assert sorted(row.name for row in Job.objects.all()) == ["tests.hourly", "tests.note"]
