"""Values that programs write in ways of their own are read as what they mean, and what is left out is said."""

import pytest

from sources.exporters import bibtex, ris
from sources.importers import read
from sources.importers.mapping import fields_of


def item(text: str) -> dict:
    found = read(text)
    assert found.unread == ()
    return found.entries[0].csl


def remarks(text: str) -> str:
    return " ".join(read(text).entries[0].remarks)


def test_a_month_in_figures_is_a_month():
    assert item("@article{a, title={T}, year={2012}, month={05}, day={14}}")["issued"]["date-parts"] == [[2012, 5, 14]]
    assert item("@article{a, title={T}, year={1998}, month={02}}")["issued"]["date-parts"] == [[1998, 2]]


def test_a_day_of_access_is_found_behind_other_words():
    found = item("@online{a, title={T}, url={https://a.example/}, urldate={Accessed: Feb. 3, 2016}}")
    assert found["accessed"]["date-parts"] == [[2016, 2, 3]]


def test_days_of_one_month_leave_the_month():
    assert item("@misc{a, title={T}, date={2-7 December 2007}}")["issued"]["date-parts"] == [[2007, 12]]


@pytest.mark.parametrize(
    ("field", "remark"),
    [
        ("date = {0712-12-13}", "“0712-12-13” is not a date that can be read"),
        ("year = {MMXI}", "“MMXI” is not a date that can be read"),
        ("date = {1984/1986}", "Of “1984/1986”, only the first year was kept"),
        ("date = {2011-05-01}, year = {2012}", "“date” (2011-05-01) and “year” (2012) contradict each other"),
        ("publisher = {Elm Press}, institution = {Oak House}", "“institution” (Oak House) was left out"),
        ("translator = {Roe, Ann}", "“translator” (Roe, Ann) was left out"),
        ("pages = {312}", "“312” was taken for the number of pages"),
    ],
)
def test_what_an_import_of_bibtex_leaves_out_is_said(field, remark):
    assert remark in remarks(f"@book{{a, title = {{T}}, {field}}}")


def test_an_unreadable_date_of_any_format_is_said():
    assert "“soon” is not a date" in remarks("TY  - JOUR\nTI  - T\nPY  - soon\nER  - \n")
    assert "“soon” is not a date" in remarks('[{"type": "book", "title": "T", "issued": {"literal": "soon"}}]')


def test_a_date_that_is_read_gets_no_remark():
    assert remarks("@article{a, title={T}, date={2012-05-14}, year={2012}}") == ""
    assert remarks("TY  - JOUR\nTI  - T\nPY  - 2015\nER  - \n") == ""


def test_the_number_of_pages_of_a_book_is_not_a_page():
    assert "page" not in item("@book{a, title={T}, pages={312}}")
    assert "page" not in item("TY  - BOOK\nTI  - T\nSP  - 312\nER  - \n")
    assert item("@book{a, title={T}, pages={12--14}}")["page"] == "12-14"
    assert item("@article{a, title={T}, pages={312}}")["page"] == "312"


@pytest.mark.parametrize("write", [bibtex.write, ris.write])
def test_the_cited_page_of_a_book_survives_an_export(write):
    assert item(write([{"type": "book", "id": "a2020", "title": "T", "page": "312"}]))["page"] == "312"


def test_a_dash_is_no_page():
    assert "page" not in item("@article{a, title={T}, pages={--}}")


def test_a_thesis_is_issued_by_its_school():
    found = item("@phdthesis{a, title={T}, publisher={Thesis Archive}, school={University of Elm}}")
    assert found["publisher"] == "University of Elm"


def test_a_journal_with_its_full_name_keeps_both():
    found = item("@article{a, title={T}, journal={J. Rest}, fjournal={Journal of Rest}}")
    assert (found["container-title"], found["container-title-short"]) == ("Journal of Rest", "J. Rest")


