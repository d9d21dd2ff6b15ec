"""For any input, an importer raises nothing but CannotRead, and what it reads becomes the fields of a source."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pylatexenc import latex2text, latexwalker

from sources.importers import CannotRead, ReadResult, read
from sources.importers.latex import decode
from sources.importers.mapping import fields_of, proposed_key

FOLDER = Path(__file__).parent / "files"
FILES = [path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix != ".md"]
same_each_time = settings(derandomize=True, max_examples=150, deadline=None)

RIS = (
    *("TY  - JOUR", "TY  - ", "TY - BOOK", "TY", "ER  - ", "ER  -", "ER", "ER  - x", "TI  - A", "T1  - B", "UK  - x"),
    *("ZZ  - y", "UK", "  goes on", "", "PY  - \u00b2", "DA  - 2020/02/31", "UR  - http://[", "SN  - 1234-5678"),
    *("AU  - ,", "ED  - ", "\u00c91  - x", "\u2028"),
)
WEB_OF_SCIENCE = (
    *("PT J", "PT", "PTx", "PT B", "ER", "ER x", "ERx", "ER\t", "EF", "FN Clarivate", "TI A", "TI", "UK x", "ZZ z"),
    *("   goes on", "goes on", "", "AU ,", "CA x", "PD \u00b2", "PY 2013", "BP 1", "EP +", "BN 1 2", "DT Chapter"),
)
NBIB = (
    *("PMID- 1", "PMID-", "TI  - A", "TI  -", "BTI - B", "TT  - C", "FAU - ,", "AU  - Doe", "PG  - 379.e9-379.e13"),
    *("DP  - \u00b2", "DEP - 20200101", "LID - [doi]", "AID - x [doi]", "      goes on", "  ", "", "goes on", "ISBN- "),
)
BIBTEX = (
    *("@article{", "@string{x = ", "@comment{", "@preamble{", "@", "@book(", "{", "}", '"', "#", "=", ",", "\n", "\\"),
    *("title", "author = {A and , and }", "year", "{T}", "jan", '\\"', "{\\date}", "$", "~", "\u00b2", "%", "date={x}"),
)
JSON = (
    *("{", "}", "[", "]", '"', ":", ",", "null", "1e999", "NaN", "-", "\\u", '"title"', '"T"', '"issued"', "[[2020]]"),
    *('{"title": "T"}', '"date-parts"', '"author"', "\n", "9" * 5_000),
)
ENDNOTE = (
    *(
        "%0 Book",
        "%0",
        "%",
        "%T A",
        "%T",
        "%A ,",
        "%A Doe, J;;",
        "%D \u00b2",
        "%8 March",
        "%J J",
        "%J",
        "%@ 1",
        "%Z Retracted",
    ),
    *("%[ x", "goes on", "", "  ", "%U http://[", "%P -", "%R 10.1000/"),
)
REFWORKS = (
    "RT Book",
    "RT",
    "A1 ,",
    "A1 Doe,J",
    "T1 A",
    "T1",
    "YR \u00b2",
    "SP 1",
    "OP",
    "NO Retracted",
    "goes on",
    "",
    "ER x",
)
TABLE = (
    *('"', ",", '""', "\n", ";", "Doe J.; Roe R.", "(57190000001)", "2018", "10.1000/x", "\u00b2", "Retracted", "1042"),
    *("\ufeff", "Article", "\t", "'", "\\"),
)
ENDNOTE_XML = (
    *(
        "<record>",
        "</record>",
        "<titles><title>T</title></titles>",
        "<title>",
        "&amp;",
        "&x;",
        "<!--",
        "-->",
        "<![CDATA[",
    ),
    *("]]>", '<ref-type name="Book">', "<dates><year>\u00b2</year></dates>", "<author>,</author>", "<style/>", "<?x?>"),
)
LIST = (
    *("1. ", "2) ", "[3] ", "Doe J, Roe R. ", "Title. ", "J X. ", "2020;1(2):3-4.", "(2020). ", ", 4(2), 1-2.", "\n"),
    *("et al. ", "https://", "PMID: 7", "?", "doi:10.1000/x", "\u00b2"),
)
IDENTIFIERS = (
    *("10.1000/x", "doi:", "https://", "http://[", "https://a.\u2100b.example", "PMC1", "PMID:", "\u0663", "12", "\n"),
    *(" ", ",", "\x00", "pmcid:"),
)


def taken(source: str | bytes) -> ReadResult | None:
    """Return the importers' result for a text after making fields and keys of it, or None if the text is refused."""
    try:
        found = read(source)
    except CannotRead as error:
        assert str(error)
        return None
    for entry in found.entries:
        assert "title" in fields_of(entry.csl)
        assert proposed_key(entry.csl, ())
    return found


def macros() -> list[str]:
    """Return the name of every macro in pylatexenc's tables."""
    tables = (latex2text.get_default_latex_context_db(), latexwalker.get_default_latex_context_db())
    return sorted({name for table in tables for kind in table.categories() for name in table.d[kind]["macros"]})


def test_a_title_with_a_macro_that_needs_its_arguments_is_read():
    found = read((FOLDER / "latex_macros.bib").read_bytes())
    assert [entry.csl["title"] for entry in found.entries] == ["The \\date macro", "See here", "Good"]
    assert found.unread == ()


def test_every_macro_of_latex_can_stand_in_a_title_and_in_a_name():
    shapes = ("\\{0}", "\\{0}{{}}", "$\\{0}[x]{{https://example.org}}{{word}}$")
    for shape in shapes:
        text = "".join(
            f"@article{{k{place}, title = {{Of {written} and more}}, author = {{{written} and Doe, {written} J.}}}}\n"
            for place, written in enumerate(shape.format(name) for name in macros() if name.isalpha())
        )
        found = taken(text)
        assert found.unread == ()
        assert len(found.entries) == text.count("\n")
    for name in macros():
        taken(f"@article{{k, title = {{Of \\{name} and \\{name}{{x}}}}, author = {{Doe, \\{name}}}}}")


