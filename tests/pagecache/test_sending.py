"""The page cache: what it sends of what it keeps, until when, and in how much memory."""

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import brotli
import pytest
import time_machine
from django.db import OperationalError

from tests.pagecache.kept_views import NOON

pytestmark = pytest.mark.django_db  # Django looks after its connections at the start of a request


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "TRACE"])
def test_another_method_is_always_djangos(worker, method):
    worker.get("/page/")
    assert not worker.ask(method, "/page/").was_kept
    assert worker.rendered == 2


def test_a_get_with_a_body_is_djangos(worker):
    worker.get("/page/")
    assert not worker.ask("GET", "/page/", body=b"x=1").was_kept


def test_head_has_the_headers_of_get_and_no_body(worker):
    assert worker.ask("HEAD", "/page/").status == 200 and len(worker.cache._pages) == 0
    got = worker.get("/page/", accept_encoding="gzip")
    head = worker.ask("HEAD", "/page/", accept_encoding="gzip")
    assert head.was_kept and head.body == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.body))


def test_each_reader_gets_the_encoding_they_asked_for_whoever_came_first(worker):
    packed = worker.get("/page/", accept_encoding="br")
    assert packed.headers["Content-Encoding"] == "br"
    plain = worker.get("/page/")
    assert "Content-Encoding" not in plain.headers
    assert brotli.decompress(packed.body) == plain.body
    assert gzip.decompress(worker.get("/page/", accept_encoding="gzip").body) == plain.body
    assert worker.rendered == 1


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_who_has_the_page_is_told_so_in_few_bytes(worker, encoding):
    etag = worker.get("/page/", accept_encoding=encoding).headers["ETag"]
    for tag in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        answer = worker.get("/page/", accept_encoding=encoding, if_none_match=tag)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == etag and answer.headers["Vary"] == "Accept-Encoding"
        assert "Content-Length" not in answer.headers and "Content-Encoding" not in answer.headers
    assert worker.get("/page/", if_none_match='W/"other"').status == 200


def test_another_page_has_another_tag_and_the_same_words_have_the_same(worker, site):
    one, other = worker.get("/page/").headers["ETag"], worker.get("/page/?page=2").headers["ETag"]
    assert one != other
    site.change()
    worker.later()
    assert worker.get("/page/").headers["ETag"] == one and worker.rendered == 3


def test_what_stands_withdrawn_is_no_304(worker):
    assert "ETag" not in worker.get("/gone/").headers
    assert [worker.get("/gone/", if_none_match="*").status for _ in range(2)] == [410, 410]


def test_a_view_with_a_tag_of_its_own_is_kept_whole_and_its_tag_holds(worker):
    first = worker.get("/tagged/", if_none_match='"its-own"')
    assert first.status == 304
    assert worker.get("/tagged/").text == "feed"
    assert worker.get("/tagged/").was_kept
    assert worker.get("/tagged/", if_none_match='"its-own"').status == 304
    assert worker.rendered == 1


def test_a_path_is_the_same_however_it_was_encoded_and_another_is_not(worker):
    worker.get("/page/")
    assert worker.get("/page/").was_kept
    for other in ("/Page/", "//page/", "/page//", "/page/..", "/page/\x00", "/page"):
        assert not worker.get(other).was_kept


def test_within_a_second_of_a_change_nothing_of_before_is_sent(worker, site):
    worker.get("/page/"), worker.get("/gone/")
    site.change()
    worker.later(0.9)
    assert worker.get("/page/").was_kept
    worker.later(0.1)
    assert not worker.get("/page/").was_kept
    assert not worker.get("/gone/").was_kept


def test_what_was_rendered_before_a_change_is_not_kept_after_it(worker, site):
    """Another request learns of the change while this one is still rendering."""
    worker.get("/page/")
    worker.later()
    worker.overtake("page=7", site.change)
    assert worker.get("/page/?page=7").status == 200
    assert not worker.get("/page/?page=7").was_kept


