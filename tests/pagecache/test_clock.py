"""How a worker learns that something has changed: once a second at most, and never by waiting for a silent database."""

import logging
from threading import Event, Thread

import pytest

from pagecache.clock import EVERY, GOES_ON_FOR, Clock


class Site:
    """A site whose state, time and database are as a test wants them."""

    def __init__(self) -> None:
        self.state, self.next, self.steady, self.wall, self.asked = "a", None, 1000.0, 5000.0, 0
        self.error: Exception | None = None
        self.clock = Clock(self.ask, steady=lambda: self.steady, now=lambda: self.wall)

    def ask(self, now: float) -> tuple[str, float | None]:
        self.asked += 1
        if self.error:
            raise self.error
        return self.state, self.next

    def later(self, seconds: float) -> None:
        self.steady += seconds
        self.wall += seconds


@pytest.fixture
def site() -> Site:
    return Site()


def test_it_asks_once_a_second_however_many_requests_there_are(site):
    for _ in range(100):
        site.clock.state()
    assert site.asked == 1
    site.later(EVERY)
    for _ in range(100):
        site.clock.state()
    assert site.asked == 2


def test_a_change_is_seen_within_a_second_and_none_where_nothing_changed(site):
    first = site.clock.state().generation
    site.later(EVERY)
    assert site.clock.state().generation == first
    site.state = "b"
    site.later(EVERY - 0.01)
    assert site.clock.state().generation == first
    site.later(0.01)
    assert site.clock.state().generation == first + 1


def test_it_asks_for_the_next_moment_as_soon_as_the_one_it_knew_is_there(site):
    site.next = site.wall + 0.2
    assert site.clock.state().until == site.next
    site.later(0.2)
    site.next = None
    assert site.clock.state().until is None
    assert site.asked == 2


def test_while_the_database_is_silent_it_goes_on_with_what_it_knew_and_says_so_once(site, caplog):
    known = site.clock.state().generation
    site.error = OSError("no route")
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            site.later(EVERY)
            state = site.clock.state()
            assert state.generation == known and state.is_doubtful
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "no route" in caplog.text


def test_it_goes_on_for_a_bounded_time(site):
    site.clock.state()
    site.error = OSError("no route")
    site.later(GOES_ON_FOR)
    assert site.clock.state() is not None
    site.later(1)
    assert site.clock.state() is None


def test_when_the_database_is_back_so_is_the_truth(site, caplog):
    known = site.clock.state().generation
    site.error = OSError("no route")
    site.later(EVERY)
    site.clock.state()
    site.error, site.state = None, "b"
    site.later(EVERY)
    state = site.clock.state()
    assert state.generation == known + 1 and not state.is_doubtful
    assert "answers again" in caplog.text


def test_without_a_first_answer_nothing_is_known(site):
    site.error = OSError("no route")
    assert site.clock.state() is None
    site.error = None
    assert site.clock.state() is not None


def test_one_thread_asks_and_the_others_do_not_wait_for_long():
    asked, answer, calls = Event(), Event(), []

    def ask(at: float) -> tuple[str, None]:
        calls.append(1)
        if len(calls) > 1:
            asked.set()
            answer.wait(120)
        return "a", None

    now = [0.0]
    clock = Clock(ask, steady=lambda: now[0], now=lambda: 0.0)
    first = clock.state().generation
    now[0] = 5.0
    thread = Thread(target=clock.state)
    thread.start()
    assert asked.wait(120)
    state = clock.state()  # comes back although the other thread still waits for the database
    assert state.generation == first and state.is_doubtful
    answer.set()
    thread.join(120)
    assert len(calls) == 2
    assert not clock.state().is_doubtful


def test_whether_the_site_is_still_as_it_was_is_asked_at_that_moment(site):
    before = site.clock.state()
    assert site.clock.is_still(before) and site.asked == 2
    site.state = "b"
    assert site.clock.state() == before, "a second has not gone by"
    assert not site.clock.is_still(before)
    assert site.clock.state().mark == "b", "what was found out on the way is known"
    assert site.clock.is_still(site.clock.state())


def test_what_has_no_name_or_is_in_doubt_is_not_still_so(site):
    before = site.clock.state()
    site.error = OSError("no route")
    assert not site.clock.is_still(before)
    site.later(EVERY)
    assert site.clock.state().is_doubtful
    site.error = None
    asked = site.asked
    assert not site.clock.is_still(site.clock.state()) and site.asked == asked
    site.state = ""
    site.later(EVERY)
    assert not site.clock.is_still(site.clock.state())


def test_who_asks_whether_it_is_still_so_does_not_wait_for_a_silent_database(site):
    before, began, go_on = site.clock.state(), Event(), Event()
    ask = site.clock._ask

    def silent(now: float) -> tuple[str, float | None]:
        began.set()
        assert go_on.wait(120)
        return ask(now)

    site.clock._ask = silent
    other = Thread(target=site.clock.is_still, args=(before,))
    other.start()
    assert began.wait(120)
    assert not site.clock.is_still(before)
    go_on.set()
    other.join(120)
    assert site.clock.is_still(before)
