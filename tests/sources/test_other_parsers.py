"""What we export is read by other programs' parsers as it was meant, and by ours without a loss.

rispy and bibtexparser are used here with their own defaults, not with the settings of our importers.
"""

import json
import warnings
from datetime import date

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors
from citeproc import VARIABLES
from citeproc.source.json import CiteProcJSON
from rispy.config import TYPE_OF_REFERENCE_MAPPING

from sources.exporters import FORMATS
from sources.importers import read
from sources.importers.mapping import FIELDS, fields_of, item_of
from sources.kinds import WORK_KINDS, Evidence, Work
from sources.models import Source

PEOPLE = "Müller-Łuk, Zoë\nO’Brien, J. R.\n{Sleep & Rest Group}"
# Every field, with signs that are special in one of the formats.
FULL = {
    "evidence": Evidence.COHORT,
    "title": "NF-κB & 5% of “sleep”: a {trial} of H_2O",
    "authors": PEOPLE,
    "editors": "Roe, Ann",
    "container": "Journal of Sleep & Rest",
    "container_short": "J Sleep Rest",
    "publisher": "Press & Sons",
    "edition": "2",
    "year": 2019,
    "published_on": date(2019, 9, 22),
    "volume": "17",
    "issue": "12",
    "pages": "1161-1169",
    "doi": "10.1000/abc_d<1>",
    "pmid": "12345678",
    "pmcid": "PMC123456",
    "isbn": "9780190246556",
    "url": "https://example.org/a_b?c=1&d=%20#e",
    "accessed_on": date(2026, 3, 4),
    "archived_url": "https://archive.example.org/1",
    "archived_on": date(2026, 3, 5),
}
# What a format does not hold (exporters.bibtex, exporters.ris).
NOT_HELD = {"json": set(), "bib": {"evidence", "archived_url", "archived_on"}}
NOT_HELD["ris"] = NOT_HELD["bib"]


def source(work: str) -> Source:
    return Source(key="muller2019", work=work, **FULL)


def written(work: str, ending: str) -> str:
    return FORMATS[ending].write([item_of(source(work))])


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("work", Work)
def test_every_field_of_every_kind_comes_back(work, ending):
    (entry,) = read(written(work, ending)).entries
    got = fields_of(entry.csl)
    left_out = set(NOT_HELD[ending])
    if ending == "ris" and (WORK_KINDS[work].is_periodical or work == Work.PATENT):
        left_out.add("isbn")  # the tag is that of the ISSN, or of the patent's number
    expected = {"work": work, **FULL}
    assert {name: got[name] for name in FIELDS if name not in left_out} == {
        name: expected[name] for name in FIELDS if name not in left_out
    }
    assert entry.csl["id"] == "muller2019" and entry.remarks == ()


@pytest.mark.parametrize("work", Work)
def test_rispy_reads_our_ris(work):
    (entry,) = rispy.loads(written(work, "ris"))
    assert entry["type_of_reference"] in TYPE_OF_REFERENCE_MAPPING
    assert entry["title"] == FULL["title"]
    assert entry["authors"] == ["Müller-Łuk, Zoë", "O’Brien, J. R.", "Sleep & Rest Group"]
    assert (entry["year"], entry["date"]) == ("2019", "2019/09/22/")
    assert (entry["doi"], entry["publisher"], entry["volume"]) == (FULL["doi"], FULL["publisher"], "17")
    assert (entry["start_page"], entry["end_page"]) == ("1161", "1169")
    assert entry["urls"] == [FULL["url"]]


@pytest.mark.parametrize("work", Work)
def test_bibtexparser_reads_our_bibtex(work):
    library = bibtexparser.parse_string(
        written(work, "bib"),
        append_middleware=[LatexDecodingMiddleware(), SeparateCoAuthors()],
    )
    assert library.failed_blocks == []
    (entry,) = library.entries
    fields = {name: value.value for name, value in entry.fields_dict.items()}
    assert (entry.key, entry.entry_type) == ("muller2019", WORK_KINDS[work].bibtex)
    assert fields["title"].replace("{", "").replace("}", "") == FULL["title"].replace("{", "").replace("}", "")
    assert len(fields["author"]) == 3 and "Sleep & Rest Group" in fields["author"][2]
    assert (fields["year"], fields["date"], fields["urldate"]) == ("2019", "2019-09-22", "2026-03-04")
    assert (fields["number"], fields["volume"], fields["pmid"]) == ("12", "17", "12345678")


@pytest.mark.parametrize("work", Work)
def test_citeproc_reads_our_csl_json(work):
    items = json.loads(written(work, "json"))
    names = {name.replace("-", "_") for name in items[0]} - {"id", "type", "custom"}
    assert names <= set(VARIABLES)
    items[0].pop("custom")  # a variable of CSL 1.0.2, which citeproc-py does not have
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # it warns of a variable that it does not know
        (entry,) = CiteProcJSON(items).values()
    assert str(entry.title) == FULL["title"] and len(entry.author) == 3
