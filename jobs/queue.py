"""The queue: what may happen to a job, each as one conditional update. Any number of runners may do so at once.

A runner claims a job for a time, the lease, and renews it while it works. If the runner dies, the lease ends and
another runner takes the job. Whatever a runner writes about a job is conditional on still holding it.
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

LEASE = timedelta(minutes=2)
KEPT_FOR = timedelta(days=30)
LONGEST_ERROR, LONGEST_SUMMARY = 4_000, 500
ROUNDS = 20


class LeaseLost(Exception):
    """Raised where a runner records the end of a job that another runner has taken since."""


def enqueue(name: str, arguments: dict[str, Any] | None = None, *, key: str = "", at: datetime | None = None) -> None:
    """Queue the job `name` in the caller's transaction, so that a change that is undone queues nothing.

    `arguments` must be JSON; `at` is when it is due (now). If an unfinished job has the same `key`, none is added: a
    waiting one is due at the earlier time, and a running one runs once more, since it may have missed this change. On
    PostgreSQL that job stays locked until the caller commits, so a key names one thing ("pictures.renditions <hash>")
    and not a whole class of things. Raises KeyError for a name that is not registered, and TypeError for arguments that
    are not JSON.
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
        except IntegrityError:  # somebody else has just queued the same
            continue
    raise IntegrityError(f"The key {key!r} was taken and freed {ROUNDS} times.")


def add_periodic() -> None:
    """Give each periodic job its row, if it has none. Two queries, or one where all are there."""
    there = set(Job.objects.filter(is_periodic=True).unfinished().values_list("name", flat=True))
    now = timezone.now()
    rows = [
        Job(name=kind.name, key=kind.name, is_periodic=True, is_urgent=kind.is_urgent, due_at=kind.schedule.first(now))
        for kind in registry.periodic()
        if kind.name not in there
    ]
    Job.objects.bulk_create(rows, ignore_conflicts=True)  # another runner may be starting, too


def advance() -> None:
    """Make each job with a `Whenever` schedule due when it has something to do, if that is sooner than it waits for.

    A job that has failed waits for its next attempt. One query, and one for each such job.
    """
    schedules = registry.waited_for()
    waiting = Job.objects.filter(name__in=schedules, is_periodic=True, state=JobState.WAITING, attempts=0)
    for row in waiting.filter(due_at__gt=timezone.now()):
        moment = schedules[row.name].moment(row.covered_until)
        if moment and moment < row.due_at:
            Job.objects.filter(pk=row.pk, state=JobState.WAITING, attempts=0).update(due_at=moment)


def claim(runner: str, *, leaving: Collection[int] = (), only_urgent: bool = False) -> Job | None:
    """Take the next job that is due for this runner, and return it; None if none is due but those `leaving` names.

    Jobs that this code does not know are left for newer code. A job whose runners ended in the middle of it as often as
    it may be tried is recorded as failed instead of run again: it may be what kills them.
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
    """Make this runner the one that runs the job; return it anew, or None if another runner was faster."""
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
    """Extend the lease of a running job; return whether this runner still holds it."""
    return bool(Job.objects.held_by(job).update(leased_until=timezone.now() + LEASE))


def complete(job: Job, summary: str) -> None:
    """Record that a job has done its work; a periodic one waits for its next time.

    Raises LeaseLost if this runner no longer holds it.
    """
    now = timezone.now()
    ended = {"summary": summary[:LONGEST_SUMMARY], "error": "", "finished_at": now, "leased_until": None}
    waits = {**ended, "state": JobState.WAITING, "attempts": 0, "run_again": False, "covered_until": job.started_at}
    held = Job.objects.held_by(job)
    if job.is_periodic:
        following = registry.known(job.name).schedule.following(job.due_at, now, job.started_at)
        done = held.filter(run_again=False).update(**waits, due_at=following) or held.update(**waits, due_at=now)
    else:
        done = held.filter(run_again=False).update(**ended, state=JobState.DONE) or held.update(**waits, due_at=now)
    if not done:
        raise LeaseLost(str(job))


def fail(job: Job, error: str) -> datetime | None:
    """Record that an attempt failed; return when the job is tried again, or None if it is given up.

    Raises LeaseLost if this runner no longer holds it.
    """
    kind = registry.known(job.name)
    if kind.is_spent(job.attempts):
        _give_up(job, error)
        return None
    again = timezone.now() + kind.retry_delay(job.attempts)
    _put_back(job, due_at=again, error=error[:LONGEST_ERROR], finished_at=timezone.now())
    return again


def release(job: Job) -> None:
    """Put back a job that was interrupted because its runner was told to stop: that is no failed attempt."""
    _put_back(job, due_at=timezone.now(), attempts=F("attempts") - 1)


def _put_back(job: Job, **values: object) -> None:
    if not Job.objects.held_by(job).update(state=JobState.WAITING, leased_until=None, **values):
        raise LeaseLost(str(job))


def _give_up(job: Job, error: str) -> None:
    """Record that a job has failed for good; a periodic one waits for its next time and keeps the error until then."""
    now = timezone.now()
    if job.is_periodic:
        following = registry.known(job.name).schedule.following(job.due_at, now, job.covered_until)
        _put_back(job, due_at=following, attempts=0, error=error[:LONGEST_ERROR], finished_at=now)
        return
    failed = {"state": JobState.FAILED, "error": error[:LONGEST_ERROR], "finished_at": now, "leased_until": None}
    if not Job.objects.held_by(job).update(**failed):
        raise LeaseLost(str(job))


def try_again(rows: QuerySet[Job]) -> int:
    """Make those of these jobs that wait or have failed due now, with all their attempts; return how many.

    A failed job whose key has been queued anew since stays as it is.
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
    """Take those of these jobs that wait or have failed out of the queue; return how many. Periodic jobs stay."""
    gone = rows.filter(is_periodic=False, state__in=[JobState.WAITING, JobState.FAILED])
    return gone.update(state=JobState.DISCARDED, finished_at=timezone.now())


def purge(now: datetime) -> int:
    """Delete the jobs that ended more than `KEPT_FOR` ago, and return how many."""
    return Job.objects.filter(finished_at__lt=now - KEPT_FOR).exclude(state__in=UNFINISHED).delete()[0]
