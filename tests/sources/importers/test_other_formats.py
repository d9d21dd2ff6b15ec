"""EndNote, RefWorks, tables of databases and written references are read as the works that they describe."""

import pytest

from sources.importers import CannotRead, read
from sources.importers.mapping import fields_of


def works(text: str, format_: str) -> list[dict]:
    found = read(text)
    assert (found.format, found.unread) == (format_, ())
    return [fields_of(entry.csl) for entry in found.entries]


ENDNOTE_XML = """<?xml version="1.0" encoding="UTF-8"?><xml><records><record><database name="a.enl">a.enl</database>
<ref-type name="Journal Article">17</ref-type><contributors><authors>
<author><style face="normal" font="default" size="100%">Doe, Jane</style></author><author>Roe, R. M.</author>
</authors></contributors><titles><title><style face="italic">In vitro</style><style> salt &amp; sleep</style></title>
<secondary-title>Journal of Sleep</secondary-title></titles><periodical><full-title>Journal of Sleep</full-title>
<abbr-1>J Sleep</abbr-1></periodical><pages>12-19</pages><volume>4</volume><number>2</number><dates><year>2018</year>
<pub-dates><date>Mar 5</date></pub-dates></dates><isbn>0028-4793</isbn><accession-num>12345678</accession-num>
<electronic-resource-num>10.1000/x</electronic-resource-num><remote-database-name>Medline</remote-database-name>
<notes>Retracted Publication</notes></record>
<record><ref-type name="Book Section">5</ref-type><contributors><authors><author>Doe, Jane</author></authors>
<secondary-authors><author>Poe, Eve</author></secondary-authors></contributors><titles><title>A chapter</title>
<secondary-title>A book</secondary-title></titles><publisher>Alpha</publisher><dates><year>2017</year></dates>
<isbn>978-0-19-024655-6</isbn></record></records></xml>"""


def test_endnotes_xml():
    article, chapter = works(ENDNOTE_XML, "EndNote XML")
    assert (article["title"], article["authors"]) == ("In vitro salt & sleep", "Doe, Jane\nRoe, R. M.")
    assert (article["container"], article["container_short"]) == ("Journal of Sleep", "J Sleep")
    assert (article["volume"], article["issue"], article["pages"], article["pmid"]) == ("4", "2", "12-19", "12345678")
    assert (article["published_on"].isoformat(), article["doi"], article["isbn"]) == ("2018-03-05", "10.1000/x", "")
    assert (chapter["work"], chapter["container"], chapter["editors"]) == ("chapter", "A book", "Poe, Eve")
    (first, second) = read(ENDNOTE_XML).entries
    assert first.csl["custom"]["notices"] == ["retraction note: Retracted Publication"]
    assert (first.line, second.line) == (1, 10)


def test_xml_that_declares_entities_is_refused():
    bomb = '<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><records><record><titles><title>&b;</title>'
    with pytest.raises(CannotRead, match="declares entities"):
        read('<?xml version="1.0"?>' + bomb + "</titles></record></records></xml>")


def test_xml_nested_without_end_is_refused():
    deep = "<a>" * 5_000 + "</a>" * 5_000
    with pytest.raises(CannotRead, match="elements inside one another"):
        read(f"<xml><records><record>{deep}</record></records></xml>")


def test_endnotes_tagged_file():
    text = (
        "%0 Journal Article\n%T A trial\n%A Doe, Jane\n%A Roe, R\n%J Journal of Sleep\n%V 4\n%N 2\n%P 12-19\n%D 2018\n"
        "%8 March 5, 2018\n%R 10.1000/x\n%@ 0028-4793\n%U https://example.org/x\n\n"
        "%0 Book Section\n%T A chapter\n%A Doe, Jane\n%E Poe, Eve\n%B A book\n%I Alpha\n%D 2017\n%@ 978-0-19-024655-6\n"
    )
    article, chapter = works(text, "EndNote (tagged)")
    assert (article["title"], article["authors"], article["container"]) == (
        "A trial",
        "Doe, Jane\nRoe, R",
        "Journal of Sleep",
    )
    assert (article["published_on"].isoformat(), article["pages"], article["isbn"]) == ("2018-03-05", "12-19", "")
    assert (chapter["work"], chapter["container"], chapter["publisher"]) == ("chapter", "A book", "Alpha")