def test_a_symbol_comes_from_the_table_alone():
    assert decode("\\alpha-carotene, 5\\,\\textmu g, \\hat{x}, \\vec y") == "α-carotene, 5 µg, x̂, y⃗"
    assert decode("\\footnote{a}, \\input{/etc/passwd}") == "\\footnote a, \\input /etc/passwd"


def test_every_beginning_of_a_real_file_is_read_or_refused():
    for data in FILES:
        for end in range(len(data)):
            taken(data[:end])


@same_each_time
@given(st.sampled_from(FILES), st.integers(0, 2**32), st.integers(1, 12))
def test_a_real_file_with_damaged_bytes_is_read_or_refused(data, seed, times):
    chance, damaged = random.Random(seed), bytearray(data)
    for _ in range(times):
        place = chance.randrange(len(damaged))
        match chance.randrange(3):
            case 0:
                damaged[place] = chance.randrange(256)
            case 1:
                damaged[place] ^= 1 << chance.randrange(8)
            case _:
                del damaged[place : place + chance.randrange(40)]
    taken(bytes(damaged))


@same_each_time
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400)))
def test_bytes_and_texts_of_no_format_are_read_or_refused(source):
    taken(source)


@pytest.mark.parametrize(
    ("before", "pieces", "between", "after"),
    [
        pytest.param("TY  - JOUR\nTI  - T\n", RIS, "\n", "\nER  - \n", id="RIS"),
        pytest.param("PT J\nTI T\n", WEB_OF_SCIENCE, "\n", "\nER\n", id="Web of Science"),
        pytest.param("PMID- 1\nTI  - T\n", NBIB, "\n", "", id="NBIB"),
        pytest.param("@article{k, title = {T}, ", BIBTEX, "", "}\n", id="BibTeX"),
        pytest.param('[{"title": "T", ', JSON, "", "}]", id="CSL-JSON"),
        pytest.param("%0 Book\n%T T\n", ENDNOTE, "\n", "\n", id="EndNote"),
        pytest.param("RT Book, Whole\nT1 T\n", REFWORKS, "\n", "\n", id="RefWorks"),
        pytest.param("title,authors,year,doi\nT,", TABLE, "", "\n", id="CSV"),
        pytest.param("<xml><records><record>", ENDNOTE_XML, "", "</record></records></xml>", id="EndNote XML"),
        pytest.param("1. Doe J. T. J X. 2020;1:1.\n", LIST, "", "\n", id="references"),
        pytest.param("10.1000/x\n", IDENTIFIERS, "", "", id="identifiers"),
    ],
)
def test_what_a_format_is_made_of_can_stand_in_any_order(before, pieces, between, after):
    chance = random.Random(4)
    for _ in range(400):
        text = between.join(chance.choices(pieces, k=chance.randrange(1, 14)))
        taken(before + text + after)
        taken(text)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("TY  - JOUR\nTI  - One\nER  - 1\nTYpical\nTI  - Two\nER  - \n", ["One"]),
        ("TY  - JOUR\nTI  - One\nUK  - a\nZZ  - b\nER  - \n", ["One"]),
        ("TY  - JOUR\nTI  - One\nZZ  - a\nUK  - b\n goes on\nER  - \n", ["One"]),
        ("PT J\nTI One\nUK a\nZZ b\nER\n\nPT J\nTI Two\nER\n", ["One", "Two"]),
        ("PT J\nTI Care at\nERASMUS MC\nAU Doe, J\nER\t\n", ["Care at ERASMUS MC"]),
        ("PT J\nTI Visits to the\nER in winter\nPTSD\nER\n", ["Visits to the ER in winter PTSD"]),
    ],
)
def test_lines_that_look_like_the_beginning_or_the_end_of_a_record_harm_no_other(text, titles):
    found = taken(text)
    assert [entry.csl["title"] for entry in found.entries] == titles
    assert found.unread == ()


ITEM = {
    **{"type": "article-journal", "id": "a", "title": "T", "volume": "3", "URL": "https://doi.org/10.1000/x"},
    "author": [{"family": "a", "given": "b", "suffix": "c", "non-dropping-particle": "d"}, {"literal": "e"}],
    "issued": {"raw": "2020"},
    "accessed": {"literal": "2020-1-1"},
    "published-print": {"date-parts": [["2020", 1, 1]]},
    "custom": {"evidence": "cohort", "archived-on": "2020-01-01", "publication-types": ["x"], "notices": ["y"]},
}
WRONG = (
    *(None, True, 0, -1, 2.5, 10**400, float("inf"), "", "x", "\u00b2", "\ud800", [], [None], [[]], ["x"], {}),
    *({"a": 1}, {"date-parts": None}, {"date-parts": [[]]}, {"date-parts": [[10**30, 13, 40]]}, {"family": None}),
)


def places(value: object, path: tuple = ()) -> Iterator[tuple]:
    """Yield the path to every node of a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield from places(below, (*path, key))


def replaced(value: object, path: tuple, new: object) -> object:
    """Return a copy of a JSON value with another value at that path."""
    if not path:
        return new
    value = place = copy.deepcopy(value)
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = new
    return value


def test_an_item_with_a_value_of_the_wrong_kind_anywhere_is_read_or_reported():
    for path in places(ITEM):
        for new in WRONG:
            found = taken(json.dumps([ITEM, replaced(ITEM, path, new)]))
            assert found.entries[0].csl["title"] == "T"
            assert len(found.entries) + len(found.unread) == 2
