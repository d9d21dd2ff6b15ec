"""The jobs that this code knows, by name. An app registers its jobs in its `jobs.py` with the decorator `job`."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise

from jobs.schedules import Schedule, Whenever


class JobFailed(Exception):
    """Raised by a job that could not do its work for a known reason.

    The job is tried again, and no traceback is logged.
    """


@dataclass
class JobContext:
    """The argument with which the function of a job is called.

    `arguments` are those with which the job was queued. `now` is the start of this run, and `covered` the start of the
    last successful run of a periodic job, or None if there was none; both are aware times. A job that takes minutes
    should call `give_way` every few seconds, outside a transaction, so that urgent jobs can run in between.
    """

    now: datetime
    arguments: dict[str, Any] = field(default_factory=dict)
    covered: datetime | None = None
    give_way: Callable[[], None] = lambda: None


JobFunction = Callable[[JobContext], str | None]


@dataclass(frozen=True)
class RegisteredJob:
    """The function of a job, with the rules for running it (see `job`)."""

    name: str
    label: str | Promise
    function: JobFunction
    schedule: Schedule | None
    max_attempts: int
    first_retry: timedelta
    longest_retry: timedelta
    timeout: timedelta
    is_urgent: bool
    is_atomic: bool

    def retry_delay(self, attempts: int) -> timedelta:
        """Return the delay after this number of attempts (1 or more).

        The delay doubles with each attempt up to `longest_retry`, and varies at random by up to a quarter, so that jobs
        that failed together are not all retried at the same time.
        """
        delay: timedelta = min(self.first_retry * 2 ** min(attempts - 1, 20), self.longest_retry)
        return delay * random.uniform(0.75, 1.25)

    def is_spent(self, attempts: int) -> bool:
        """Return whether a job is given up after this number of attempts.

        A job with a `Whenever` schedule is never given up, because it would be due again at once.
        """
        return attempts >= self.max_attempts and not isinstance(self.schedule, Whenever)


_JOBS: dict[str, RegisteredJob] = {}


def job(
    name: str,
    *,
    label: str | Promise,
    schedule: Schedule | None = None,
    max_attempts: int = 10,
    first_retry: timedelta = timedelta(seconds=15),
    longest_retry: timedelta = timedelta(hours=1),
    timeout: timedelta = timedelta(minutes=5),
    urgent: bool = False,
    atomic: bool = False,
) -> Callable[[JobFunction], JobFunction]:
    """Register the decorated function as the job `name` (“app.what”), with `label` as its name in the admin.

    With a `schedule` the job is periodic; without one it runs once for each call of `jobs.queue.enqueue`. The function
    may return a line for the log and the admin. An attempt fails if the function raises an exception or runs for longer
    than `timeout`. A job is tried up to `max_attempts` times; a periodic job then waits for its next run. `urgent` jobs
    go before all others. An `atomic` job runs in the transaction that records its success, so its writes happen exactly
    once. Every other job may run again after its runner was killed, and has to tolerate that. Raise ValueError for a
    name that is taken.
    """

    def decorator(function: JobFunction) -> JobFunction:
        if name in _JOBS:
            raise ValueError(f"There is a job {name} already.")
        _JOBS[name] = RegisteredJob(
            name, label, function, schedule, max_attempts, first_retry, longest_retry, timeout, urgent, atomic
        )
        return function

    return decorator


def known(name: str) -> RegisteredJob:
    """Return the job of this name. Raise KeyError if there is none."""
    return _JOBS[name]


def names() -> list[str]:
    """Return the names of all registered jobs, sorted."""
    return sorted(_JOBS)


def periodic() -> list[RegisteredJob]:
    """Return the jobs with a schedule, sorted by name."""
    return [_JOBS[name] for name in names() if _JOBS[name].schedule is not None]


def waited_for() -> dict[str, Whenever]:
    """Return the `Whenever` schedules, by the name of their job."""
    return {one.name: one.schedule for one in periodic() if isinstance(one.schedule, Whenever)}


def label(name: str) -> str:
    """Return the label of a job, or its name if this code does not know the job."""
    return str(_JOBS[name].label) if name in _JOBS else name
