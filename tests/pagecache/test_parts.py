"""A page that says on which parts of the site it rests outlives what happens elsewhere, and nothing else."""

import time

import pytest
import time_machine
from django.db import OperationalError

from pagecache.clock import Parts
from pagecache.public import MOST_PARTS
from tests.page_stores import Worker

pytestmark = pytest.mark.django_db  # Django looks after its connections at the start of a request

HIT, MISS = "PageStore; hit", "PageStore; fwd=miss"


@pytest.fixture
def parts(site):
    """What the database says of the parts: `marks` by name, and how often it was asked."""
    return {"marks": {}, "asked": 0, "error": None, "until": None, "of": None}


@pytest.fixture
def begin(start, parts):
    """Starts a worker that can ask of the parts."""

    def part(names):
        parts["asked"] += 1
        if parts["error"]:
            raise parts["error"]
        return "".join(parts["marks"].get(name, "0") for name in names)

    def until(names, after):
        return parts["of"](after) if parts["of"] else parts["until"]

    return lambda **more: start(parts=Parts(part, until), **more)


@pytest.fixture(params=["with a folder", "without"])
def worker(request, begin) -> Worker:
    return begin() if request.param == "with a folder" else begin(folder=None)


def how(worker: Worker, address: str = "/part/") -> str:
    return worker.get(address).headers["Cache-Status"]


def test_what_changed_elsewhere_costs_one_question_and_no_rendering(worker, site, parts):
    body = worker.get("/part/").body
    site["state"], parts["marks"]["part 7"] = "b", "1"
    worker.later()
    parts["asked"] = 0
    for _ in range(3):
        assert worker.get("/part/").body == body
    assert worker.rendered == 1 and parts["asked"] == 1


def test_what_changed_in_one_of_its_parts_is_rendered(worker, site, parts):
    worker.get("/part/")
    site["state"], parts["marks"]["part 1"] = "b", "1"
    worker.later()
    assert how(worker) == MISS
    assert how(worker) == HIT and worker.rendered == 2


def test_each_query_of_an_address_rests_on_its_own_parts(worker, site, parts):
    for address in ("/part/?page=1", "/part/?page=3"):
        worker.get(address)
    site["state"], parts["marks"]["part 2"] = "b", "1"
    worker.later()
    assert (how(worker, "/part/?page=1"), how(worker, "/part/?page=3")) == (HIT, MISS)


def test_what_says_nothing_of_its_parts_is_rendered_after_every_change(worker, site, parts):
    worker.get("/page/")
    site["state"] = "b"
    worker.later()
    parts["asked"] = 0
    assert how(worker, "/page/") == MISS and parts["asked"] == 0


@pytest.mark.parametrize("many", [0, MOST_PARTS + 1])
def test_of_no_parts_or_very_many_nothing_is_asked(worker, site, parts, many):
    worker.get(f"/part/?page={many}")
    site["state"] = "b"
    worker.later()
    assert how(worker, f"/part/?page={many}") == MISS and parts["asked"] == 0


def test_where_the_site_changed_while_it_was_rendered_it_is_not_taken_for_what_is_so_now(worker, site, parts):
    """Its words may be older than the name that its parts have by the time they are asked for."""

    def change() -> None:
        site["state"], parts["marks"]["part 0"] = "b", "1"

    django = worker.django

    def overtaken(environ, start_response):
        answer = django(environ, start_response)
        change()
        return answer

    worker.django = overtaken
    worker.get("/part/")
    worker.django = django
    worker.later()
    assert how(worker) == MISS


@pytest.mark.parametrize("before", [True, False], ids=["before it is made", "once it is made"])
def test_where_the_database_does_not_say_it_is_rendered(worker, site, parts, before, caplog):
    if before:
        parts["error"] = OperationalError("the server is gone")
    worker.get("/part/")
    site["state"], parts["error"] = "b", OperationalError("the server is gone")
    worker.later()
    assert how(worker) == MISS
    assert "what has changed" in caplog.text


def test_a_database_that_has_no_name_for_their_state_keeps_it_by_that_of_the_site(start, site):
    worker = start(parts=Parts(lambda names: "", lambda names, after: None))
    worker.get("/part/")
    assert how(worker) == HIT
    site["state"] = "b"
    worker.later()
    assert how(worker) == MISS


def test_it_ends_with_its_parts_on_time_whatever_changes_or_not(worker, site, parts):
    end = parts["until"] = time.time() + 100
    worker.get("/part/")
    site["state"] = "b"
    worker.later()
    with time_machine.travel(end - 1, tick=False):
        kept = worker.get("/part/")
        assert kept.was_kept and kept.headers["Cache-Control"] == "public, max-age=1"
    site["state"] = "c"
    worker.later()
    with time_machine.travel(end, tick=False):
        assert not worker.get("/part/").was_kept


def test_what_starts_elsewhere_is_not_its_end(worker, site, parts):
    end = time.time() + 100
    worker.store.clock._ask = lambda now: (site["state"], end if now < end else None)
    worker.get("/part/"), worker.get("/page/")
    with time_machine.travel(end, tick=False):
        worker.later()
        assert how(worker) == HIT and how(worker, "/page/") == MISS
    assert worker.get("/part/").headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600"


def test_what_starts_while_it_is_rendered_ends_it_at_once(worker, parts):
    """Its words are of before; the next change after it was begun is asked for, and not the next after it was made."""
    with time_machine.travel(time.time(), tick=False) as clock:
        began = time.time()
        parts["of"] = lambda after: began + 5 if after < began + 5 else None
        django = worker.django

        def slow(environ, start_response):
            answer = django(environ, start_response)
            clock.shift(10)
            return answer

        worker.django = slow
        worker.get("/part/")
        worker.django = django
        assert how(worker) == MISS


def test_in_doubt_nothing_is_proved(worker, site, parts):
    worker.get("/part/")
    site["state"] = "b"
    worker.later()
    worker.get("/gone/")
    site["error"] = OperationalError("the server is gone")
    worker.later()
    parts["asked"] = 0
    assert not worker.get("/part/").was_kept and parts["asked"] == 0


def test_a_worker_that_has_just_started_asks_nothing_where_the_site_is_as_it_was_and_one_question_after(
    begin, site, parts
):
    begin().get("/part/")
    parts["asked"] = 0
    assert how(begin()) == HIT and parts["asked"] == 0
    site["state"] = "b"
    fresh = begin()
    assert how(fresh) == HIT and how(fresh) == HIT
    assert parts["asked"] == 1 and fresh.rendered == 0
    parts["marks"]["part 0"] = "1"
    site["state"] = "c"
    assert how(begin()) == MISS and how(begin()) == HIT


def test_from_the_folder_it_is_rendered_where_its_time_is_over_or_the_database_does_not_say(begin, site, parts):
    end = parts["until"] = time.time() + 100
    begin().get("/part/")
    site["state"] = "b"
    with time_machine.travel(end, tick=False):
        assert how(begin()) == MISS
    site["state"], parts["error"] = "c", OperationalError("the server is gone")
    assert how(begin()) == MISS


def test_a_change_leaves_in_memory_what_may_be_proved_anew_and_nothing_else(begin, site):
    worker = begin(folder=None)
    for address in ("/page/", "/part/", "/gone/"):
        worker.get(address)
    assert len(worker.store.shelf) == 3
    site["state"] = "b"
    worker.later()
    worker.get("/private/")
    assert len(worker.store.shelf) == 1
