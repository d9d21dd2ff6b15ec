"""A site of odd views with a worker in front, whose state and database a test commands."""

import pytest

from pagecache.folder import Folder
from tests.page_stores import HOST, Worker


@pytest.fixture
def site(settings):
    settings.ROOT_URLCONF = "tests.pagecache.kept_views"
    settings.ALLOWED_HOSTS = [HOST, f"www.{HOST}"]
    return {"state": "a", "error": None}


@pytest.fixture
def start(site, tmp_path):
    """Starts a worker of the site's machine; all of them share a folder."""

    def ask():
        if site["error"]:
            raise site["error"]
        return site["state"]

    def start(**more) -> Worker:
        folder = Folder(tmp_path / "pages", 64 * 1024 * 1024, build="b", secret="s")
        return Worker(ask=ask, **{"folder": folder, **more})

    return start


@pytest.fixture(params=["with a folder", "without"])
def worker(request, start):
    return start() if request.param == "with a folder" else start(folder=None)