def test_refer_without_types_and_with_blank_lines_between():
    text = "%A Jane A. Doe\n%T A trial\n%J J Sleep\n%V 4\n%D 2018\n\n%A Poe, E\n%T A book\n%I Alpha\n%D 2017\n"
    article, book = works(text, "EndNote (tagged)")
    assert (article["work"], article["authors"]) == ("journal_article", "Doe, Jane A.")
    assert (book["work"], book["publisher"]) == ("book", "Alpha")


def test_refworks():
    text = (
        "RT Journal Article\nA1 Doe,Jane\nA1 Roe,R. M.\nT1 A trial\nJF Journal of Sleep\nJO J Sleep\nYR 2018\n"
        "FD Mar 5\nVO 4\nIS 2\nSP 12\nOP 19\nSN 0028-4793\nDO 10.1000/x\n\nRT Book, Whole\nA1 Poe,E.\nT1 A book\n"
        "PB Alpha\nYR 2017\n"
    )
    article, book = works(text, "RefWorks")
    assert (article["authors"], article["pages"], article["container_short"]) == (
        "Doe, Jane\nRoe, R. M.",
        "12-19",
        "J Sleep",
    )
    assert (book["work"], book["publisher"], book["year"]) == ("book", "Alpha", 2017)


def test_a_table_of_scopus():
    text = (
        '"Authors","Author full names","Title","Year","Source title","Volume","Issue","Art. No.","Page start",'
        '"Page end","DOI","Link","PubMed ID","Abbreviated Source Title","Document Type","Source"\n'
        '"Doe J.; Roe R.M.","Doe, Jane (57190000001); Roe, Rita M. (57190000002)","A trial, ""blinded""","2018",'
        '"Journal of Sleep","4","2","","12","19","10.1000/X","https://www.scopus.com/x","12345678","J. Sleep",'
        '"Article","Scopus"\n'
        '"Poe E.","Poe, Eve (57190000003)","Another","2019","Nutrients","11","","1042","","","","","","Nutr.",'
        '"Retracted","Scopus"\n'
    )
    first, second = works(text, "CSV")
    assert (first["title"], first["authors"]) == ('A trial, "blinded"', "Doe, Jane\nRoe, Rita M.")
    assert (first["pages"], first["pmid"], first["container"]) == ("12-19", "12345678", "Journal of Sleep")
    assert (second["pages"], second["url"], second["container_short"]) == ("1042", "", "Nutr.")
    assert read(text).entries[1].csl["custom"]["notices"] == ["retraction note: Retracted"]


def test_records_of_embase_in_lines():
    text = (
        '"TITLE","A trial"\n"AUTHOR NAMES","Doe J.","Roe R.M."\n"SOURCE TITLE","Journal of Sleep"\n'
        '"PUBLICATION YEAR","2018"\n"VOLUME","4"\n"ISSUE","2"\n"FIRST PAGE","12"\n"LAST PAGE","19"\n"DOI","10.1000/x"\n'
        '"MEDLINE PMID","12345678"\n\n"TITLE","Another"\n"AUTHOR NAMES","Poe E."\n"SOURCE TITLE","Sleep"\n'
    )
    first, second = works(text, "CSV")
    assert (first["authors"], first["pages"], first["pmid"]) == ("Doe, J.\nRoe, R.M.", "12-19", "12345678")
    assert (second["title"], second["authors"]) == ("Another", "Poe, E.")


def test_items_of_zotero_and_pandoc_in_a_wrapper():
    item = '{"id": "a", "type": "book", "title": "T"}'
    for text in (
        f'{{"items": [{item}]}}',
        f'{{"config": {{"id": "x"}}, "version": "1.0", "items": [{item}]}}',
        f'{{"references": [{item}]}}',
    ):
        assert [work["title"] for work in works(text, "CSL-JSON")] == ["T"]


