"""Schedules that say when a periodic job runs next. Pure, except for the function that `Whenever` calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from django.utils import timezone

SHORTEST_PAUSE = timedelta(seconds=1)  # between two runs of one job


class Schedule(Protocol):
    """The interface of schedules, which say when a periodic job is due."""

    def first(self, now: datetime) -> datetime:
        """Return the time at which the job is due for the first time. `now` and the result are aware times."""

    def following(self, due: datetime, now: datetime, covered: datetime | None) -> datetime:
        """Return when a job that was due at `due` and ended at `now` is due again, which is later than `due`.

        `covered` is the start of its last successful run, or None if there was none. All times are aware.
        """


@dataclass(frozen=True)
class Every:
    """A schedule that runs a job at regular intervals.

    If runs were missed because no runner was running, a single run replaces them.
    """

    interval: timedelta

    def first(self, now: datetime) -> datetime:
        return now

    def following(self, due: datetime, now: datetime, covered: datetime | None) -> datetime:
        missed = max(0, (now - due) // self.interval)
        return due + (missed + 1) * self.interval


@dataclass(frozen=True)
class Daily:
    """A schedule that runs a job once a day at a time in the newsroom's time zone (the setting TIME_ZONE).

    On a day when clocks skip the time, the job runs later by the length of the gap (02:30 becomes 03:30). On a day when
    the time occurs twice, the job runs at the first.
    """

    at: time

    def first(self, now: datetime) -> datetime:
        return self._after(now)

    def following(self, due: datetime, now: datetime, covered: datetime | None) -> datetime:
        return self._after(max(due, now))

    def _after(self, moment: datetime) -> datetime:
        zone = timezone.get_default_timezone()
        today = moment.astimezone(zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(3))
        # In UTC, because Python compares two times in the same zone by their local time, without the UTC offset.
        moments = (datetime.combine(day, self.at, zone).astimezone(UTC) for day in days)
        return next(candidate for candidate in moments if candidate > moment)


@dataclass(frozen=True)
class Whenever:
    """A schedule that runs a job when `moment` says so, and at the latest `at_most` after its last run.

    `moment` is called every second and should make one light query. It receives the start of the last successful run,
    or None if there was none. It returns the earliest time at which there is something to do, which may be in the past,
    or None if there is nothing to do.
    """

    moment: Callable[[datetime | None], datetime | None]
    at_most: timedelta = timedelta(hours=1)

    def first(self, now: datetime) -> datetime:
        return now

    def following(self, due: datetime, now: datetime, covered: datetime | None) -> datetime:
        latest, soonest = now + self.at_most, now + SHORTEST_PAUSE
        wanted = self.moment(covered)
        return max(soonest, min(wanted, latest)) if wanted else latest
