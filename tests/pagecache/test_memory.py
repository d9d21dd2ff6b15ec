"""The memory of the page cache is limited in bytes, whatever is put in and however many do so at the same time."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import given
from hypothesis import strategies as st

from core.db.site_version import SiteVersion
from pagecache.cache import OVERHEAD, CachedPage, PageCache, with_page_cache
from pagecache.poll import VersionPoll

LIMIT = 100_000
VERSION = SiteVersion(((1, datetime(2026, 1, 1, tzinfo=UTC)),), None)


def page(body: bytes = b"x" * 1000) -> CachedPage:
    return CachedPage("200 OK", (), 'W/"a"', {"": body}, 60, VERSION, until=None, rendered_at=0.0)


def memory(limit: int = LIMIT) -> PageCache:
    return PageCache(WSGIHandler, limit, VersionPoll(lambda at: VERSION, steady=lambda: 0.0, now=lambda: 0.0))


def counted(cache: PageCache) -> int:
    return sum(kept.size for kept in cache._pages.values())


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 8), st.integers(0, 40_000)), max_size=60))
def test_it_never_holds_more_than_its_limit_and_knows_how_much_it_holds(steps):
    cache = memory()
    for is_put, key, length in steps:
        if is_put:
            cache._keep(key, page(bytes(length)))
        else:
            cache._find(key, VERSION)
        assert cache.size == counted(cache) <= LIMIT


def test_what_was_used_longest_ago_goes_first():
    cache = memory(5 * (OVERHEAD + 1000))
    for key in range(5):
        cache._keep(key, page())
    assert cache._find(0, VERSION)
    cache._keep(5, page())
    assert [bool(cache._find(key, VERSION)) for key in (0, 1, 2, 5)] == [True, False, True, True]


def test_one_large_response_does_not_displace_the_others():
    cache = memory()
    cache._keep("small", page())
    cache._keep("large", page(b"x" * (LIMIT // 3)))
    assert cache._find("small", VERSION) and not cache._find("large", VERSION)


def test_another_response_takes_the_place_of_the_one_before():
    cache = memory()
    cache._keep("a", page(b"old" * 100))
    cache._keep("a", page(b"new" * 100))
    assert cache._find("a", VERSION).bodies[""] == b"new" * 100 and len(cache._pages) == 1


def test_many_threads_at_once_leave_the_books_right():
    cache = memory()

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(400):
            key = chance.randrange(30)
            if cache._find(key, VERSION) is None:
                cache._keep(key, page(bytes(chance.randrange(8000))))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert cache.size == counted(cache) <= LIMIT


@pytest.mark.parametrize(("debug", "megabytes", "is_there"), [(False, 48, True), (False, 0, False), (True, 48, False)])
def test_the_settings_say_whether_there_is_a_cache(settings, debug, megabytes, is_there):
    settings.DEBUG, settings.PAGE_CACHE_MEGABYTES = debug, megabytes
    application = with_page_cache(WSGIHandler)
    assert isinstance(application, PageCache) is is_there
    assert not is_there or application.limit == 48 * 1024 * 1024
