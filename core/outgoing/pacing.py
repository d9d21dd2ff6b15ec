"""Pauses between requests to the same host. Independent of the network: the clock and `sleep` are arguments."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass
class Pace:
    """A pause of `pause` seconds between requests to the same host. `clock` returns monotonic seconds."""

    pause: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: dict[str, float] = field(default_factory=dict)

    def wait_for(self, host: str) -> None:
        """Sleep until the next request to this host is allowed, and start the pause that follows it."""
        left = self._next.get(host, 0) - self.clock()
        if left > 0:
            self.sleep(left)
        self._next[host] = self.clock() + self.pause

    def defer(self, host: str, seconds: float) -> None:
        """Allow the next request to this host no earlier than this number of seconds from now."""
        self._next[host] = max(self._next.get(host, 0), self.clock() + seconds)

    def first(self, hosts: Iterable[str]) -> str:
        """Return the host to which a request is allowed soonest, or the first of those to which one is allowed now."""
        now = self.clock()
        return min(hosts, key=lambda host: max(self._next.get(host, 0), now))
