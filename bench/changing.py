"""The site as in production, but with a change elsewhere before each request.

This measures a cached page that has to be validated against its cache tags (pagecache.public.rests_on).
"""

from dataclasses import replace
from itertools import count

from betterment.wsgi import application
from pagecache.clock import Clock, ClockState


class ChangingClock:
    """A clock that reports another state of the site each time, and otherwise relies on `clock`."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.now = clock, clock.now
        self._numbers = count(1)

    def state(self) -> ClockState | None:
        """Return the state of the real clock with another generation and mark."""
        known, number = self.clock.state(), next(self._numbers)
        return known and replace(known, generation=number, mark=f"{known.mark} {number}")

    def is_still(self, state: ClockState) -> bool:
        """Whether the real clock still has the state from which this one was made."""
        known = self.clock.state()
        return known is not None and state.mark.startswith(known.mark) and self.clock.is_still(known)


application.clock = ChangingClock(application.clock)
