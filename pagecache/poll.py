"""The version of the site as a worker knows it, read at most once a second and only if there are requests."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock

from django.db import connection

from core.db import site_version
from core.db.site_version import SiteVersion

logger = logging.getLogger(__name__)

# Seconds between two readings, seconds to wait for another thread that is reading, and seconds for which cached pages
# are served while the database does not respond.
EVERY, PATIENCE, SILENT_FOR = 1.0, 0.25, 600.0


def read_outside_a_request(at: datetime) -> SiteVersion:
    """Return the version of the site (site_version.read). Manage the connection as Django does for a request.

    `at` is the current aware time. If reading fails, close the connection and let the exception propagate.
    """
    connection.close_if_unusable_or_obsolete()
    try:
        return site_version.read(at)
    except Exception:
        connection.close()
        raise


class VersionPoll:
    """The version of the site as `read` last returned it. Thread-safe.

    `read` is called with the current aware time and may raise any exception. `steady` is a monotonic clock and `now`
    the time since the epoch, both in seconds.
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
        """Return the version of the site, read at most about a second ago.

        If the database does not respond (`is_silent`), return the last known version for up to SILENT_FOR seconds.
        Return None after that time, and if no change was ever recorded.
        """
        if self._is_due() and self._lock.acquire(timeout=0 if self.is_silent() else PATIENCE):
            try:
                if self._is_due():  # no other thread has read the version meanwhile
                    self._try()
            finally:
                self._lock.release()
        is_known = self._version and self._version.changes and self._steady() - self._read_at <= SILENT_FOR
        return self._version if is_known else None

    def is_silent(self) -> bool:
        """Return whether the version was last read so long ago that the site may have another version by now."""
        return self._steady() - self._read_at > EVERY + 2 * PATIENCE

    def _is_due(self) -> bool:
        is_over = self.now() >= self._until and self._tried_at == self._read_at
        return is_over or self._steady() - self._tried_at >= EVERY

    def _try(self) -> None:
        """Try to read the version. The time of a reading is the time at which it was begun."""
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
            found = replace(found, changes=self._version.changes)  # so that comparing them is fast
        self._version, self._until = found, found.until.timestamp() if found.until else math.inf
        self._read_at = self._tried_at = began
