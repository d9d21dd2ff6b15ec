"""On the half of the rewordings that no pattern was written from, the checks reach these floors."""

import pytest

from tests.checks.rewordings import Tally, read, tally


@pytest.fixture(scope="module")
def scored() -> Tally:
    return tally(row for row in read() if not row.is_for_development)


def test_there_are_enough_sentences_and_half_are_to_be_left_alone():
    rows = read()
    assert len(rows) >= 400 and len({row.text for row in rows}) == len(rows)
    assert 0.4 <= sum(not row.id for row in rows) / len(rows) <= 0.6
    assert 0.4 <= sum(row.is_for_development for row in rows) / len(rows) <= 0.6


def test_blockers_are_right(scored):
    assert scored.precision("blocker") >= 0.95


def test_warnings_are_right(scored):
    assert scored.precision("warning") >= 0.85


@pytest.mark.parametrize(("check", "floor"), [("CLM01", 0.8), ("CLM03", 0.85), ("SAF01", 0.85), ("CIT02", 0.85)])
def test_few_are_missed(scored, check, floor):
    assert scored.recall(check) >= floor, "\n".join(scored.lines())


def test_half_of_the_claims_on_health_block(scored):
    assert scored.blocking("CLM01") >= 0.5


def test_figures_without_a_source_are_found(scored):
    assert scored.recall("CIT01") >= 0.92
