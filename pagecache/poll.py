"""The version of the site as a worker knows it, read at most once a second and only while there are requests."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock

from django.db import connection

from pagecache import site_version
from pagecache.site_version import SiteVersion

logger = logging.getLogger(__name__)

# Seconds: between two readings, for which a thread waits for another one that reads, and for which kept pages are
# served while the database is silent.
EVERY, PATIENCE, SILENT_FOR = 1.0, 0.25, 600.0


def read_outside_a_request(at: datetime) -> SiteVersion:
    """Return the version of the site (site_version.read), and care for the connection as Django does in a request."""
    connection.close_if_unusable_or_obsolete()
    try:
        return site_version.read(at)
    except Exception:
        connection.close()
        raise


class VersionPoll:
    """The last reading of `read`, which is given the aware time and may raise anything; safe under threads.

    `steady` and `now` are clocks in seconds.
    """

    def __init__(
        self,
        read: Callable[[datetime], SiteVersion] = read_outside_a_request,
        steady: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.now = now
        self._read, self._steady, self._lock = read, steady, Lock()
        self._version: SiteVersion | None = None
        self._until = math.inf
        self._read_at = self._tried_at = -math.inf

    def current(self) -> SiteVersion | None:
        """Return the version, read less than a second ago; an older one while the database is silent
        (`is_silent`), for ten minutes; None after that, and where no change was ever recorded.
        """
        if self._is_due() and self._lock.acquire(timeout=0 if self.is_silent() else PATIENCE):
            try:
                if self._is_due():  # no other thread has read it meanwhile
                    self._try()
            finally:
                self._lock.release()
        is_known = self._version and self._version.changes and self._steady() - self._read_at <= SILENT_FOR
        return self._version if is_known else None

    def is_silent(self) -> bool:
        """Whether the database has not told the version for so long that it may be another one."""
        return self._steady() - self._read_at > EVERY + 2 * PATIENCE

    def _is_due(self) -> bool:
        is_over = self.now() >= self._until and self._tried_at == self._read_at
        return is_over or self._steady() - self._tried_at >= EVERY

    def _try(self) -> None:
        """Read the version; the reading counts from before it was begun."""
        began, had_failed = self._steady(), self._tried_at != self._read_at
        try:
            found = self._read(datetime.fromtimestamp(self.now(), UTC))
        except Exception as error:
            if not had_failed:
                logger.error("The site's version cannot be read; pages are kept for %d s: %s", SILENT_FOR, error)
            self._tried_at = self._steady()
            return
        if had_failed:
            logger.warning("The site's version can be read again.")
        if self._version and self._version.changes == found.changes:
            found = replace(found, changes=self._version.changes)  # two equal tuples are compared slowly
        self._version, self._until = found, found.until.timestamp() if found.until else math.inf
        self._read_at = self._tried_at = began
