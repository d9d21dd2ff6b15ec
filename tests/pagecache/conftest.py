"""A site of odd views with a worker in front, whose version and database a test commands."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pagecache.site_version import SiteVersion
from tests.cached_worker import HOST, Worker


class CommandedSite:
    """The version that the database would tell: `change` makes another one, `error` is raised instead of it."""

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
    """Starts a worker of the site."""
    return lambda **more: Worker(read=site.read, **more)


@pytest.fixture
def worker(start) -> Worker:
    return start()
