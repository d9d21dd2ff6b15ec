"""How a worker learns of a change: once a second at most, and never by waiting for a database that is down."""

import logging
from datetime import UTC, datetime
from threading import Event, Thread

import pytest

from core.db.site_version import SiteVersion
from pagecache.poll import EVERY, SILENT_FOR, VersionPoll

SILENCE = EVERY * 2


class PolledSite:
    """A site whose version, time and database a test controls."""

    def __init__(self) -> None:
        self.number, self.next, self.steady, self.wall, self.asked = 1, None, 1000.0, 5000.0, 0
        self.error: Exception | None = None
        self.poll = VersionPoll(self.read, steady=lambda: self.steady, now=lambda: self.wall)

    def read(self, at: datetime) -> SiteVersion:
        self.asked += 1
        assert at == datetime.fromtimestamp(self.wall, UTC)
        if self.error:
            raise self.error
        until = None if self.next is None else datetime.fromtimestamp(self.next, UTC)
        return SiteVersion(((self.number, datetime(2026, 1, 1, tzinfo=UTC)),), until)

    def later(self, seconds: float) -> None:
        self.steady += seconds
        self.wall += seconds


@pytest.fixture
def site() -> PolledSite:
    return PolledSite()


def test_it_asks_once_a_second_however_many_requests_there_are(site):
    for _ in range(100):
        site.poll.current()
    assert site.asked == 1
    site.later(EVERY)
    for _ in range(100):
        site.poll.current()
    assert site.asked == 2


def test_a_change_is_seen_within_a_second_and_none_where_nothing_changed(site):
    first = site.poll.current().changes
    site.later(EVERY)
    assert site.poll.current().changes is first
    site.number = 2
    site.later(EVERY - 0.01)
    assert site.poll.current().changes == first
    site.later(0.01)
    assert site.poll.current().number == 2


def test_it_asks_for_the_next_moment_as_soon_as_the_one_it_knew_is_there(site):
    site.next = site.wall + 0.2
    assert site.poll.current().until.timestamp() == site.next
    site.later(0.2)
    site.next = None
    assert site.poll.current().until is None
    assert site.asked == 2


def test_while_the_database_is_silent_it_goes_on_with_what_it_knew_and_says_so_once(site, caplog):
    site.poll.current()
    assert not site.poll.is_silent()
    site.error = OSError("no route")
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            site.later(SILENCE)
            assert site.poll.current().number == 1 and site.poll.is_silent()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "no route" in caplog.text


def test_a_silent_database_is_asked_once_a_second_also_when_a_moment_has_come(site):
    site.next = site.wall + 1
    site.poll.current()
    site.error = OSError("no route")
    site.later(SILENCE)
    for _ in range(100):
        site.poll.current()
    assert site.asked == 2


def test_it_goes_on_for_a_bounded_time(site):
    site.poll.current()
    site.error = OSError("no route")
    site.later(SILENT_FOR)
    assert site.poll.current() is not None
    site.later(1)
    assert site.poll.current() is None


def test_when_the_database_is_back_so_is_the_truth(site, caplog):
    site.poll.current()
    site.error = OSError("no route")
    site.later(SILENCE)
    site.poll.current()
    site.error, site.number = None, 2
    site.later(EVERY)
    assert site.poll.current().number == 2 and not site.poll.is_silent()
    assert "can be read again" in caplog.text


def test_without_a_first_answer_nothing_is_known(site):
    site.error = OSError("no route")
    assert site.poll.current() is None and site.poll.is_silent()
    site.error = None
    site.later(EVERY)
    assert site.poll.current() is not None


def test_one_thread_asks_and_the_others_do_not_wait_for_long(site):
    asked, answer = Event(), Event()
    site.poll.current()
    read = site.poll._read

    def slow(at: datetime) -> SiteVersion:
        asked.set()
        assert answer.wait(120)
        return read(at)

    site.poll._read = slow
    site.later(SILENCE)
    thread = Thread(target=site.poll.current)
    thread.start()
    assert asked.wait(120)
    assert site.poll.current().number == 1  # returns although the other thread still waits for the database
    assert site.poll.is_silent()
    answer.set()
    thread.join(120)
    assert site.asked == 2
    assert not site.poll.is_silent()


def test_a_reading_counts_from_before_it_was_begun(site):
    """A reading counts from its beginning, because it may not contain what was committed while the database took its
    time.
    """
    read = site.poll._read

    def slow(at: datetime) -> SiteVersion:
        found = read(at)
        site.steady += EVERY / 2
        return found

    site.poll._read = slow
    site.poll.current()
    site.steady += EVERY / 2
    site.poll.current()
    assert site.asked == 2
