"""The job queue: all changes to jobs, each as a conditional update. Any number of runners may work at the same time.

A runner claims a job for a limited time, the lease, and renews the lease while it works. If the runner dies, the lease
ends and another runner claims the job. Everything that a runner records about a job is conditional on still holding its
lease.
"""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Least
from django.utils import timezone

from jobs import registry
from jobs.models import UNFINISHED, Job, JobState
from jobs.schedules import Schedule

LEASE = timedelta(minutes=2)
KEPT_FOR = timedelta(days=30)
LONGEST_ERROR, LONGEST_SUMMARY = 4_000, 500
ROUNDS = 20


class LeaseLost(Exception):
    """Raised if a runner records the end of a job that another runner has claimed in the meantime."""


def enqueue(name: str, arguments: dict[str, Any] | None = None, *, key: str = "", at: datetime | None = None) -> None:
    """Queue the job `name` in the caller's transaction, so that nothing is queued if the transaction is rolled back.

    `arguments` must be serialisable as JSON. `at` is the aware time at which the job is due, by default now. If an
    unfinished job has the same `key`, no job is added: a waiting job becomes due at the earlier of the two times, and a
    running job runs once more, because it may have missed the caller's change. On PostgreSQL that job stays locked
    until the caller commits, so a key should name a single thing (“pictures.renditions <hash>”) and not a whole class
    of things. Raise KeyError for a name that is not registered, TypeError for arguments that cannot be serialised, and
    IntegrityError if, ROUNDS times in a row, another process takes the key and releases it again.
    """
    kind = registry.known(name)
    json.dumps(arguments or {})
    row = Job(name=name, arguments=arguments or {}, key=key or None, is_urgent=kind.is_urgent)
    row.due_at = at or row.queued_at
    if not key:
        row.save(force_insert=True)
        return
    for _round in range(ROUNDS):
        same = Job.objects.filter(key=key)
        if same.filter(state=JobState.WAITING).update(due_at=Least(F("due_at"), row.due_at)):
            return
        if same.filter(state=JobState.RUNNING).update(run_again=True):
            return
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            return
        except IntegrityError:  # somebody else has just queued a job with this key
            continue
    raise IntegrityError(f"The key {key!r} was taken and freed {ROUNDS} times.")


def add_periodic() -> None:
    """Add the missing rows of periodic jobs. Makes two queries, or one if no row is missing."""
    there = set(Job.objects.filter(is_periodic=True).unfinished().values_list("name", flat=True))
    now = timezone.now()
    rows = [
        Job(name=kind.name, key=kind.name, is_periodic=True, is_urgent=kind.is_urgent, due_at=kind.schedule.first(now))
        for kind in registry.periodic()
        if kind.schedule and kind.name not in there
    ]
    Job.objects.bulk_create(rows, ignore_conflicts=True)  # another runner may be starting, too


def advance() -> None:
    """Make each job with a `Whenever` schedule due at the time that its schedule names, if that is sooner than planned.

    A job that has failed waits for its next attempt instead. Makes one query, the query of each schedule, and an update
    for each job that becomes due sooner.
    """
    schedules = registry.waited_for()
    waiting = Job.objects.filter(name__in=schedules, is_periodic=True, state=JobState.WAITING, attempts=0)
    for row in waiting.filter(due_at__gt=timezone.now()):
        moment = schedules[row.name].moment(row.covered_until)
        if moment and moment < row.due_at:
            Job.objects.filter(pk=row.pk, state=JobState.WAITING, attempts=0).update(due_at=moment)


def claim(runner: str, *, leaving: Collection[int] = (), only_urgent: bool = False) -> Job | None:
    """Claim the next due job for this runner and return it, or return None if there is no such job.

    Jobs whose primary keys are in `leaving` are skipped; with `only_urgent`, so are those that are not urgent. Jobs
    that this code does not know are left for a newer version of the code. A job during which as many runners have died
    as it may have attempts is given up, because it may be what kills the runners.
    """
    due = Job.objects.due(timezone.now()).filter(name__in=registry.names()).exclude(pk__in=leaving)
    if only_urgent:
        due = due.filter(is_urgent=True)
    while due.exists():  # outside a transaction, which on SQLite would lock the database
        with transaction.atomic():
            row = due.select_for_update(skip_locked=True).in_order().first()
            if row is None:
                return None
            job = _take(row, runner)
        if job and not registry.known(job.name).is_spent(job.attempts - 1):
            return job
        if job:
            _give_up(job, "The runner ended in the middle of it, each time that it was tried.")
    return None


