"""Small files, each with one trait that programs write in their own way, are read as what they mean."""

from pathlib import Path

import pytest

from sources.importers import read
from sources.importers.mapping import fields_of
from sources.importers.names import people as bibtex_people
from sources.importers.person_names import people
from sources.models import Source
from sources.references import reference

FILES = Path(__file__).parent / "files"


def works(name: str) -> list[dict]:
    found = read((FILES / name).read_bytes(), name)
    assert found.unread == ()
    return [fields_of(entry.csl) for entry in found.entries]


def printed(fields: dict) -> str:
    return reference(Source(key="one2020", **fields))


def test_pages_with_an_e_are_printed_as_they_are():
    (work,) = works("01-pages-e.nbib")
    assert printed(work).endswith("2019;58:379.e9-379.e13.")


def test_greek_letters_between_dollars_end_where_they_end():
    (work,) = works("02-greek.bib")
    assert work["title"] == "NF-κB, 5 μg/d, and TNF-α in adults"


def test_a_shortened_list_of_authors_says_so():
    (work,) = works("03-and-others.bib")
    assert work["authors"] == "Smith, Anna\nJones, Ben\nDoe, Cara\nothers"
    assert printed(work).startswith("Smith A, Jones B, Doe C, et al. A long list.")


@pytest.mark.parametrize("name", ["04-two-isbn.bib", "04-two-isbn.ciw", "04-two-isbn.json"])
def test_of_two_isbns_the_first_is_taken(name):
    work = works(name)[0]
    assert work["isbn"] == ("9780190246556" if name.endswith("ciw") else "9789241550253")


def test_of_two_addresses_the_first_is_taken():
    found = read("@online{a, title={T}, url={https://a.example/x?a=1&amp;b=2, https://b.example/}}")
    assert found.entries[0].csl["URL"] == "https://a.example/x?a=1&b=2"


def test_names_without_a_comma_are_people():
    embase, ieee = works("05-embase.ris")
    assert embase["authors"].splitlines()[:3] == ["Liu, R.", "Adler, D.G.", "van der Berg, J.-P."]
    assert ieee["authors"] == "Chen, M.\nGonzalez, S."


def test_names_and_numbers_of_biblatex():
    (work,) = works("06-biblatex-names.bib")
    assert (work["authors"], work["pmid"]) == ("de Vries, Jan\nDoe, Jane", "24828123")


def test_a_subtitle_belongs_to_the_title():
    (work,) = works("07-subtitle.bib")
    assert work["title"] == "Magnesium and sleep: A randomised trial"


def test_a_chapter_inherits_its_book():
    chapter, book = works("08-crossref-field.bib")
    assert (chapter["container"], chapter["editors"], chapter["publisher"], chapter["year"]) == (
        *("The Handbook", "Roe, Richard"),
        *("Alpha", 2017),
    )
    assert (chapter["title"], chapter["authors"], book["container"]) == ("Sleep", "Doe, Jane", "")


def test_a_part_of_a_work_in_several_volumes_inherits_over_xdata_and_two_levels():
    found = read(
        "@inbook{c, crossref={b}, title={Sleep}}\n@book{b, crossref={m}, title={Nights}, xdata={x}}\n"
        "@mvbook{m, title={Handbook}, author={Roe, R}, date={2017}, doi={10.1000/m}}\n@xdata{x, publisher={Alpha}}\n"
    )
    chapter, book, _whole = (fields_of(entry.csl) for entry in found.entries)
    assert (chapter["container"], chapter["publisher"], chapter["year"]) == ("Handbook: Nights", "Alpha", 2017)
    assert (book["title"], book["doi"]) == ("Handbook: Nights", "")


def test_a_version_of_software_has_the_title_and_authors_of_the_software():
    text = (
        "@softwareversion{v, crossref={s}, version={1.1}, date={1994-01}}\n"
        "@software{s, title={Scilab}, author={Doe, Jane}, date={1994}, url={https://example.org/s}}\n"
    )
    version = fields_of(read(text).entries[0].csl)
    assert {name: version[name] for name in ("work", "title", "authors", "edition", "year", "url")} == {
        **{"work": "software", "title": "Scilab", "authors": "Doe, Jane", "edition": "1.1", "year": 1994, "url": ""},
    }


def test_entries_that_inherit_from_each_other_end():
    found = read("@inbook{a, crossref={b}, title={A}}\n@inbook{b, crossref={a}, title={B}, xdata={b}}\n")
    assert [entry.csl["title"] for entry in found.entries] == ["A", "B"]


def test_fields_of_scopus():
    (work,) = works("09-scopus.bib")
    assert (work["pages"], work["pmid"], work["container_short"]) == ("172203", "12345678", "J. Exampl.")


def test_proceedings_and_lines_that_go_on_in_web_of_science():
    paper, article = works("11-wos-proceedings.ciw")
    assert (paper["work"], paper["pages"], paper["editors"]) == ("conference_paper", "12", "Roe, R")
    assert paper["container"] == "Proceedings of the 7th Conference on Sleep"
    assert article["title"] == "A title that goes on in a second line without an indent"
    assert article["authors"] == "First, F.\nSecond, S."


