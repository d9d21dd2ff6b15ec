"""Names of journals in capitals and abbreviations become those of NLM's catalogue; other names stay as they are."""

import pytest

from sources.importers import read
from sources.importers.journal_names import BY_ABBREVIATION, BY_TITLE, readable
from sources.importers.mapping import fields_of


def names(container: str) -> tuple[str, str]:
    found = read(f"TY  - JOUR\nTI  - T\nT2  - {container}\nER  - \n")
    held = fields_of(found.entries[0].csl)
    return held["container"], held["container_short"]


@pytest.mark.parametrize(
    "written", ["PLOS ONE", "PLoS One", "PLOS One", "AMERICAN JOURNAL OF CLINICAL NUTRITION", "Am. J. Clin. Nutr."]
)
def test_capitals_and_abbreviations_become_nlms_names(written):
    expected = ("PloS one", "PLoS One")
    if "NUTR" in written.upper():
        expected = ("The American journal of clinical nutrition", "Am J Clin Nutr")
    assert names(written) == (expected if written.isupper() or "." in written else (written, ""))


@pytest.mark.parametrize(
    "written", ["Nature", "JAMA", "Journal of Trials", "The American Journal of Clinical Nutrition"]
)
def test_a_name_that_people_wrote_stays(written):
    assert names(written) == (written, "")


@pytest.mark.parametrize(
    ("capitals", "shown"),
    [
        ("JOURNAL OF UNKNOWN SLEEP-WAKE STUDIES", "Journal of Unknown Sleep-Wake Studies"),
        ("BMC UNKNOWN RESEARCH", "BMC Unknown Research"),
        ("PLOS UNKNOWN DISEASES", "PLOS Unknown Diseases"),
        ("PROCEEDINGS OF THE 7TH CONFERENCE", "Proceedings of the 7th Conference"),
        ("CELL", "CELL"),
    ],
)
def test_other_capitals_become_title_case(capitals, shown):
    assert readable(capitals) == shown


def test_every_row_of_the_table_has_a_title_and_an_abbreviation_of_its_own():
    assert len(BY_TITLE) == len(BY_ABBREVIATION) > 80