def _take(row: Job, runner: str) -> Job | None:
    """Give this runner the lease of the job. Return the updated job, or None if another runner was faster."""
    now = timezone.now()
    taken = (
        Job.objects.due(now)
        .filter(pk=row.pk, attempts=row.attempts, runner=row.runner)
        .update(
            state=JobState.RUNNING,
            runner=runner,
            attempts=F("attempts") + 1,
            started_at=now,
            leased_until=now + LEASE,
        )
    )
    return Job.objects.get(pk=row.pk) if taken else None


def renew(job: Job) -> bool:
    """Extend the lease of a running job; return whether the runner that `job` names still held it."""
    return bool(Job.objects.held_by(job).update(leased_until=timezone.now() + LEASE))


def complete(job: Job, summary: str) -> None:
    """Record that a job has succeeded. A periodic job waits for its next run.

    If the job was queued again while it was running, it is due again now. Raise LeaseLost if this runner no longer
    holds the job.
    """
    now = timezone.now()
    ended = {"summary": summary[:LONGEST_SUMMARY], "error": "", "finished_at": now, "leased_until": None}
    waits = {**ended, "state": JobState.WAITING, "attempts": 0, "run_again": False, "covered_until": job.started_at}
    held = Job.objects.held_by(job)
    if schedule := _schedule(job):
        following = schedule.following(job.due_at, now, job.started_at)
        done = held.filter(run_again=False).update(**waits, due_at=following) or held.update(**waits, due_at=now)
    else:
        done = held.filter(run_again=False).update(**ended, state=JobState.DONE) or held.update(**waits, due_at=now)
    if not done:
        raise LeaseLost(str(job))


def fail(job: Job, error: str) -> datetime | None:
    """Record that an attempt failed. Return the aware time of the next attempt, or None if the job is given up.

    Raise LeaseLost if this runner no longer holds the job.
    """
    kind = registry.known(job.name)
    if kind.is_spent(job.attempts):
        _give_up(job, error)
        return None
    again = timezone.now() + kind.retry_delay(job.attempts)
    _put_back(job, due_at=again, error=error[:LONGEST_ERROR], finished_at=timezone.now())
    return again


def release(job: Job) -> None:
    """Put back a job that was interrupted because its runner was told to stop. The attempt does not count.

    Raise LeaseLost if this runner no longer holds the job.
    """
    _put_back(job, due_at=timezone.now(), attempts=F("attempts") - 1)


def _schedule(job: Job) -> Schedule | None:
    """Return the schedule of a periodic job, or None for any other job, including one whose schedule was removed."""
    return registry.known(job.name).schedule if job.is_periodic else None


def _put_back(job: Job, **values: object) -> None:
    if not Job.objects.held_by(job).update(state=JobState.WAITING, leased_until=None, **values):
        raise LeaseLost(str(job))


def _give_up(job: Job, error: str) -> None:
    """Record that a job has failed for good. A periodic job waits for its next run and shows the error until then.

    Raise LeaseLost if the runner no longer holds the job.
    """
    now = timezone.now()
    if schedule := _schedule(job):
        following = schedule.following(job.due_at, now, job.covered_until)
        _put_back(job, due_at=following, attempts=0, error=error[:LONGEST_ERROR], finished_at=now)
        return
    failed = {"state": JobState.FAILED, "error": error[:LONGEST_ERROR], "finished_at": now, "leased_until": None}
    if not Job.objects.held_by(job).update(**failed):
        raise LeaseLost(str(job))


def try_again(rows: QuerySet[Job]) -> int:
    """Make each job in `rows` due now if it is waiting or has failed, and reset its attempts; return their number.

    A failed job is left unchanged if another job with its key is unfinished.
    """
    count = 0
    for pk in list(rows.values_list("pk", flat=True)):
        row = Job.objects.filter(pk=pk, state__in=[JobState.WAITING, JobState.FAILED])
        try:
            with transaction.atomic():
                count += row.update(state=JobState.WAITING, due_at=timezone.now(), attempts=0)
        except IntegrityError:
            continue
    return count


def discard(rows: QuerySet[Job]) -> int:
    """Discard the jobs in `rows` that are waiting or have failed, except periodic jobs; return their number."""
    gone = rows.filter(is_periodic=False, state__in=[JobState.WAITING, JobState.FAILED])
    return gone.update(state=JobState.DISCARDED, finished_at=timezone.now())


def purge(now: datetime) -> int:
    """Delete the jobs that ended more than `KEPT_FOR` before the aware time `now`; return their number."""
    return Job.objects.filter(finished_at__lt=now - KEPT_FOR).exclude(state__in=UNFINISHED).delete()[0]