def test_character_references_are_read_without_tags_beside_them():
    (work,) = works("13-amp.json")
    assert (work["title"], work["container"]) == ("Salt & sleep: a trial", "Food & Function")
    assert "2018;3(suppl 1):S80." in printed(work)


def test_article_numbers_and_titles_without_a_translation_in_nbib():
    numbered, untranslated = works("15-nbib.nbib")
    assert (numbered["pages"], untranslated["title"]) == ("1042", "Magnesium und Schlaf")


def test_a_publishers_item_number_is_no_page():
    (work,) = works("17-pubmed-pii.xml")
    assert (work["pages"], work["authors"]) == ("", "King Jr, Martin")
    assert printed(work) == "King M Jr. Ahead of print. <em>J X</em>. Published online October 7, 2022."


def test_a_chapter_of_ncbi_bookshelf():
    (work,) = works("18-pubmed-book.xml")
    assert printed(work) == "Doe J. Magnesium. In: <em>StatPearls</em>. StatPearls Publishing; 2024."
    assert work["pmid"] == "33000001"


def test_the_original_title_stands_for_a_missing_one():
    (work,) = works("19-pubmed-title.xml")
    assert work["title"] == "Magnesium und Schlaf"


def test_the_server_of_a_preprint_and_the_book_of_a_chapter_in_crossrefs_answers():
    (preprint,), (chapter,) = works("20-crossref-preprint.json"), works("21-crossref-chapter.json")
    assert (preprint["work"], preprint["container"]) == ("preprint", "medRxiv")
    assert (chapter["work"], chapter["container"]) == ("chapter", "Methods in Biobanking")


def test_a_link_in_a_title_gives_its_text_and_its_address():
    assert [(work["title"], work["url"]) for work in works("24-crash.bib")] == [
        ("The \\date macro", ""),
        ("See here", "https://example.org"),
        ("Good", ""),
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["Doe, Jane, MD, PhD"], [("Doe", "Jane")]),
        (["Jane Doe, PhD"], [("Doe", "Jane")]),
        (["Doe, Jane MPH"], [("Doe", "Jane")]),
        (["Garcia Lopez, MD"], [("Garcia Lopez", "MD")]),
        (["Smith, J.; van Doe, A.-B."], [("Smith", "J."), ("van Doe", "A.-B.")]),
        (["Smith, J., Doe, A."], [("Smith", "J."), ("Doe", "A.")]),
        (["Abbasi B", "O'Brien KJ"], [("Abbasi", "B"), ("O'Brien", "KJ")]),
        (["Claude E. Shannon"], [("Shannon", "Claude E.")]),
        (["Doe, J. (doe@example.org)", "Doe, J."], [("Doe", "J.")]),
    ],
)
def test_names_of_people_in_databases(written, meant):
    assert [(one["family"], one["given"]) for one in people(written)] == meant


@pytest.mark.parametrize("name", ["World Health Organization", "Study Group B", "Vitamin D Panel", "NICE"])
def test_names_of_organisations_are_not_split(name):
    assert people([name]) == [{"literal": name}]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Liu R. and Adler D.G.", [("Liu", "R."), ("Adler", "D.G.")]),
        ("Liu, R.; Adler, D. G.", [("Liu", "R."), ("Adler", "D. G.")]),
        ("Jane Doe, PhD and John Roe MD", [("Doe", "Jane"), ("Roe", "John")]),
        ("Doe, Jane, MD", [("Doe", "Jane")]),
        ("Wei LI and Yang XU", [("LI", "Wei"), ("XU", "Yang")]),
    ],
)
def test_names_of_people_in_bibtex(written, meant):
    assert [(one["family"], one["given"]) for one in bibtex_people(written)] == meant


def test_one_entry_whose_braces_do_not_match_costs_no_other():
    found = read("@book{a, title={One}}}\n@book{b, title={Two {}\n@book{c, title={Three}}\n")
    assert [entry.csl["title"] for entry in found.entries][-1] == "Three"
    assert len(found.entries) + len(found.unread) == 3


def test_the_first_author_under_another_tag_comes_first():
    found = read("TY  - JOUR\nA1  - Doe, Jane\nAU  - Roe, R\nAU  - Doe, Jane\nTI  - T\nER  - \n")
    assert fields_of(found.entries[0].csl)["authors"] == "Doe, Jane\nRoe, R"


@pytest.mark.parametrize(
    "text",
    [
        "TY  - BOOK\nTI  - Vitamin D\nT2  - Vitamin D\nER  - \n",
        "@book{a, title = {Vitamin D}, series = {Vitamin D}}",
        '[{"type": "monograph", "title": "Vitamin D", "container-title": "Vitamin D"}]',
        "%0 Book\n%T Vitamin D\n%B Vitamin D\n",
    ],
)
def test_a_book_is_in_no_book_of_the_same_title(text):
    (entry,) = read(text).entries
    assert "container-title" not in entry.csl


def test_an_article_may_have_the_title_of_its_journal():
    (entry,) = read("TY  - JOUR\nTI  - The Lancet\nT2  - The Lancet\nER  - \n").entries
    assert entry.csl["container-title"] == "The Lancet"
