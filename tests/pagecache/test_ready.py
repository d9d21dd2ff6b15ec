"""The page store: an answer out of memory that is given once more to whoever asks in the same words."""

import time

import pytest

from pagecache import store
from pagecache.clock import GOES_UNASKED, Clock
from pagecache.store import LONGEST_READY, READS
from tests.page_stores import HOST, Worker

pytestmark = pytest.mark.django_db  # Django looks after its connections at the start of a request


class Watched(dict):
    """A request that notes what is read of it."""

    def __init__(self, **given: str) -> None:
        super().__init__(given)
        self.read: set[str] = set()

    def get(self, name, default=None):
        self.read.add(name)
        return super().get(name, default)

    def __getitem__(self, name):
        self.read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        self.read.add(name)
        return super().__contains__(name)


def made_ready(worker: Worker, path: str, **headers: str) -> int:
    """How many answers are ready after this was asked for twice: the second time it comes out of memory."""
    worker.get(path, **headers)
    worker.get(path, **headers)
    return len(worker.store._ready[1])


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("given", [{}, {"HTTP_IF_NONE_MATCH": "*"}, {"HTTP_X_FORWARDED_PROTO": "https"}])
def test_what_an_answer_out_of_memory_reads_of_a_request_is_all_that_it_is_found_by(start, method, given):
    worker = start(secure_header=("HTTP_X_FORWARDED_PROTO", "https"))
    worker.get("/page/?page=2", **{name.removeprefix("HTTP_").lower(): value for name, value in given.items()})
    worker.store._reads = ()
    asked = Watched(
        REQUEST_METHOD=method, PATH_INFO="/page/", QUERY_STRING="page=2&utm_id=1", SCRIPT_NAME="", HTTP_HOST=HOST,
        **given,
    )  # fmt: skip
    began = []
    worker.store(asked, lambda *what: began.append(dict(what[1])))
    assert began[0]["Cache-Status"] == "PageStore; hit"
    assert {"QUERY_STRING", "HTTP_HOST", "HTTP_IF_NONE_MATCH"} < asked.read
    assert asked.read <= {*READS, "QUERY_STRING", "HTTP_X_FORWARDED_PROTO"}


def test_the_same_words_get_the_same_answer_and_others_their_own(worker):
    asked = [
        {"path": "/page/"},
        {"path": "/page/", "accept_encoding": "gzip"},
        {"path": "/page/", "accept_encoding": "br"},
        {"path": "/page/", "if_none_match": "*"},
        {"path": "/page/?page=2"},
        {"path": "/page/", "transfer_encoding": "chunked"},
        {"path": "/page/", "host": "evil.example"},
    ]
    first, second, third = ([worker.get(**words) for words in asked] for _ in range(3))
    assert second == third
    assert [answer.body for answer in first] == [answer.body for answer in second]
    assert [answer.was_kept for answer in third] == [True] * 5 + [False] * 2
    assert worker.ask("HEAD", "/page/").body == b""
    assert not worker.ask("POST", "/page/").was_kept


def test_a_ready_answer_is_gone_with_the_state_it_belongs_to(worker, site):
    assert made_ready(worker, "/page/") == 1
    site["state"] = "b"
    assert worker.get("/page/").was_kept  # nobody has looked yet
    worker.later()
    assert not worker.get("/page/").was_kept and worker.rendered == 2


def test_nothing_is_ready_while_the_database_is_silent(worker, site):
    assert made_ready(worker, "/page/") == 1
    site["error"] = OSError("silent")
    worker.later()
    for _ in range(3):
        answer = worker.get("/page/")
        assert answer.was_kept and answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(("left", "ready"), [(60 + GOES_UNASKED + 5, 1), (60 + GOES_UNASKED - 0.5, 0), (30, 0)])
def test_what_may_be_kept_for_less_from_moment_to_moment_is_never_ready(worker, left, ready):
    until = time.time() + left
    worker.store.clock = Clock(lambda now: ("a", until))
    assert made_ready(worker, "/page/") == ready


def test_what_comes_from_the_folder_or_is_asked_at_length_is_never_ready(start):
    worker = start(limit=0)
    assert made_ready(worker, "/page/") == 0 and worker.get("/page/").was_kept
    assert made_ready(start(), "/page/", if_none_match="x" * LONGEST_READY) == 0


def test_only_so_many_are_ready(worker, monkeypatch):
    monkeypatch.setattr(store, "MOST_READY", 3)
    for number in range(5):
        assert made_ready(worker, f"/page/?page={number}") == min(number + 1, 3)
    assert worker.get("/page/?page=4").was_kept


def test_where_no_field_counts_one_answer_is_ready_for_all_queries(worker):
    assert made_ready(worker, "/gone/?utm_id=1") == 1
    first = worker.get("/gone/")
    for query in ("?utm_id=2", "?page=9", f"?{'x' * 9000}", ""):
        assert worker.get(f"/gone/{query}") == first
    assert len(worker.store._ready[1]) == 1 and worker.rendered == 1


def test_what_is_asked_with_a_field_that_counts_for_nothing_is_kept_and_not_ready(worker):
    assert made_ready(worker, "/page/?utm_id=1") == 0 and worker.get("/page/?utm_id=1").was_kept


def test_a_server_may_change_what_it_was_given(worker):
    """PEP 3333: the list of headers is the server's, to do with as it likes."""
    worker.get("/page/")
    for _ in range(2):
        given = []
        worker.store(
            {"REQUEST_METHOD": "GET", "PATH_INFO": "/page/", "HTTP_HOST": HOST},
            lambda status, headers, given=given: given.append(headers),
        )
        assert ("Date", "now") not in given[0]
        given[0].append(("Date", "now"))