LIST = """References

1. Doe J, Roe RM, et al. Magnesium and sleep: a randomised trial. J Res Med Sci. 2012 Dec;17(12):1161-9.
2. Smith A. What works?
   A review. Cochrane Database Syst Rev. 2019;3(suppl 1):12.
3. Poe E. Cited. Lancet. 2020. doi:10.1000/XYZ.1.
4. Doe, J., & Roe, R. M. (2018). Sleep and salt. Journal of Sleep, 4(2), 12–19.
5. Unpublished data.
6. Low L. Title here. BMJ. 2021;372:n71. PMID: 33782057
7. NIH. Magnesium. https://ods.od.nih.gov/factsheets/Magnesium/
"""


def test_a_numbered_list_of_references():
    found = read(LIST)
    assert found.wanted == (
        *((6, "doi:10.1000/xyz.1"), (9, "pmid:33782057")),
        (10, "https://ods.od.nih.gov/factsheets/Magnesium/"),
    )
    assert [one.line for one in found.unread] == [8]
    ama, vancouver, apa = (fields_of(entry.csl) for entry in found.entries)
    assert (ama["authors"], ama["title"]) == ("Doe, J\nRoe, RM\nothers", "Magnesium and sleep: a randomised trial")
    assert (ama["container"], ama["year"], ama["volume"], ama["issue"]) == (
        "Journal of research in medical sciences",
        2012,
        "17",
        "12",
    )
    assert (vancouver["authors"], vancouver["title"]) == ("Smith, A", "What works? A review")
    assert (vancouver["container"], vancouver["issue"]) == ("Cochrane Database Syst Rev", "suppl 1")
    assert (apa["authors"], apa["title"], apa["pages"]) == ("Doe, J.\nRoe, R. M.", "Sleep and salt", "12-19")
    assert all("compare each field" in entry.remarks[0] for entry in found.entries)


def test_a_line_that_looks_like_another_format_does_not_refuse_a_bibliography():
    found = read("%A comment of LaTeX\nRT Abstracts begin so\n@book{a, title = {T}}\n")
    assert found.format == "BibTeX" and len(found.entries) == 1
    with pytest.raises(CannotRead, match="paste each on its own"):
        read("%0 Book\n%T One\n\n@book{a, title = {T}}\n")


def test_numbers_that_do_not_count_up_are_no_list():
    with pytest.raises(CannotRead):
        read("2012. A year\n2013. Another year\n")