def test_an_issue_of_a_periodical_stands_in_the_periodical():
    found = item("@periodical{a, title={Rest Quarterly}, issuetitle={On naps}, year={2011}}")
    assert (found["type"], found["title"], found["container-title"]) == ("article-journal", "On naps", "Rest Quarterly")


def test_how_a_booklet_was_published_is_its_publisher():
    assert item("@booklet{a, title={T}, howpublished={Handed out in Leeds}}")["publisher"] == "Handed out in Leeds"


def test_how_a_work_of_no_kind_was_published_is_its_publisher():
    assert item("@misc{a, title={T}, howpublished={Handed out in Leeds}}")["publisher"] == "Handed out in Leeds"
    assert item("@misc{a, title={T}, howpublished={Rest Blog}, url={https://a.example}}")["container-title"]


def test_the_title_of_a_book_may_stand_in_the_field_for_the_book():
    found = item("@proceedings{a, maintitle={Notes on Rest}, booktitle={Naps}}")
    assert found["title"] == "Notes on Rest: Naps"


def test_a_pmid_in_a_note_is_read():
    assert item("@article{a, title={T}, note={{PMID:} 23439512}}")["PMID"] == "23439512"


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("review", "article-journal"),
        ("bookinbook", "chapter"),
        ("book_section", "chapter"),
        ("manual", "report"),
        ("newspaper_article", "article-magazine"),
    ],
)
def test_further_types_of_bibtex_have_a_kind(type_, kind):
    assert item(f"@{type_}{{a, title={{T}}, year={{2011}}}}")["type"] == kind


def test_a_book_inherits_the_authors_of_its_series_and_an_article_everything():
    works = {one.csl["id"]: one.csl for one in read("""
        @mvbook{whole, author={Elm, Eve}, title={Works}, date={1970}}
        @book{part, crossref={whole}, title={Poems}, volume={1}}
        @inbook{poem, crossref={part}, title={Rest}}
        @article{one, author={Oak, Al}, title={Naps}, journal={J Rest}, year={2012}}
        @article{two, crossref={one}}
    """).entries}  # fmt: skip
    assert works["part"]["author"] == works["poem"]["author"] == [{"family": "Elm", "given": "Eve"}]
    assert {**works["two"], "id": "one"} == works["one"]


def test_a_particle_that_ends_in_a_hyphen_or_an_apostrophe_belongs_to_the_name():
    names = item("@article{a, title={T}, author={al- Hakim, Tawfiq and d' Arcy, Eve}}")["author"]
    assert [name["family"] for name in names] == ["al-Hakim", "d'Arcy"]


def test_a_field_with_unmatched_braces_costs_only_itself():
    text = "@book{a,\n title = {Naps},\n publisher = {Elm {{\\&} Oak},\n year = 2013,\n}\n@book{b, title = {Rest}}"
    first, second = read(text).entries
    assert (first.csl["title"], first.csl["issued"]["date-parts"]) == ("Naps", [[2013]])
    assert first.remarks == ("The braces of “publisher” do not match: left out.",)
    assert second.csl["title"] == "Rest"


def test_an_entry_that_lacks_its_end_is_read_with_a_remark():
    assert "compare it with the file" in remarks("@book{a,\n title = {Naps},\n year = 2013,\n")


def test_the_most_exact_date_of_a_ris_record_is_taken():
    found = item("TY  - JOUR\nTI  - T\nPY  - 2015\nY1  - 2015/09/10\nER  - \n")
    assert found["issued"]["date-parts"] == [[2015, 9, 10]]


def test_a_patent_of_web_of_science_has_its_number_and_assignee():
    patent = item("PT P\nTI Pillow\nAU ELM E\nPN US 123\nAE REST INC\nPC USA\nSO Official Gazette\nPY 2011\nER\n")
    assert (patent["issue"], patent["publisher"], patent["container-title"]) == ("US 123", "Rest Inc", "USA")


