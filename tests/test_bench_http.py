"""Measurements over HTTP: the output of wrk is read correctly, ratios are taken within a round, gaps are reported."""

import pytest

from bench import load, over_http
from bench.over_http import BARE, NGINX

SAID = """Running 2s test @ http://127.0.0.1:40217/articles/a/
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.11ms    2.05ms  30.61ms   95.90%
    Req/Sec     7.52k     1.25k    9.21k    75.00%
  14971 requests in 2.00s, 176.25MB read
{more}Requests/sec:   7480.75
Transfer/sec:     88.07MB
"""


def test_the_rate_is_read_from_what_wrk_has_said():
    assert load.read(SAID.format(more=""), None) == load.LoadResult(7480.75, None)


def test_what_a_request_cost_the_server_is_its_time_on_a_processor_by_the_requests():
    assert load.read(SAID.format(more=""), 1.4971).cpu_us == pytest.approx(100)


@pytest.mark.parametrize(
    "more", ["  Non-2xx or 3xx responses: 3\n", "  Socket errors: connect 0, read 2, write 0, timeout 0\n"]
)
def test_a_slot_in_which_a_request_failed_is_no_measurement(more):
    with pytest.raises(RuntimeError, match=more.strip()[:12]):
        load.read(SAID.format(more=more), 1.0)


class Answering:
    def __init__(self, *answer) -> None:
        self.answer = answer

    def get(self, path, **headers):
        return self.answer


@pytest.mark.parametrize(
    ("status", "encoding", "kept"),
    [(404, "gzip", "PageCache; hit"), (200, "", "PageCache; hit"), (200, "gzip", "PageCache; fwd=miss")],
)
def test_a_case_that_is_not_what_it_says_is_refused(status, encoding, kept):
    server = Answering(status, {"content-encoding": encoding, "cache-status": kept}, b"")
    with pytest.raises(RuntimeError, match="memory answers"):
        load.LoadCase("memory", server, "/", encoding="gzip", kept="PageCache; hit").check()


def test_a_case_that_is_what_it_says_is_taken():
    kept = 'PageCache; hit; detail="version 4, rendered 2 s ago"'
    server = Answering(200, {"content-encoding": "gzip", "cache-status": kept}, b"")
    load.LoadCase("memory", server, "/", encoding="gzip", kept="PageCache; hit").check()


CPU = {NGINX: [20.0, 20.0, 20.0], BARE: [100.0, 100.0, 100.0], "memory, gzip": [25.0, 40.0, 50.0]}
RATES = {NGINX: [100.0, 10.0, 200.0], BARE: [20.0, 2.0, 40.0], "memory, gzip": [60.0, 6.0, 90.0]}


def test_a_ratio_is_the_median_of_those_within_each_round():
    assert over_http.ratios(RATES, NGINX)["memory, gzip"] == 0.6
    assert over_http.ratios(RATES, BARE)["memory, gzip"] == 3.0


FOUND = {
    "path": "/articles/a/",
    "bytes": 60_000,
    "gzipped": 12_000,
    "rates": RATES,
    "cpu_us": CPU,
    "freshness": {"workers": 4, "connections": 300, "last_old_s": 0.94, "first_new_s": 0.01},
    "memory": {"empty_mb": 91.0, "full_mb": 151.4, "pages": 800, "is_full": True},
    "left_out": [],
}


def test_the_table_has_rates_ratios_freshness_and_memory():
    lines = over_http.table("sqlite 100", FOUND).splitlines()
    assert lines[0] == "sqlite 100, over HTTP: /articles/a/, 60,000 bytes, gzipped 12,000"
    assert " ".join(lines[1].split()) == "requests/s × nginx × bare CPU µs each × nginx × bare"
    assert lines[4].split() == ["memory,", "gzip", "60", "0.600", "3.000", "40", "0.500", "2.500"]
    assert "all of 4 workers after 0.94 s" in lines[5]
    assert lines[6] == "a worker: 91 MB at first, 151 MB with its cache full"


def test_what_could_not_be_measured_is_said_and_an_archive_too_small_to_fill_the_cache_too():
    found = {**FOUND, "rates": {name: own for name, own in RATES.items() if name != NGINX}}
    found["cpu_us"] = {name: [None] * 3 for name in found["rates"]}
    found |= {"left_out": ["nginx: it is not installed"], "memory": {**FOUND["memory"], "is_full": False}}
    said = over_http.table("sqlite 100", found)
    assert "× nginx" not in said and "60    3.000\n" in said and "left out: nginx: it is not installed" in said
    assert "not full: the archive is too small" in said


def test_without_wrk_there_is_no_table_of_rates():
    said = over_http.table("sqlite 100", {"left_out": ["requests a second: wrk is not installed"]})
    assert said.splitlines() == ["sqlite 100, over HTTP", "left out: requests a second: wrk is not installed"]


def test_a_change_counts_as_seen_when_nobody_is_given_the_page_before_it_any_more():
    looks = [(9.0, b"old"), (10.1, b"old"), (10.2, b"new"), (10.9, b"old"), (11.0, b"new")]
    found = over_http.seen(looks, 10.0, b"new")
    assert found["connections"] == 4
    assert found["last_old_s"] == pytest.approx(0.9) and found["first_new_s"] == pytest.approx(0.2)