@pytest.mark.parametrize(
    "sign", ["1. ", "%A ", "RT A\n", "<record>", "a;", '"title","author","doi","year"\n', "Doe J, "]
)
def test_no_sign_repeated_takes_long(sign):
    for begin in ("", "1. ", "%0 Book\n", "<xml><records><record>", '"title","authors","doi","year"\n'):
        try:
            read(begin + sign * (200_000 // len(sign)))
        except CannotRead as error:
            assert str(error)


PATENTS = {
    "BibTeX": "@patent{lang2006, author = {Lang, Philipp}, title = {Images}, number = {7,050,534}, nationality = {US},"
    " assignee = {Imaging Inc}, date = {2006-05-23}}",
    "RIS": "TY  - PAT\nAU  - Lang, Philipp\nTI  - Images\nSN  - 7,050,534\nC3  - US\nA2  - Patent Office\n"
    "PB  - Imaging Inc\nDA  - 2006/05/23/\nER  - \n",
    "EndNote (tagged)": "%0 Patent\n%A Lang, Philipp\n%T Images\n%@ 7,050,534\n%C US\n%I Imaging Inc\n%D 2006\n"
    "%8 May 23\n",
    "EndNote XML": '<xml><records><record><ref-type name="Patent">25</ref-type><contributors><authors><author>Lang, '
    "Philipp</author></authors></contributors><titles><title>Images</title></titles><isbn>7,050,534</isbn>"
    "<pub-location>US</pub-location><publisher>Imaging Inc</publisher><dates><year>2006</year><pub-dates>"
    "<date>May 23</date></pub-dates></dates></record></records></xml>",
    "CSL-JSON": '[{"type": "patent", "title": "Images", "author": [{"family": "Lang", "given": "Philipp"}], "number": '
    '"7,050,534", "authority": "US", "publisher": "Imaging Inc", "issued": {"date-parts": [[2006, 5, 23]]}}]',
}


@pytest.mark.parametrize("format_", PATENTS)
def test_a_patent_is_read_with_its_number_office_and_assignee(format_):
    (patent,) = works(PATENTS[format_], format_)
    assert {name: patent[name] for name in ("work", "title", "authors", "issue", "container", "publisher", "isbn")} == {
        **{"work": "patent", "title": "Images", "authors": "Lang, Philipp", "issue": "7,050,534", "container": "US"},
        **{"publisher": "Imaging Inc", "isbn": ""},
    }
    assert patent["published_on"].isoformat() == "2006-05-23" and patent["editors"] == ""


@pytest.mark.parametrize(
    ("text", "work"),
    [
        (
            "@article{x, title = {T}, journal = {Time}, entrysubtype = {magazine}, date = {2019-09-22}}",
            "magazine_article",
        ),
        (
            "@article{x, title = {T}, journal = {Star}, entrysubtype = {newspaper}, date = {2019-09-22}}",
            "magazine_article",
        ),
        ("@article{x, title = {T}, journal = {Time}, date = {2019-09-22}}", "journal_article"),
        ("TY  - NEWS\nTI  - T\nER  - \n", "magazine_article"),
        ("@software{x, title = {T}, version = {2.1}}", "software"),
        ("TY  - COMP\nTI  - T\nET  - 2.1\nER  - \n", "software"),
        ('[{"type": "dataset", "title": "T", "version": "2.1"}]', "dataset"),
        ("TY  - DBASE\nTI  - T\nET  - 2.1\nER  - \n", "dataset"),
        ("%0 Computer Program\n%T T\n%7 2.1\n", "software"),
    ],
)
def test_a_newspaper_software_and_a_data_set_are_read_as_such_with_their_version(text, work):
    fields = fields_of(read(text).entries[0].csl)
    assert (fields["work"], fields["edition"]) == (work, "2.1" if work in ("software", "dataset") else "")


EDITED = (
    "TY  - EDBOOK\nAU  - Poe, Eve\nTI  - Nights\nER  - ",
    "%0 Edited Book\n%A Poe, Eve\n%T Nights\n",
    "<xml><records><record><ref-type name='Edited Book'>28</ref-type><contributors><authors><author>Poe, Eve</author>"
    "</authors></contributors><titles><title>Nights</title></titles></record></records></xml>",
)


@pytest.mark.parametrize("text", EDITED)
def test_the_authors_of_endnotes_edited_book_are_its_editors(text):
    (entry,) = read(text).entries
    found = fields_of(entry.csl)
    assert (found["work"], found["authors"], found["editors"]) == ("book", "", "Poe, Eve")


def test_a_paper_in_ris_stands_in_its_proceedings():
    (paper,) = works("TY  - CONF\nTI  - Naps\nT2  - Sleep Meeting\nC3  - Papers on Sleep\nER  - ", "RIS")
    assert (paper["work"], paper["container"]) == ("conference_paper", "Papers on Sleep")


def test_a_type_in_full_and_the_older_tag_of_the_volume_are_read():
    (article,) = works("TY  - Journal Article\nTI  - Naps\nVO  - 8\nER  - ", "RIS")
    assert (article["work"], article["volume"]) == ("journal_article", "8")


def test_the_number_of_a_report_in_ris_is_no_isbn():
    (report,) = works("TY  - RPRT\nTI  - Naps\nSN  - TR-12/b\nER  - ", "RIS")
    assert (report["issue"], report["isbn"]) == ("TR-12/b", "")


def test_the_doi_of_a_book_of_pubmed_is_that_of_the_whole():
    book = "<Book><BookTitle>Nights</BookTitle><ELocationID EIdType='doi'>10.1000/b</ELocationID></Book>"
    text = (
        "<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>12</PMID>{}</BookDocument>"
        "</PubmedBookArticle></PubmedArticleSet>"
    )
    (whole,) = works(text.format(book), "PubMed XML")
    (chapter,) = works(text.format(f"{book}<ArticleTitle>Naps</ArticleTitle>"), "PubMed XML")
    assert (whole["doi"], chapter["doi"]) == ("10.1000/b", "")