def test_a_work_of_web_of_science_in_a_book_of_another_title_is_a_chapter():
    chapter = "PT S\nTI Naps\nSO REST TODAY, VOL 3\nPY 2011\nPS 17-29\nER\n"
    assert (item(chapter)["type"], item(chapter)["page"]) == ("chapter", "17-29")
    assert item("PT B\nTI Naps.\nSO NAPS\nPY 2011\nER\n")["type"] == "book"


@pytest.mark.parametrize(
    ("lines", "kind", "publisher"),
    [
        ("PT  - Reports - Research", "report", "Elm Board"),
        ("PT  - Dissertations/Theses - Doctoral Dissertations\nSO  - Ph.D. Dissertation, Oak University", "thesis",
         "Oak University"),
        ("PT  - Books", "book", "Elm Board"),
    ],
)  # fmt: skip
def test_a_record_of_eric_is_what_it_says(lines, kind, publisher):
    found = item(f"OWN - ERIC\nTI  - Naps in schools\nAU  - Elm, Eve\nJT  - Elm Board\nDP  - 2017\n{lines}\n")
    assert (found["type"], found["publisher"]) == (kind, publisher)
    assert "container-title" not in found


def test_an_article_of_eric_is_an_article_whatever_it_reports():
    found = item("OWN - ERIC\nTI  - Naps\nJT  - Journal of Rest\nVI  - 6\nDP  - 2017\nPT  - Reports - Research\n")
    assert (found["type"], found["container-title"]) == ("article-journal", "Journal of Rest")


def test_the_first_and_last_page_of_pubmed_are_a_span():
    text = """<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>T</ArticleTitle>
    <Pagination><StartPage>25</StartPage><EndPage>38</EndPage></Pagination></Article></MedlineCitation></PubmedArticle>"""
    assert item(text)["page"] == "25-38"


def test_the_series_of_a_book_in_csl_is_kept():
    assert item('[{"type": "book", "title": "T", "collection-title": "Rest Studies"}]')["container-title"]


def test_a_type_alone_is_no_entry_of_endnote():
    (entry,) = read("%0 Serial\n%0 Book\n%T Naps\n%D 2021\n").entries
    assert entry.csl["title"] == "Naps"


def test_json_of_another_kind_is_refused_for_what_it_is():
    (unread,) = read('[{"key": "A", "data": {"itemType": "book", "title": "T"}}]').unread
    assert unread.why == "This is JSON of another kind. Export it as CSL-JSON, BibTeX or RIS."


@pytest.mark.parametrize(
    ("text", "kind", "container"),
    [
        ("@unpublished{a, title={T}, note={Submitted}}", "manuscript", ""),
        ("@unpublished{a, title={T}, eprint={1502.01852}, eprinttype={arXiv}}", "preprint", "arXiv"),
        ("@unpublished{a, title={T}, journal={bioRxiv}}", "preprint", "bioRxiv"),
        ("@online{a, title={T}, eprinttype={ESSOAr}, pubstate={prepublished}}", "preprint", "ESSOAr"),
        ("@article{a, title={T}, journal={Sleep}, pubstate={prepublished}}", "journal_article", "Sleep"),
        ("TY  - UNPB\nTI  - T\nER  - ", "manuscript", ""),
        ("TY  - MANSCPT\nTI  - T\nER  - ", "manuscript", ""),
        ("TY  - UNPB\nTI  - T\nT2  - medRxiv preprint\nER  - ", "preprint", "medRxiv preprint"),
        ("TY  - GEN\nTI  - T\nM3  - Preprint\nER  - ", "preprint", ""),
        ('[{"type": "manuscript", "title": "T"}]', "manuscript", ""),
        ("%0 Unpublished Work\n%T T\n", "manuscript", ""),
    ],
)
def test_what_is_not_published_is_a_preprint_only_on_a_server(text, kind, container):
    (entry,) = read(text).entries
    fields = fields_of(entry.csl)
    assert (fields["work"], fields["container"]) == (kind, container)


