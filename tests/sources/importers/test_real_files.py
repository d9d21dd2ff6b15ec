"""Files that other programs wrote (files/README.md) are read as the works that they contain."""

from pathlib import Path

import pytest

from sources.importers import CannotRead, read
from sources.importers.latex import decode
from sources.importers.mapping import fields_of, proposed_key
from sources.importers.names import people

FILES = Path(__file__).parent / "files"


def entries(name: str) -> list[dict]:
    found = read((FILES / name).read_bytes(), name)
    assert found.unread == () and found.remarks == ()
    return [entry.csl for entry in found.entries]


def test_pubmeds_own_file():
    first, second = (fields_of(item) for item in entries("pubmed.nbib"))

    assert first["title"] == "Time lapse: A glimpse into prehistoric genomics"
    assert first["authors"] == "Griffin, Darren K\nLarkin, Denis M\nO'Connor, Rebecca E"
    assert (first["container"], first["container_short"]) == (
        "European journal of medical genetics",
        "Eur J Med Genet",
    )
    assert (first["pmid"], first["pmcid"], first["doi"]) == ("30922926", "PMC7026692", "10.1016/j.ejmg.2019.03.004")
    assert (first["year"], first["volume"], first["issue"], first["pages"]) == (2020, "63", "2", "103640")
    assert first["evidence"] == "narrative_review"
    assert "Pérez-de la Fuente, Ricardo" in second["authors"]
    assert (second["published_on"].isoformat(), second["evidence"]) == ("2023-04-25", "")


def test_the_line_of_each_record_is_known():
    assert [entry.line for entry in read((FILES / "pubmed.nbib").read_bytes()).entries] == [2, 34]
    assert [entry.line for entry in read((FILES / "web_of_science.txt").read_bytes()).entries] == [3, 36]
    assert [entry.line for entry in read((FILES / "zotero.ris").read_bytes()).entries] == [1, 20]


def test_notices_of_a_retracted_paper_are_kept():
    (item,) = entries("pubmed_retracted.nbib")

    assert [notice.split(":")[0] for notice in item["custom"]["notices"]] == [
        *("retracted in", "erratum in", "concern in", "updated in"),
    ]
    assert item["custom"]["notices"][0].endswith("PMID: 20137807")
    assert "Retracted Publication" in item["custom"]["publication-types"]
    assert item["page"] == "637-641"
    assert item["author"][-1] == {"literal": "A Study Group"}
    assert fields_of(item)["evidence"] == "case_report"


def test_web_of_science_is_no_ris_and_is_read_by_its_own_tags():
    found = read((FILES / "web_of_science.txt").read_bytes())
    assert found.format == "Web of Science"
    first = fields_of(found.entries[0].csl)

    assert first["title"].startswith("Interactions stabilizing") and first["title"].endswith("its subunit (B820)")
    assert first["authors"].splitlines() == ["Parkes-Loach, PS", "Majeed, AP", "Law, CJ", "Loach, PA"]
    assert (first["container"], first["pages"], first["pmid"]) == ("Biochemistry", "7003-7016", "15170338")
    assert first["published_on"].isoformat() == "2004-06-08"


def test_zoteros_ris():
    first, second = (fields_of(item) for item in entries("zotero.ris"))

    assert (first["evidence"], first["pages"], first["isbn"]) == ("systematic_review", "947-955", "")
    assert (first["year"], first["published_on"]) == (2019, None)
    assert second["published_on"].isoformat() == "2019-07-02"
    assert second["pages"] == "115"


def test_scopus_ris_with_lines_that_go_on():
    (item,) = entries("scopus.ris")
    held = fields_of(item)
    assert (held["pages"], held["pmid"], held["doi"]) == ("104501", "", "10.1016/j.psyneuen.2019.104501")
    assert held["url"].startswith("https://www.scopus.com/inward/record.uri?eid=2-s2.0-85074415123&doi=")


def test_endnotes_ris_whose_values_run_over_lines():
    (item,) = entries("endnote.ris")
    assert len(item["author"]) == 4
    assert item["title"] == "EndNote: The Only Reference I Can Remember"
    assert item["page"] == "1-2" and "ISBN" not in item


def test_jabrefs_bibtex():
    (item,) = entries("jabref.bib")
    held = fields_of(item)
    assert (held["year"], held["pages"], held["issue"]) == (2009, "6700-6706", "24")
    assert proposed_key(item, {"akhavan2009"}) == "akhavan2009a"


