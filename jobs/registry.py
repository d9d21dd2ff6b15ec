"""The jobs that this code knows, by name. An app registers its jobs in its `jobs.py` with the decorator `job`."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from jobs.schedules import Schedule, Whenever


class JobFailed(Exception):
    """Raised by a job that could not do its work for a known reason. It is tried again; the log has no traceback."""


@dataclass
class JobContext:
    """What a job is told, and may tell.

    `arguments` are those it was queued with. `now` is the start of this run, and `covered` that of the last successful
    one of a periodic job (None: there was none). A job that takes minutes calls `give_way` every few seconds, outside a
    transaction: urgent jobs that are due then run in between.
    """

    now: datetime
    arguments: dict[str, Any] = field(default_factory=dict)
    covered: datetime | None = None
    give_way: Callable[[], None] = lambda: None


JobFunction = Callable[[JobContext], str | None]


@dataclass(frozen=True)
class RegisteredJob:
    """A function with the rules by which it is run (see `job`)."""

    name: str
    label: str
    function: JobFunction
    schedule: Schedule | None
    max_attempts: int
    first_retry: timedelta
    longest_retry: timedelta
    timeout: timedelta
    is_urgent: bool
    is_atomic: bool

    def retry_delay(self, attempts: int) -> timedelta:
        """Return how long to wait after this number of attempts (1 or more): doubled each time up to the longest, and
        shifted at random by up to a quarter, so that jobs that failed together do not come back together.
        """
        delay = min(self.first_retry * 2 ** min(attempts - 1, 20), self.longest_retry)
        return delay * random.uniform(0.75, 1.25)

    def is_spent(self, attempts: int) -> bool:
        """Whether a job is given up after this number of attempts. One that is due whenever there is something to do is
        never given up, since it would be due again at once.
        """
        return attempts >= self.max_attempts and not isinstance(self.schedule, Whenever)


_JOBS: dict[str, RegisteredJob] = {}


def job(
    name: str,
    *,
    label: str,
    schedule: Schedule | None = None,
    max_attempts: int = 10,
    first_retry: timedelta = timedelta(seconds=15),
    longest_retry: timedelta = timedelta(hours=1),
    timeout: timedelta = timedelta(minutes=5),
    urgent: bool = False,
    atomic: bool = False,
) -> Callable[[JobFunction], JobFunction]:
    """Decorator: register the function as the job `name` ("app.what"), with `label` as its name in the admin.

    With a `schedule` it is periodic; without one it runs for each `jobs.queue.enqueue`. It may return a line for the
    log and the admin. It fails by raising, and is tried again up to `max_attempts` times; a periodic job then waits for
    its next time. `urgent` jobs go before all others. An `atomic` job runs in the transaction that records its end, so
    its writes happen exactly once; every other job may be run again after its runner was killed, and has to bear it.
    Raises ValueError for a name that is taken.
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
    """Return the job of this name; raise KeyError where there is none."""
    return _JOBS[name]


def names() -> list[str]:
    """Return the names of all registered jobs, sorted."""
    return sorted(_JOBS)


def periodic() -> list[RegisteredJob]:
    """Return the jobs with a schedule, by name."""
    return [_JOBS[name] for name in names() if _JOBS[name].schedule is not None]


def waited_for() -> dict[str, Whenever]:
    """Return the schedules that name a moment by themselves (`Whenever`), by the name of their job."""
    return {one.name: one.schedule for one in periodic() if isinstance(one.schedule, Whenever)}


def label(name: str) -> str:
    """Return the label of a job, or its name where this code does not know it."""
    return str(_JOBS[name].label) if name in _JOBS else name