def test_a_record_of_pubmed_central_keeps_its_own_pmcid():
    first, second, third = read(
        "PMC - PMC1\nPMID- 11\nTI  - One\n\nPMC - PMC2\nPMID- 12\nTI  - Two\n\nPMC - PMC3\nTI  - Three\n"
    ).entries
    assert [(one.csl.get("PMCID"), one.csl.get("PMID")) for one in (first, second, third)] == [
        ("PMC1", "11"), ("PMC2", "12"), ("PMC3", None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "@incollection{a, booktitle={Vitamin D}, editor={Roe, Ann}}",
        "TY  - CHAP\nT2  - Vitamin D\nED  - Roe, Ann\nER  - ",
        "TY  - BOOK\nT2  - Vitamin D\nED  - Roe, Ann\nER  - ",
        '[{"type": "paper-conference", "container-title": "Vitamin D"}]',
    ],
)
def test_a_book_without_a_title_of_its_own_has_that_of_its_parts(text):
    (entry,) = read(text).entries
    assert (entry.csl["type"], entry.csl["title"]) == ("book", "Vitamin D")
    assert "container-title" not in entry.csl and "taken for it" in entry.remarks[0]


def test_a_chapter_or_article_without_a_title_gets_none():
    for text in (
        "@incollection{a, author={Doe, Jane}, booktitle={Vitamin D}}",
        "@article{a, journal={Sleep}, volume=3}",
    ):
        assert "title" not in read(text).entries[0].csl


@pytest.mark.parametrize(
    "text",
    [
        "RT Dissertation/Thesis\nT1 Sleep\nSP 141\nA1 Doe,Jane\n",
        "%0 Book\n%T Sleep\n%P 173 s.\n%A Doe, Jane\n",
        "PT B\nAU Doe, J\nTI Sleep\nBP 312\nER\n",
    ],
)
def test_the_number_of_pages_of_a_book_is_no_page_in_any_format(text):
    (entry,) = read(text).entries
    assert "page" not in entry.csl and "number of pages" in entry.remarks[0]


def test_an_inventor_in_capitals_has_a_family_name_and_initials():
    (entry,) = read("PT P\nAU YANG Y\n   VAN DER BERG JP\nTI Kit\nPN CN1-A\nER\n").entries
    assert entry.csl["author"] == [{"family": "YANG", "given": "Y"}, {"family": "VAN DER BERG", "given": "JP"}]


def test_a_book_in_web_of_science_is_in_no_book_of_its_own_title():
    (entry,) = read("PT B\nAU Doe, J\nTI Sleep.\nSO Sleep\nER\n").entries
    assert entry.csl["title"] == "Sleep." and "container-title" not in entry.csl


def test_what_latex_leaves_blank_is_not_read():
    (entry,) = read(r"@book{a, title={Wires\vphantom{X} of \phantom GaAs and \hphantom{\}\}}rest}}").entries
    assert entry.csl["title"] == "Wires of GaAs and rest"


def test_the_punctuation_of_biblatex_is_punctuation():
    (entry,) = read(
        r"@article{a, title={X- and <tex>$\gamma$</tex>-rays}, pages={31(5)\addcomma\ppno\space 321}}"
    ).entries
    assert (entry.csl["title"], entry.csl["page"]) == ("X- and γ-rays", "31(5), 321")


def test_a_chinese_name_is_that_of_a_person():
    (entry,) = read("TY  - JOUR\nTI  - T\nAU  - 朱德泉\nAU  - 熊 玮\nAU  - 中国营养学会\nER  - ").entries
    assert entry.csl["author"] == [{"family": "朱德泉"}, {"family": "熊 玮"}, {"literal": "中国营养学会"}]


def test_a_shortened_list_may_end_within_a_name():
    (entry,) = read("@book{a, title={T}, author={Born, L. et al.}}").entries
    assert entry.csl["author"] == [{"family": "Born", "given": "L."}, {"literal": "others"}]