def test_better_bibtex_with_its_markup():
    (item,) = entries("better_bibtex.bib")
    assert item["author"][2] == {"family": "Päckert", "given": "M."}
    assert "DNA₂ sequences" in item["title"] and "(Natrix cetti) and do not support" in item["title"]


def test_crossrefs_json():
    article, of_a_group = entries("crossref.json")
    held = fields_of(article)
    assert (held["work"], held["url"], held["doi"]) == ("journal_article", "", "10.1002/mrm.25227")
    assert held["container_short"] == "Magn. Reson. Med."
    assert fields_of(of_a_group)["authors"].splitlines()[-1] == "{and the CAMELYON16 Consortium}"


def test_an_article_that_was_online_first_is_of_the_year_of_its_issue():
    article, _ = entries("crossref.json")
    assert fields_of(article)["year"] == 2015


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"M{\"u}ller", "Müller"),
        (r"Garc{\'\i}a", "García"),
        (r"{\O}stergaard", "Østergaard"),
        (r"Sk{\l}odowska", "Skłodowska"),
        (r"\v{S}imi\'c", "Šimić"),
        (r"$\alpha$-linolenic acid, H$_2$O and Ca$^{2+}$", "α-linolenic acid, H₂O and Ca²⁺"),
        (r"costs $5 to $10", "costs $5 to $10"),
        (r"A \emph{very} {{Long}} title---so it is", "A very Long title—so it is"),
        (r"50\% \& more, 50% & more", "50% & more, 50% & more"),
        (r"\unheardof{x}", r"\unheardof x"),
        (r"\input{/etc/passwd}", r"\input /etc/passwd"),
    ],
)
def test_latex_is_read_as_it_was_meant(written, meant):
    assert decode(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Behnood Abbasi", [{"family": "Abbasi", "given": "Behnood"}]),
        ("Ludwig van Beethoven", [{"family": "van Beethoven", "given": "Ludwig"}]),
        ("van Gogh, Vincent", [{"family": "van Gogh", "given": "Vincent"}]),
        ("King, Jr, Martin Luther", [{"family": "King", "suffix": "Jr", "given": "Martin Luther"}]),
        ("{World Health Organization} and others", [{"literal": "World Health Organization"}, {"literal": "others"}]),
        ("{Barnes and Noble} AND Doe, J.", [{"literal": "Barnes and Noble"}, {"family": "Doe", "given": "J."}]),
        ("Anderson, A. and Sandy, B.", [{"family": "Anderson", "given": "A."}, {"family": "Sandy", "given": "B."}]),
    ],
)
def test_names_are_told_apart(written, meant):
    assert list(people(written)) == meant


@pytest.mark.parametrize(
    ("people_", "title", "key"),
    [
        ([{"family": "Abbasi", "given": "B"}], "T", "abbasi2012"),
        ([{"family": "Łukasiewicz-Ørsted", "given": "B"}], "T", "lukasiewiczorsted2012"),
        ([{"literal": "World Health Organization"}], "T", "world2012"),
        ([], "Magnesium in man", "magnesium2012"),
        ([{"family": "李", "given": "明"}], "T", "source2012"),
    ],
)
def test_a_key_is_proposed(people_, title, key):
    item = {"type": "book", "title": title, "author": people_, "issued": {"date-parts": [[2012]]}}
    assert proposed_key(item, set()) == key
    assert proposed_key(item, {key, f"{key}a"}) == f"{key}b"


def test_a_list_of_identifiers_is_something_to_look_up():
    found = read("https://doi.org/10.1000/ABC\n\nPMID: 23853635\nhttps://pmc.ncbi.nlm.nih.gov/articles/PMC3703169/\n"
                 "https://www.nhs.uk/conditions/insomnia/\nwhat is this\n23853635")  # fmt: skip
    assert found.wanted == (
        (1, "doi:10.1000/abc"),
        (3, "pmid:23853635"),
        (4, "pmcid:PMC3703169"),
        (5, "https://www.nhs.uk/conditions/insomnia/"),
    )
    assert [(one.line, one.words) for one in found.unread] == [(6, "what is this")]


@pytest.mark.parametrize("text", ["", " \n ", "Dear colleague, here are my sources.", "{not json", "[1] Doe J."])
def test_what_is_nothing_of_ours_is_refused_and_said(text):
    with pytest.raises(CannotRead):
        read(text)
