"""Prints in the report of a test run how often the editorial checks are right on the corpus."""

import pytest

from tests.checks.scoring import Score, score

_KEPT = pytest.StashKey[Score]()


@pytest.fixture(scope="session")
def scored(request) -> Score:
    """The score on the corpus; the report shows it."""
    result = score()
    request.config.stash[_KEPT] = result
    return result


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, config) -> None:
    result = config.stash.get(_KEPT, None)
    if result is not None:
        terminalreporter.section("editorial checks on the corpus")
        for line in (*result.lines(), *result.errors):
            terminalreporter.write_line(line)
