"""`why_stale` says what the running site has in memory, which changes there were, and what it cannot know."""

import io
import threading
from urllib.request import Request, urlopen
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.db import site_version
from core.models import SiteChange
from pagecache.cache import PageCache
from pagecache.poll import VersionPoll
from products.models import Product
from tests.cached_worker import HOST


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *words):
        pass


@pytest.fixture
def server(site, settings, db):
    """Return the address of a running site whose worker knows the database's current version, and no later one."""
    settings.SITE_URL = f"http://{HOST}"
    known = site_version.read(timezone.now())
    cache = PageCache(WSGIHandler(), 8_000_000, VersionPoll(lambda at: known))
    with make_server("127.0.0.1", 0, cache, handler_class=QuietHandler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join(120)


def visit(server: str, path: str) -> None:
    with urlopen(Request(server + path, headers={"Host": HOST})) as response:
        response.read()


def told(server: str, url: str) -> str:
    out = io.StringIO()
    call_command("why_stale", url, server=server, stdout=out)
    return out.getvalue()


def test_of_a_page_that_is_as_new_as_the_database_it_says_so(server):
    visit(server, "/page/?page=2")
    said, number = told(server, f"http://{HOST}/page/?page=2&utm_source=x"), SiteChange.objects.latest("pk").pk
    assert "answers 200 to /page/?page=2&utm_source=x." in said
    assert f"Rendered 0 s ago; version {number}. The site has version {number}." in said
    assert "stale" not in said and "The next scheduled start or end: none." in said
    assert "cannot be seen from here" in said


def test_of_a_page_whose_worker_has_not_noticed_a_change_it_names_the_table_and_the_time(server):
    visit(server, "/page/")
    before = SiteChange.objects.latest("pk").pk
    Product.objects.create(name="Calm", slug="calm")
    said, number = told(server, "/page/"), SiteChange.objects.latest("pk").pk
    assert f"version {before}. The site has version {number}." in said
    assert "It is stale" in said
    assert f"{number}: products_product, 0 s ago, " in said


def test_of_a_page_that_nobody_has_asked_for_it_says_that_it_is_not_there_and_leaves_it_so(server):
    for _ in range(2):
        assert "Not in the memory of the worker that answered." in told(server, "/page/")
    assert "answers 302 to /moved/" in told(server, "/moved/")


@pytest.mark.parametrize("url", ["https://evil.example/page/", "page", ""])
def test_another_sites_address_is_refused(server, url):
    with pytest.raises(CommandError, match="under http://"):
        told(server, url)


def test_a_site_that_does_not_answer_is_said_to_be_silent(db, settings):
    settings.SITE_URL = f"http://{HOST}"
    with pytest.raises(CommandError, match="does not answer"):
        told("http://127.0.0.1:9", "/page/")
