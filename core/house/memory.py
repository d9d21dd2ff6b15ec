"""The house settings in force, read from the database at most once a second and anew after every change.

Every page shows them, so no page may wait for them: a process remembers what it has read. It forgets that when it
saves a version, when its page cache sees a new version of the site (`at_site_version`), and after a second. So what a
page cache keeps under a version of the site was rendered with the house settings of that version.
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
    """What a process knows of the house settings. Threads share it; a reading that was overtaken is not kept."""

    def __init__(self) -> None:
        self.last = House()
        self._good_until = -math.inf
        self._forgotten = 0
        self._site_version: object = None
        self._is_silent = False

    def house(self) -> House:
        """Return the house settings in force; those last known while the database does not answer."""
        now = time.monotonic()
        if now < self._good_until:
            return self.last
        forgotten = self._forgotten
        try:
            found = apps.get_model("core", "HouseVersion").objects.in_force()
        except Error as error:
            if not self._is_silent:
                logger.error("The house settings cannot be read; those last known stand: %s", error)
            self._is_silent, found = True, self.last
        else:
            self._is_silent = False
        if forgotten == self._forgotten:
            self.last, self._good_until = found, now + GOOD_FOR
        return found

    def remember(self, house: House, seconds: float = math.inf) -> None:
        """Take these for the settings in force, for so many seconds: for tests that count queries."""
        self.last, self._good_until = house, time.monotonic() + seconds

    def forget(self) -> None:
        """Read them anew when they are next asked for."""
        self._forgotten += 1
        self._good_until = -math.inf

    def at_site_version(self, version: object) -> None:
        """Forget them unless the site’s version equals the one with which this was last called."""
        if version != self._site_version:
            self._site_version = version
            self.forget()


_memory = HouseMemory()
house = _memory.house
remember = _memory.remember
forget = _memory.forget
at_site_version = _memory.at_site_version


def last_known() -> House:
    """Return the house settings last read, without asking the database: for error pages and health checks."""
    return _memory.last
