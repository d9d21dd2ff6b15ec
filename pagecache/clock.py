"""How a worker knows that what it keeps is still so: the state of the site, asked for at most once a second.

Driven by requests, so an idle worker asks nothing. One thread asks at a time; the others wait for it as long as
`PATIENCE`, and then go on with what was known.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock

logger = logging.getLogger(__name__)

EVERY, PATIENCE, GOES_ON_FOR = 1.0, 0.25, 600.0
# The oldest a state can be that is not in doubt.
GOES_UNASKED = EVERY + 2 * PATIENCE


@dataclass(frozen=True)
class ClockState:
    """A number that grows with every change seen, and the next moment (since the epoch) at which pages change.

    `is_doubtful` where the database has not answered when it was last asked. `mark` names the state of the site, the
    same in every worker; empty where it has no such name.
    """

    generation: int
    until: float | None
    is_doubtful: bool = False
    mark: str = ""


@dataclass(frozen=True)
class Parts:
    """What is known of parts of the site, by their names. Both may raise anything, and then nothing is known.

    `mark` names the state in which they are, another after every change of one of them, or gives nothing; `until`,
    given a time as well, says when they next change by the clock alone after it (since the epoch), if they do.
    """

    mark: Callable[[Sequence[str]], str]
    until: Callable[[Sequence[str], float], float | None]


class Clock:
    """Tells the state of the site.

    `ask` is given the time and gives a name of the site's state, which is another after every change, and the next
    change by the clock after that time (in seconds since the epoch, or None). It may raise anything; that is logged
    once, and again when it is over.
    """

    def __init__(
        self,
        ask: Callable[[float], tuple[str, float | None]],
        *,
        steady: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._ask, self._steady, self.now = ask, steady, now
        self._lock = Lock()
        self._state: ClockState | None = None
        self._answered_at = self._asked_at = -GOES_ON_FOR

    def state(self) -> ClockState | None:
        """What is so now, or was less than a second ago; None where the database has been silent for too long."""
        state = self._state
        if state is None or self._is_due(state):
            waited = self._lock.acquire(timeout=PATIENCE if not self._in_trouble() else 0)
            if waited:
                try:
                    if self._state is None or self._is_due(self._state):
                        self._look()
                finally:
                    self._lock.release()
            state = self._state
        silent = self._steady() - self._answered_at
        if state is None or silent > GOES_ON_FOR:
            return None
        if silent > GOES_UNASKED or state.is_doubtful:
            return replace(state, is_doubtful=True)
        return state

    def is_still(self, state: ClockState) -> bool:
        """Whether the site is in that state at this moment: asks now. Not where that cannot be said at once."""
        if not state.mark or state.is_doubtful or not self._lock.acquire(timeout=PATIENCE):
            return False
        try:
            self._look()
            now = self._state
        finally:
            self._lock.release()
        return not now.is_doubtful and now.mark == state.mark

    def _is_due(self, state: ClockState) -> bool:
        if self._steady() - self._asked_at >= EVERY:
            return True
        return state.until is not None and self.now() >= state.until and not state.is_doubtful

    def _in_trouble(self) -> bool:
        return self._state is not None and self._state.is_doubtful

    def _look(self) -> None:
        """Ask, and note what was said, as of before it was asked: so nothing is taken for newer than it is."""
        asked_at, now = self._steady(), self.now()
        try:
            mark, until = self._ask(now)
        except Exception as error:
            if self._state is None or not self._state.is_doubtful:
                logger.error("The database does not answer; kept pages go on for %d s: %s", GOES_ON_FOR, error)
            if self._state is not None:
                self._state = replace(self._state, is_doubtful=True)
            self._asked_at = self._steady()
            return
        if self._in_trouble():
            logger.warning("The database answers again.")
        before = self._state or ClockState(0, None)
        is_new = self._state is None or mark != before.mark
        self._state = ClockState(before.generation + is_new, until, mark=mark)
        self._answered_at = self._asked_at = asked_at
