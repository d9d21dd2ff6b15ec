"""A site of odd views with a worker in front, whose state and database a test commands."""

import pytest

from tests.page_stores import HOST, Worker


@pytest.fixture
def site(settings):
    settings.ROOT_URLCONF = "tests.betterment.kept_views"
    settings.ALLOWED_HOSTS = [HOST, f"www.{HOST}"]
    return {"state": "a", "error": None}


@pytest.fixture
def worker(site):
    def ask():
        if site["error"]:
            raise site["error"]
        return site["state"]

    return Worker(ask=ask)
