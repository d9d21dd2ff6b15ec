"""The house settings in force, read from the database at most once a second and again after every change.

Every page shows house settings, so each process remembers the settings that it has read. It forgets them after a
second, when it saves a version, and when its page cache sees a new version of the site (`at_site_version`). A page that
is cached for a version of the site was therefore rendered with the house settings of that version.
"""

import logging
import math
import time

from django.apps import apps
from django.db import Error

from core.house.values import House

logger = logging.getLogger(__name__)

GOOD_FOR = 1.0  # seconds


class HouseMemory:
    """A cache of the house settings in one process, shared by its threads.

    Settings that were read while another thread called `forget` are not stored.
    """

    def __init__(self) -> None:
        self.last = House()
        self._good_until = -math.inf
        self._forgotten = 0
        self._site_version: object = None
        self._is_silent = False

    def house(self) -> House:
        """Return the house settings in force, or the last known ones while the database does not respond."""
        now = time.monotonic()
        if now < self._good_until:
            return self.last
        forgotten = self._forgotten
        try:
            found: House = apps.get_model("core", "HouseVersion").objects.in_force()
        except Error as error:
            if not self._is_silent:
                logger.error("The house settings cannot be read; the last known ones stay in use: %s", error)
            self._is_silent, found = True, self.last
        else:
            self._is_silent = False
        if forgotten == self._forgotten:
            self.last, self._good_until = found, now + GOOD_FOR
        return found

    def remember(self, house: House, seconds: float = math.inf) -> None:
        """Use these settings for this number of seconds, by default for ever. Meant for tests that count queries."""
        self.last, self._good_until = house, time.monotonic() + seconds

    def forget(self) -> None:
        """Discard the stored settings, so that the next call of `house` reads them from the database."""
        self._forgotten += 1
        self._good_until = -math.inf

    def at_site_version(self, version: object) -> None:
        """Discard the stored settings unless `version` equals the version of the previous call."""
        if version != self._site_version:
            self._site_version = version
            self.forget()


_memory = HouseMemory()
house = _memory.house
remember = _memory.remember
forget = _memory.forget
at_site_version = _memory.at_site_version


def last_known() -> House:
    """Return the house settings that were read last, without a query. Meant for error pages and health checks."""
    return _memory.last
