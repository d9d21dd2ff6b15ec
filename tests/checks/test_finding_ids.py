"""The ids and levels of findings are read from the source, or the reading says what is unclear."""

import pytest

from tests.checks.finding_ids import ids_and_levels


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ('Finding("ABC01", Level.WARNING, "Words.")', {("ABC01", "WARNING")}),
        ('preflight.Finding(id="ABC01", level=Level.BLOCKER)', {("ABC01", "BLOCKER")}),
        (
            'Finding("A" if x else "B", Level.BLOCKER if x else Level.WARNING)',
            {("A", "BLOCKER"), ("B", "WARNING")},
        ),
        ('Finding("A" if x else "B", Level.WARNING)', {("A", "WARNING"), ("B", "WARNING")}),
    ],
    ids=["by position", "by name", "both depend on a condition", "the id depends on a condition"],
)
def test_ids_and_levels_are_read_from_the_source(text, pairs):
    assert ids_and_levels(text) == pairs


@pytest.mark.parametrize("text", ['Finding(name, Level.WARNING, "Words.")', 'Finding("ABC01", level, "Words.")'])
def test_a_computed_id_or_level_is_refused(text):
    with pytest.raises(AssertionError, match="line 1"):
        ids_and_levels(text)
