"""One text with RIS records, BibTeX entries, identifiers, addresses and references: each is recognised on its own."""

import pytest

from sources.importers import read

RIS = """TY  - JOUR
AU  - Mah, Jasmine
TI  - Oral magnesium supplementation for insomnia
PY  - 2021
DO  - 10.1186/s12906-021-03297-z
ER  -
"""
BIB = """@article{debaaij2015,
  author = {de Baaij, Jeroen H. F. and Bindels, Ren{\\'e} J. M.},
  title = {Magnesium in man},
  journal = {Physiological Reviews}, year = {2015},
  abstract = {%s},
  doi = {10.1152/physrev.00012.2014}
}
"""
MAGNESIUM = BIB % "Short."


def titles(found) -> list[tuple[int, str]]:
    return [(entry.line, entry.csl["title"]) for entry in found.entries]


def test_ris_and_bibtex_are_read_with_the_line_numbers_of_the_whole_text():
    found = read(f"{RIS}\n{MAGNESIUM}\n{RIS.replace('Oral', 'More')}{MAGNESIUM.replace('debaaij', 'again')}")
    assert found.format == "RIS and BibTeX" and found.unread == ()
    assert titles(found) == [
        (1, "Oral magnesium supplementation for insomnia"),
        (8, "Magnesium in man"),
        (16, "More magnesium supplementation for insomnia"),
        (22, "Magnesium in man"),
    ]


def test_identifiers_and_addresses_stand_before_between_and_after():
    after = "www.nhs.uk/insomnia\n23853635\nPMC3703169;\n17\nFrom my notes\n"
    text = f"10.1000/first\n{RIS}PMID: 23853635\n{MAGNESIUM}{after}"
    found = read(text)
    assert found.wanted == (
        (1, "doi:10.1000/first"),
        (8, "pmid:23853635"),
        (16, "https://www.nhs.uk/insomnia"),
        (18, "pmcid:PMC3703169"),
    )
    assert found.format == "RIS and BibTeX and identifiers" and len(found.entries) == 2
    assert [(left.line, left.words) for left in found.unread] == [(20, "From my notes")]


def test_one_format_with_identifiers_is_read_whole():
    assert read(f"{RIS}\nhttps://doi.org/10.1000/NEW").wanted == ((8, "doi:10.1000/new"),)
    found = read(f"doi:10.1000/new\n\n{MAGNESIUM}")
    assert (found.wanted, titles(found)) == (((1, "doi:10.1000/new"),), [(3, "Magnesium in man")])


@pytest.mark.parametrize(
    "abstract",
    [
        "Results.\nTY  - JOUR\nTI  - Not a record\nER  -\nMore results.",
        "Results.\n\nTY  - JOUR\n\n10.1000/inside\n\nMore.",
        "A set \\{a and {b} and \\} c.\nER  -\n",
    ],
)
def test_a_bibtex_abstract_that_looks_like_ris_is_not_cut(abstract):
    for text, count in ((BIB % abstract, 1), (f"{RIS}\n{BIB % abstract}", 2), (f"{BIB % abstract}\n{RIS}", 2)):
        found = read(text)
        assert (len(found.entries), found.unread, found.wanted) == (count, (), ())
        assert {entry.csl["DOI"] for entry in found.entries} >= {"10.1152/physrev.00012.2014"}


def test_a_ris_abstract_that_looks_like_bibtex_is_not_cut():
    record = RIS.replace("PY  -", "N2  - We searched for\n@article{a,\n  title = {b}}\nand more.\nPY  -")
    found = read(f"{record}{MAGNESIUM}")
    assert [entry.format for entry in found.entries] == ["RIS", "BibTeX"]
    assert found.entries[0].csl["issued"] == {"date-parts": [[2021]]}
    assert [entry.format for entry in read(record).entries] == ["RIS"]


def test_an_abbreviation_and_a_parent_are_found_wherever_they_stand():
    entry = "@incollection{part, crossref = {whole}, title = {Sleep}, author = {Roe, Ann}}\n"
    whole = "@book{whole, title = wt, publisher = {Press}, year = 2020}\n"
    found = read(f"{entry}{RIS}{whole}{RIS}@string{{wt = {{The Book}}}}\n")
    assert {entry.csl.get("container-title") for entry in found.entries} >= {"The Book"}


def test_what_is_broken_is_said_and_costs_nothing_else():
    cut = RIS.replace("ER  -\n", "")
    found = read(f"{cut}\n{MAGNESIUM}")
    assert titles(found) == [(7, "Magnesium in man")] and "cut off" in found.unread[0].why
    broken = "@article{open, title = {Never closed, author = {Roe, Ann}\n\n"
    found = read(f"{broken}{RIS}\n{MAGNESIUM}")
    assert {"Magnesium in man", "Oral magnesium supplementation for insomnia"} <= {title for _, title in titles(found)}


def test_an_identifier_below_a_heading_is_found():
    found = read(f"To be read:\n10.1000/one\n10.1000/two\n{RIS}")
    assert found.wanted == ((2, "doi:10.1000/one"), (3, "doi:10.1000/two"))
    assert [left.line for left in found.unread] == [1]


def test_an_identifier_below_a_reference_belongs_to_it():
    references = "1. Roe A. A trial. J Sleep.\nhttps://doi.org/10.1000/one\n2. PMID: 99\n\n10.1000/two\n"
    found = read(f"{references}{RIS}")
    assert found.wanted == ((1, "doi:10.1000/one"), (3, "pmid:99"), (5, "doi:10.1000/two"))
    assert len(found.entries) == 1 and found.unread == ()


def test_a_numbered_list_of_references_is_read_among_records():
    references = (
        "1. Roe A, Doe J. Sleep and magnesium in trials. J Sleep. 2012;17(12):1161-9.\n"
        "2. Poe B. Another trial of sleep.\n   J Sleep. 2013;18:1-9. doi:10.1000/two\n"
    )
    found = read(f"{RIS}\n{references}\n{MAGNESIUM}")
    assert [line for line, _title in titles(found)] == [1, 8, 12]
    assert found.wanted == ((9, "doi:10.1000/two"),)


def test_lines_of_a_program_around_its_records_are_ignored_as_before():
    assert read(f"Provider: Example\nContent: text/plain\n\n1\n{RIS}").unread == ()
    assert read(f"% written by a program\n{MAGNESIUM}").wanted == ()
