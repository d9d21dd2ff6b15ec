"""Asking the registers about the library: every answer is stored at once, and a failure never counts as fine."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.outgoing import client
from core.outgoing.client import Answer
from core.outgoing.pacing import Pace
from sources.models import RetractionNotice, Source, SourceLookup
from sources.register_checks import REGISTERS, SourceChecker, due
from tests import newsroom
from tests.sources.lookups.test_lookups import WAKEFIELD, Recorded

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.seconds, self.slept = 0.0, []

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


def checks(fetch, clock=None, now=NOW) -> SourceChecker:
    clock = clock or Clock()
    return SourceChecker(fetch=fetch, pace=Pace(0.5, clock, clock.sleep), sleep=clock.sleep, now=lambda: now)


@pytest.fixture
def library(cast):
    """A source that both registers report as retracted, and one that Crossref does not know."""
    wakefield = newsroom.source("wakefield1998", doi=WAKEFIELD, pmid="9500320")
    newsroom.source("abbasi2012", doi="10.1000/plain", pmid="23853635")
    return wakefield


def registers(**more) -> Recorded:
    return Recorded(**{**more, "filter": "crossref_list.json"} | {"efetch": more.get("efetch", "pubmed_list.xml")})


def answers() -> dict[tuple[str, str], str]:
    return {(row.source.key, row.asked): row.answer for row in SourceLookup.objects.select_related("source")}


def failing(*args, **how):
    raise client.Unreachable("https://api.crossref.org/: no connection.")


def test_what_the_registers_say_is_stored_and_marks(library):
    done = checks(registers()).run()
    library.refresh_from_db()
    assert library.retraction_state == "retracted"
    assert library.retraction_note == (
        "According to Crossref (undated), Retraction Watch (6 February 2010) and PubMed (6 February 2010)."
    )
    assert [mark.source.key for mark in done.changes] == ["wakefield1998"]
    assert (done.asked, done.answered, done.not_found, done.failed) == (5, 4, 1, 0)
    assert answers() == {
        ("doe2020", "crossref"): "not_found",
        ("wakefield1998", "crossref"): "answered",
        ("abbasi2012", "crossref"): "answered",
        ("wakefield1998", "pubmed"): "answered",
        ("abbasi2012", "pubmed"): "answered",
    }


def test_asking_again_puts_the_new_answer_in_the_place_of_the_old(library):
    checks(registers()).run()
    rows = RetractionNotice.objects.count()
    checks(registers(), now=NOW + timedelta(days=30)).run()
    assert RetractionNotice.objects.count() == rows
    taken_back = Recorded(
        filter=b'{"message": {"items": [{"DOI": "%s"}]}}' % WAKEFIELD.encode(),
        efetch=b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>9500320</PMID></MedlineCitation>"
        b"</PubmedArticle></PubmedArticleSet>",
    )
    [mark] = [*checks(taken_back, now=NOW + timedelta(days=60)).run().changes]
    assert (mark.before, mark.after, RetractionNotice.objects.count()) == ("retracted", "", 0)


def test_a_failure_is_on_record_and_takes_nothing_away(library):
    checks(registers()).run()
    done = checks(failing, now=NOW + timedelta(days=30)).run()
    library.refresh_from_db()
    assert library.retraction_state == "retracted"
    assert (done.failed, done.answered) == (5, 0)
    assert set(answers().values()) == {"failed"}
    row = SourceLookup.objects.get(source=library, asked="pubmed")
    assert (row.answered_at, row.asked_at) == (NOW, NOW + timedelta(days=30)) and "no connection" in row.detail


def test_what_was_answered_lately_is_left_out_and_what_failed_is_not(library):
    checks(registers(efetch=Answer(500, {}, b"", ""))).run()
    again = registers()
    assert checks(again, now=NOW + timedelta(days=2)).run().asked == 2
    assert all("efetch" in url for url in again.asked)
    assert checks(registers(), now=NOW + timedelta(days=8)).run().asked == 3
    assert checks(registers(), now=NOW + timedelta(days=8)).run(days=0).asked == 5


def test_those_asked_longest_ago_come_first_and_a_limit_holds(library):
    checks(registers()).run(limit=1)
    assert answers() == {("doe2020", "crossref"): "not_found"}
    checks(registers(), now=NOW + timedelta(hours=1)).run(limit=2)
    assert len(answers()) == 3
    order = due(REGISTERS[0], NOW + timedelta(days=30), 7)
    assert [source.key for source in order] == ["doe2020", "wakefield1998", "abbasi2012"]


def test_a_busy_register_is_given_the_time_it_asks_for(library):
    clock, calls = Clock(), []

    def busy_once(url, **how):
        calls.append(url)
        if len(calls) == 1:
            return Answer(429, {"Retry-After": "30"}, b"", url)
        return registers()(url, **how)

    assert checks(busy_once, clock).run().failed == 0
    assert clock.slept[0] == 30


def test_pauses_grow_and_three_tries_are_enough(library):
    clock = Clock()
    checks(failing, clock).run()
    assert [pause for pause in clock.slept if pause >= 2] == [2, 4, 2, 4]


def test_a_register_that_asks_for_an_hour_is_left_for_the_next_run(library):
    clock = Clock()
    hour = Answer(503, {"Retry-After": "3600"}, b"", "")
    assert checks(Recorded(**{"": hour}), clock).run().failed == 5
    assert not any(pause > 5 for pause in clock.slept)


def test_between_two_requests_to_a_host_there_is_a_pause(library):
    clock, times = Clock(), []

    def noting(url, **how):
        times.append((url.split("/")[2], clock()))
        return registers()(url, **how)

    checks(noting, clock).run()
    crossref = [at for host, at in times if host == "api.crossref.org"]
    assert len(crossref) == 2 and crossref[1] - crossref[0] >= 0.5


def test_a_register_that_keeps_failing_is_left_alone(cast):
    for serial in range(100):
        newsroom.source(f"work{serial}")
    done = checks(failing).run()
    assert (done.failed, done.left) == (60, 41)
    assert SourceLookup.objects.count() == 60


def test_the_command_says_what_is_unknown(library, monkeypatch):
    newsroom.source("page2020", doi="")
    out = StringIO()
    monkeypatch.setattr("articles.management.commands.check_sources.SourceChecker", lambda: checks(registers()))
    call_command("check_sources", stdout=out)
    assert out.getvalue().strip() == (
        "5 questions: 4 answered, 1 not found there, 0 failed; sources: 1 marked, 0 no longer marked; "
        "articles taken off the schedule: 0. "
        "Unknown: 1 that no register knows, 1 with neither DOI nor PMID to ask by."
    )


def test_the_command_fails_where_nobody_answered(library, monkeypatch):
    out, err = StringIO(), StringIO()
    monkeypatch.setattr("articles.management.commands.check_sources.SourceChecker", lambda: checks(failing))
    with pytest.raises(CommandError, match="Nobody answered"):
        call_command("check_sources", stdout=out, stderr=err)
    assert "5 failed" in out.getvalue() and "Unknown: 3 without any answer yet" in out.getvalue()
    assert "Crossref could not be asked" in err.getvalue()
    assert not Source.objects.exclude(retraction_state="").exists()