def test_while_the_database_is_silent_kept_pages_go_on_for_ten_minutes_and_say_so(worker, site):
    worker.get("/page/")
    site.error = OperationalError("the server is gone")
    worker.later(2)
    kept = worker.get("/page/")
    assert kept.was_kept and "the database is silent" in kept.headers["Cache-Status"]
    assert kept.headers["Cache-Control"] == "no-cache"
    worker.get("/gone/")
    assert not worker.get("/gone/").was_kept, "what is rendered now may be of any age"
    worker.later(597)
    assert worker.get("/page/").was_kept
    worker.later(2)
    assert not worker.get("/page/").was_kept
    site.error = None
    worker.later()
    worker.get("/page/")
    assert worker.get("/page/").was_kept


@pytest.mark.parametrize(("path", "by_the_site"), [("/due/", False), ("/page/", True)])
def test_a_page_ends_on_the_second_at_its_own_time_and_at_the_next_start_or_end_on_the_site(
    worker, site, path, by_the_site
):
    site.until = NOON if by_the_site else None
    for seconds, left in ((-25, 25), (-1, 1)):
        with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
            worker.later()
            answers = [worker.get(path) for _ in range(2)]
            assert [answer.headers["Cache-Control"] for answer in answers] == [f"public, max-age={left}"] * 2
            assert answers[1].was_kept
    with time_machine.travel(NOON, tick=False):
        assert not worker.get(path).was_kept


def test_a_page_is_rendered_anew_after_ten_minutes_but_not_while_the_database_is_silent(worker, site):
    """Counts in pages are cached for ten minutes, and no trigger watches that cache."""
    with time_machine.travel("2026-11-20 12:00", tick=False):
        worker.get("/page/")
    with time_machine.travel("2026-11-20 12:11", tick=False):
        site.error = OperationalError("the server is gone")
        worker.later(2)
        assert worker.get("/page/").was_kept
        site.error = None
        worker.later(1)
        assert not worker.get("/page/").was_kept
        assert worker.get("/page/").was_kept


def test_the_cache_stays_within_its_bytes(start):
    worker = start(limit=200_000)
    for number in range(300):
        worker.get(f"/page/?q={number}", accept_encoding=("br", "gzip", "")[number % 3])
        assert worker.cache.size <= 200_000
    assert 3 < len(worker.cache._pages) < 100


def test_many_readers_of_one_page_cost_one_rendering(site, start):
    worker = start()
    worker.get("/page/")
    site.change()
    worker.later()
    django, begin = worker.django, threading.Barrier(6)

    def slow(environ, start_response):
        threading.Event().wait(0.2)
        return django(environ, start_response)

    worker.django = slow

    def read(_):
        begin.wait(120)
        return worker.get("/page/").text

    with ThreadPoolExecutor(6) as pool:
        texts = set(pool.map(read, range(6)))
    assert len(texts) == 1
    assert worker.rendered == 2


def test_a_page_whose_rendering_fails_holds_nobody_up(worker, site):
    worker.get("/page/")
    site.change()
    worker.later()
    django = worker.django

    def broken(environ, start_response):
        raise RuntimeError("broken")

    worker.django = broken
    with pytest.raises(RuntimeError):
        worker.get("/page/")
    worker.django = django
    assert worker.get("/page/").status == 200
    assert worker.get("/page/").was_kept


def test_what_is_public_and_cannot_be_kept_is_compressed_all_the_same(worker, site):
    worker.get("/page/")
    long = worker.get("/page/?q=" + "x" * 5000, accept_encoding="gzip")
    assert b"x" * 5000 in gzip.decompress(long.body) and not long.was_kept
    streamed = worker.get("/streamed/", accept_encoding="gzip")
    assert gzip.decompress(streamed.body) == b"onetwo"
    site.error = OperationalError("the server is gone")
    worker.later(2)
    doubtful = worker.get("/page/?q=doubt", accept_encoding="br, gzip")
    assert b"doubt" in gzip.decompress(doubtful.body) and not doubtful.was_kept