def test_an_entry_without_a_key_is_nobodys_parent():
    first, second = read("@book{, title={Rest}, series={Nights}, volume={9}}\n@book{b, title={Naps}}").entries
    assert (first.csl["volume"], second.csl) == ("9", {"id": "b", "type": "book", "title": "Naps"})


def test_an_entry_that_is_only_another_key_of_its_parent_has_its_pages_and_doi():
    own, _parent = read(
        "@article{a, crossref={b}}\n@article{b, title={T}, journal={J Rest}, pages={1-9}, doi={10.1000/b}}"
    ).entries
    assert (own.csl["page"], own.csl["DOI"]) == ("1-9", "10.1000/b")


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Gerard 't Elm", "'t Elm"),
        ("Jane van der Oak", "van der Oak"),
        ("Jane Oak", "Oak"),
        ("J. B. Oak, Jr.", "Oak Jr."),
    ],
)
def test_a_family_name_begins_at_the_first_word_in_small_letters(name, family):
    assert item(f"@book{{a, title={{T}}, author={{{name}}}}}")["author"][0]["family"] == family


def test_a_year_before_christ_is_not_one_after():
    assert "issued" not in item("@book{a, title={T}, date={-2000}}")


@pytest.mark.parametrize(
    "fields",
    [
        r"note={See \href{zotero://open-pdf/items/A}{page 3}}",
        'title={Of $<$math xmlns="http://www.w3.org/1998/Math/MathML"$>$m}',
    ],
)
def test_a_link_into_a_program_and_the_name_of_a_markup_are_no_address(fields):
    assert "URL" not in item(f"@article{{a, title={{T}}, journal={{J Rest}}, {fields}}}")


def test_the_number_of_a_journal_at_proquest_is_no_pmid():
    assert "PMID" not in item("@article{a, title={T}, note={DOCID: 26; PCID: 67; PMID: 1553; Provider: P}}")


@pytest.mark.parametrize(
    ("type_", "kind"), [("thesis", "thesis"), ("book", "book"), ("article", "article"), ("misc", "article")]
)
def test_a_thesis_or_a_book_on_a_preprint_server_is_no_preprint(type_, kind):
    assert item(f"@{type_}{{a, title={{T}}, eprint={{1502.01852}}, eprinttype={{arxiv}}}}")["type"] == kind


def test_a_paper_stands_in_its_proceedings_even_if_a_journal_printed_them():
    found = item("@inproceedings{a, title={T}, journal={Notices}, booktitle={Papers on Sleep}}")
    assert found["container-title"] == "Papers on Sleep"


def test_the_countries_of_a_patent_are_named():
    found = item("@patent{a, title={T}, number={7}, location={countryfr and countryuk}}")
    assert found["container-title"] == "France and UK"


def test_escaped_braces_are_no_part_of_an_address():
    assert item(r"@misc{a, title={T}, url={http://a.example/e\{\_\}5}}")["URL"] == "http://a.example/e_5"


@pytest.mark.parametrize(
    "entry",
    [
        "@book{elm title={Rest}, year={2012}}",
        "@book{elm\n title={Rest},\n year={2012}}",
        "@book{elm, title={Rest},,year={2012}}",
    ],
)
def test_a_comma_that_is_missing_after_the_key_or_stands_twice_costs_nothing(entry):
    assert item(entry) == {"id": "elm", "type": "book", "title": "Rest", "issued": {"date-parts": [[2012]]}}


def test_the_series_number_and_the_version_in_csl_are_kept():
    book, report = read(
        '[{"type": "book", "title": "T", "collection-title": "S", "collection-number": "6"},'
        ' {"type": "report", "title": "R", "version": "1.4"}]'
    ).entries
    assert (book.csl["issue"], report.csl["edition"]) == ("6", "1.4")
