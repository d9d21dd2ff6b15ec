"""When a periodic job runs next. Pure, but for the function that `Whenever` is given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from django.utils import timezone

SHORTEST_PAUSE = timedelta(seconds=1)  # between two runs of one job


class Schedule(Protocol):
    """What decides when a periodic job is due."""

    def first(self, now: datetime) -> datetime:
        """Return when the job is due for the first time; `now` and the answer are aware times."""

    def following(self, due: datetime, now: datetime, covered: datetime | None) -> datetime:
        """Return when the job that was due at `due` and ended at `now` is due again, always later than `due`.

        `covered` is the start of its last successful run (None: it has had none).
        """


@dataclass(frozen=True)
class Every:
    """At even intervals. Runs that were missed, because no runner was there, are made up for by one."""

    interval: timedelta

    def first(self, now: datetime) -> datetime:
        return now

    def following(self, due: datetime, now: datetime, covered: datetime | None) -> datetime:
        missed = max(0, (now - due) // self.interval)
        return due + (missed + 1) * self.interval


@dataclass(frozen=True)
class Daily:
    """Once a day at this time of the newsroom's clock (the setting TIME_ZONE).

    On the day on which clocks are put forward and the time does not exist, the job runs as long after midnight as on
    other days; on the day on which it exists twice, it runs the first time.
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
        # In UTC, because two times of one zone are compared by the clock on the wall.
        moments = (datetime.combine(day, self.at, zone).astimezone(UTC) for day in days)
        return next(candidate for candidate in moments if candidate > moment)


@dataclass(frozen=True)
class Whenever:
    """At the moment that `moment` names, asked every second with one light query, and in any case every `at_most`.

    `moment(covered)` returns the earliest moment at which there is something to do, which may be past, or None. It gets
    the start of the last successful run, or None.
    """

    moment: Callable[[datetime | None], datetime | None]
    at_most: timedelta = timedelta(hours=1)

    def first(self, now: datetime) -> datetime:
        return now

    def following(self, due: datetime, now: datetime, covered: datetime | None) -> datetime:
        latest, soonest = now + self.at_most, now + SHORTEST_PAUSE
        wanted = self.moment(covered)
        return max(soonest, min(wanted, latest)) if wanted else latest
