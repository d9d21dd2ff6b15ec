"""On the sentences of the corpus, the checks are right far more often than wrong and miss few blockers."""

from checks.preflight import Level
from tests.checks.finding_ids import ids_of
from tests.checks.scoring import BLOCKERS, findings, rows

# Checks that judge something other than a sentence, so that no sentence of the corpus can show them.
NOT_OF_SENTENCES = {
    "CIT03": "the sources as a whole",
    "CIT04": "the list of sources",
    "CIT05": "one source",
    "CIT06": "one source",
    "COM02": "the recommended products",
    "STR01": "headings",
    "STR02": "pictures",
    "STR03": "links",
    "STR04": "which parts are there",
    "STR06": "instructions of templates",
    "STR09": "addresses of links",
}


def test_the_corpus_is_large_enough_and_has_both_sides():
    texts = rows()
    assert len(texts) >= 80
    assert len({(row["text"], row.get("shop"), row.get("disclosure")) for row in texts}) == len(texts)
    assert sum(not row["expect"] for row in texts) >= 40


def test_every_check_that_reads_sentences_is_in_the_corpus():
    """A new check that blocks or warns fails here until the corpus has rows for it, or a reason stands above."""
    expected = {name for row in rows() for name in row["expect"]}
    assert expected == ids_of("BLOCKER", "WARNING", places=("checks",)) - NOT_OF_SENTENCES.keys()


def test_what_is_found_is_right(scored):
    assert scored.precision(*scored.ids) >= 0.95
    assert scored.precision(*sorted(BLOCKERS)) >= 0.95


def test_little_that_blocks_is_missed(scored):
    assert scored.recall(*sorted(BLOCKERS)) >= 0.85


def test_a_check_has_the_level_of_its_table():
    levels = {each.id: each.level for row in rows() for each in findings(row)}
    assert {name for name, level in levels.items() if level is Level.BLOCKER} == BLOCKERS
