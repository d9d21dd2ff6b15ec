"""A worker that has just started, or has little memory, answers from the folder that all workers share: as strictly
as from memory."""

import re
import time

import pytest
import time_machine
from django.db import OperationalError

from tests.page_stores import HOST

pytestmark = pytest.mark.django_db  # Django looks after its connections at the start of a request


def files(worker) -> list:
    return [path for path in worker.store.folder.path.rglob("*") if path.is_file()]


def test_a_worker_that_has_just_started_renders_nothing_that_another_has(start):
    first = start().get("/page/?page=2&utm_source=x")
    start().get("/page/")
    fresh = start()
    for address in ("/page/", "/page/?page=2", "/page/?utm_source=y&page=2", "/page/?fbclid=1"):
        assert fresh.get(address).was_kept
    assert fresh.rendered == 0
    again = fresh.get("/page/?page=2")
    own = {"Cache-Status"}
    assert again.body == first.body and again.headers.keys() == first.headers.keys()
    assert {k: v for k, v in again.headers.items() if k not in own} == {
        k: v for k, v in first.headers.items() if k not in own
    }


def test_from_the_folder_it_goes_into_memory(start):
    start().get("/page/")
    fresh = start()
    assert fresh.get("/page/").headers["Cache-Status"] == "PageStore; hit"
    for path in files(fresh):
        path.unlink()
    assert fresh.get("/page/").was_kept and fresh.rendered == 0


def test_without_memory_every_answer_comes_from_the_folder(start):
    worker = start(limit=0)
    texts = {worker.get("/page/", accept_encoding="gzip").body for _ in range(3)}
    assert len(texts) == 1 and worker.rendered == 1
    assert worker.get("/page/").headers["Cache-Status"] == "PageStore; hit; detail=folder"


def test_head_304_and_every_encoding_are_answered_from_it(start):
    plain = start().get("/page/")
    assert start().ask("HEAD", "/page/").headers["Content-Length"] == plain.headers["Content-Length"]
    assert start().get("/page/", if_none_match=plain.headers["ETag"]).status == 304
    for encoding in ("gzip", "br"):
        worker = start(limit=0)
        for _ in range(2):
            assert worker.get("/page/", accept_encoding=encoding).headers["Content-Encoding"] == encoding
        assert worker.rendered == 0


def test_a_withdrawn_page_and_a_short_one_are_as_they_were(start):
    start().get("/gone/")
    again = start().get("/gone/", accept_encoding="gzip, br")
    assert again.was_kept and again.status == 410 and again.text == "withdrawn"
    assert "Content-Encoding" not in again.headers


@pytest.mark.parametrize(
    "address", ["/private/", "/missing/", "/streamed/", "/moved/", "/cookie/", "/session/", "/no/"]
)
def test_what_is_not_for_everyone_never_touches_the_disk(start, address):
    worker = start()
    for _ in range(2):
        worker.get(address)
    assert files(worker) == []


def test_a_signed_in_reader_leaves_nothing_of_theirs_on_the_disk(start):
    worker = start()
    worker.get("/page/?secret=SECRET", cookie="__Host-session=SECRET", x_forwarded_host="SECRET", user_agent="SECRET")
    (path,) = files(worker)
    assert b"SECRET" not in path.read_bytes()
    assert start().get("/page/").was_kept and "SECRET" not in start().get("/page/").text


def test_a_name_that_is_not_the_sites_gets_nothing_from_the_folder(start):
    start().get("/page/")
    for host in ("evil.example", f"evil.{HOST}", ""):
        assert start().get("/page/", host=host).status == 400


def test_after_a_change_nothing_of_before_is_read_and_each_worker_learns_of_it_in_a_second(start, site):
    one, other = start(), start()
    one.get("/page/"), other.get("/page/")
    site["state"] = "b"
    assert start().get("/page/").headers["Cache-Status"] == "PageStore; fwd=miss"
    other.later(0.9)
    assert other.get("/page/").was_kept
    other.later(0.1)
    assert other.get("/page/").was_kept, "what the fresh worker rendered after the change"
    assert other.get("/page/?page=2").headers["Cache-Status"] == "PageStore; fwd=miss"
    assert one.rendered == 1 and other.rendered == 1


def test_what_was_rendered_before_a_change_is_not_filed_under_the_state_after_it(start, site):
    """The change is made, and another request learns of it, while this one still renders."""
    worker = start()
    worker.get("/page/")
    worker.overtake("page=7", lambda: site.update(state="b"))
    assert worker.get("/page/?page=7").status == 200
    start().get("/page/")  # from now on others know which fields count, and look for what is kept under them
    assert not start().get("/page/?page=7").was_kept


def test_what_a_worker_renders_that_has_not_learned_of_a_change_is_not_read_by_those_who_have(start, site):
    late = start()
    late.get("/gone/")
    site["state"] = "b"
    late.get("/page/")
    fresh = start()
    assert not fresh.get("/page/").was_kept
    late.later()
    assert late.get("/page/").was_kept and late.rendered == 2


def test_a_page_ends_on_time_in_the_folder_too(start):
    worker = start()
    end = time.time() + 100
    worker.store.clock._ask = lambda now: ("a", end)
    worker.get("/page/")
    with time_machine.travel(end - 1, tick=False):
        kept = start().get("/page/")
        assert kept.was_kept and kept.headers["Cache-Control"] == "public, max-age=1"
    with time_machine.travel(end, tick=False):
        assert not start().get("/page/").was_kept


def test_while_the_database_is_silent_the_folder_goes_on_with_memory_and_ends_with_it(start, site):
    start().get("/page/")
    worker = start()
    worker.get("/gone/")
    site["error"] = OperationalError("the server is gone")
    worker.later()
    kept = worker.get("/page/")
    assert kept.was_kept and kept.headers["Cache-Control"] == "no-cache"
    worker.get("/page/?page=3")
    assert not start().get("/page/").was_kept, "who has just started knows of no state"
    worker.later(601)
    assert not worker.get("/page/").was_kept
    site["error"] = None
    assert not start().get("/page/?page=3").was_kept, "what is rendered in doubt is not kept"


def test_a_damaged_file_costs_a_rendering(start):
    worker = start()
    worker.get("/page/")
    (path,) = files(worker)
    path.write_bytes(re.sub(rb"text/html", b"text/xxxx", path.read_bytes()))
    fresh = start()
    assert fresh.get("/page/").headers["Content-Type"].startswith("text/html")
    assert fresh.rendered == 1 and start().get("/page/").was_kept


def test_a_folder_that_cannot_be_written_costs_no_reader_their_page(start, caplog):
    worker = start()
    worker.store.folder.path.write_text("a file stands where the folder should be")
    assert [worker.get("/page/").status for _ in range(3)] == [200] * 3
    assert worker.get("/gone/").status == 410 and worker.rendered == 2
    assert [record.levelname for record in caplog.records if "on disk" in record.message] == ["ERROR"]
