"""Leaving a pause between two requests to one host. Knows no network: clock and sleep are handed in."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass
class Pace:
    """When each host may be asked next. Times are seconds of a monotonic clock."""

    pause: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: dict[str, float] = field(default_factory=dict)

    def wait_for(self, host: str) -> None:
        """Sleep until this host may be asked, and count it as asked."""
        left = self._next.get(host, 0) - self.clock()
        if left > 0:
            self.sleep(left)
        self._next[host] = self.clock() + self.pause

    def put_off(self, host: str, seconds: float) -> None:
        """Ask this host no earlier than that many seconds from now."""
        self._next[host] = max(self._next.get(host, 0), self.clock() + seconds)

    def first(self, hosts: Iterable[str]) -> str:
        """Of these hosts, the one that may be asked soonest; the first of those that may be asked now."""
        now = self.clock()
        return min(hosts, key=lambda host: max(self._next.get(host, 0), now))
