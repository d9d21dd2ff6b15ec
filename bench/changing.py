"""The site as production runs it, where something else has changed before each request: what a page costs then that
outlives what happens elsewhere (pagecache.public.rests_on).
"""

from dataclasses import replace
from itertools import count

from betterment.wsgi import application
from pagecache.clock import Clock, ClockState


class Changing:
    """A clock in whose eyes the site is in another state each time; what it is asked for otherwise, it asks `clock`."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.now = clock, clock.now
        self._numbers = count(1)

    def state(self) -> ClockState | None:
        known, number = self.clock.state(), next(self._numbers)
        return known and replace(known, generation=number, mark=f"{known.mark} {number}")

    def is_still(self, state: ClockState) -> bool:
        known = self.clock.state()
        return known is not None and state.mark.startswith(known.mark) and self.clock.is_still(known)


application.clock = Changing(application.clock)
