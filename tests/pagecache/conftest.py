"""A site of unusual views with a worker in front, whose version and database a test controls."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from core.db.site_version import SiteVersion
from tests.cached_worker import HOST, Worker


class CommandedSite:
    """A stand-in for the version that the database would return: `change` makes a new one, and `error` is raised
    instead of it.
    """

    def __init__(self) -> None:
        self.number, self.until = 1, None
        self.error: Exception | None = None

    def change(self) -> None:
        self.number += 1

    def read(self, at: datetime) -> SiteVersion:
        if self.error:
            raise self.error
        return SiteVersion(((self.number, datetime(2026, 1, 1, tzinfo=UTC)),), self.until)


@pytest.fixture
def site(settings) -> CommandedSite:
    settings.ROOT_URLCONF = "tests.pagecache.kept_views"
    settings.ALLOWED_HOSTS = [HOST, f"www.{HOST}"]
    return CommandedSite()


@pytest.fixture
def start(site) -> Callable[..., Worker]:
    """Return a function that starts a worker of the site."""
    return lambda **more: Worker(read=site.read, **more)


@pytest.fixture
def worker(start) -> Worker:
    return start()
