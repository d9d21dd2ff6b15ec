"""The citations of a .docx file: fields, bookmarks and content controls of reference managers, and their lists."""

import base64
import json

import pytest

from manuscripts.reading import read
from tests.manuscripts.documents import (
    document,
    endnote_xml,
    field,
    mendeley_cite,
    paragraph,
    run,
    zotero,
)
from tests.manuscripts.test_word import ONE, TWO, kinds


@pytest.mark.parametrize(
    "citation",
    [
        zotero("(Doe, 2020)", ONE),
        zotero("1", ONE, properties='<w:vertAlign w:val="superscript"/>'),
        field(f" ADDIN EN.CITE {endnote_xml('Magnesium and sleep', '10.1000/one')}", "(Doe, 2020)"),
        mendeley_cite("(Doe, 2020)", ONE),
    ],
    ids=["Zotero", "Zotero, raised", "EndNote", "Mendeley Cite"],
)
def test_a_citation_of_a_reference_manager_becomes_one_with_its_data(citation):
    made = read(document(paragraph("It helped ", citation, ".")), "m.docx")
    assert made.html.startswith('<p>It helped.<sup data-cite="ref-1">')
    (reference,) = made.references
    assert (reference.record.csl["title"], reference.record.csl["DOI"]) == ("Magnesium and sleep", "10.1000/one")
    assert reference.record.csl["author"] == [{"family": "Doe", "given": "Jane"}]
    assert reference.marks == 1


@pytest.mark.parametrize("is_twice", [False, True], ids=["within only", "in both"])
def test_endnotes_data_may_lie_in_a_field_within_the_field(is_twice):
    packed = base64.b64encode(endnote_xml("Zinc", "10.1000/z").encode()).decode()
    inner = field(" ADDIN EN.CITE.DATA ", "", data=packed)
    own = f"<w:fldData>{packed}</w:fldData>" if is_twice else ""
    outer = (
        f'<w:r><w:fldChar w:fldCharType="begin">{own}</w:fldChar></w:r>'
        "<w:r><w:instrText> ADDIN EN.CITE </w:instrText></w:r>"
        f'{inner}<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("[1]")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    made = read(document(paragraph("Colds were shorter", outer)), "m.docx")
    assert made.html == '<p>Colds were shorter<sup data-cite="ref-1">[1]</sup></p>'
    assert made.references[0].record.csl["DOI"] == "10.1000/z"


def test_a_citation_that_zotero_keeps_as_a_bookmark_is_read_from_the_properties():
    code = zotero("x", ONE).split('preserve">', 1)[1].split("</w:instrText>")[0].strip().removeprefix("ADDIN ")
    half = len(code) // 2
    properties = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f'<property name="ZOTERO_BREF_abc_1"><vt:lpwstr>{code[:half]}</vt:lpwstr></property>'
        f'<property name="ZOTERO_BREF_abc_2"><vt:lpwstr>{code[half:]}</vt:lpwstr></property></Properties>'
    )
    marked = f'<w:bookmarkStart w:id="5" w:name="ZOTERO_BREF_abc"/>{run("(Doe, 2020)")}<w:bookmarkEnd w:id="5"/>'
    made = read(document(paragraph("It helped", marked), parts={"docProps/custom.xml": properties}), "m.docx")
    assert made.html == '<p>It helped<sup data-cite="ref-1">(Doe, 2020)</sup></p>'


@pytest.mark.parametrize("shown", ["Doe et al. (2020)", "Doe (2020) and Roe (2021a, p. 3)"])
def test_names_that_are_part_of_the_sentence_stay_in_it(shown):
    name, year = shown[: shown.rindex(" (")], shown[shown.rindex(" (") :]
    made = read(document(paragraph("As ", zotero(shown, ONE), " found.")), "m.docx")
    assert made.html == f'<p>As {name}<sup data-cite="ref-1">{year}</sup> found.</p>'


@pytest.mark.parametrize("shown", ["(Doe (ed.) 2020)", "Doe 2020", "(Doe, 2020)", "Doe (Oxford)", "1 (2)"])
def test_other_words_of_a_citation_are_its_own(shown):
    made = read(document(paragraph("It helped", zotero(shown, ONE))), "m.docx")
    assert made.html == f'<p>It helped<sup data-cite="ref-1">{shown}</sup></p>'


@pytest.mark.parametrize("shown, was", [("(Doe, 2020)", "(Doe, 2020)"), ("", "")])
def test_a_document_that_zotero_moves_to_another_program_is_read(shown, was):
    code = json.dumps({"properties": {"plainCitation": shown}, "citationItems": [ONE]})

    def link(text):
        return f'<w:hyperlink r:id="rId9">{run(text)}</w:hyperlink>'

    made = read(
        document(
            paragraph("ZOTERO_TRANSFER_DOCUMENT"),
            paragraph(""),
            paragraph("The Zotero citations are links now."),
            paragraph("Zotero is a program. It helped ", link(f"ITEM CSL_CITATION {code}"), "."),
            paragraph("References", style="Heading1"),
            paragraph(link('BIBL {"uncited":[]} CSL_BIBLIOGRAPHY')),
            paragraph("Figure 1. Sleep."),
            paragraph(link('DOCUMENT_PREFERENCES {"style":"x"}')),
            relations='<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/hyperlink" Target="https://www.zotero.org/" TargetMode="External"/>',
        ),
        "m.docx",
    )
    assert made.html.split("\n") == [
        f'<p>Zotero is a program. It helped.<sup data-cite="ref-1">{was}</sup></p>',
        "<p>Figure 1. Sleep.</p>",
    ]
    assert (len(made.references), made.left_out) == (1, [])


def test_works_are_numbered_once_and_citations_that_stand_together_become_one():
    made = read(document(paragraph("A", zotero("1", ONE), zotero("2", TWO), " and B", zotero("1", ONE), ".")), "m.docx")
    assert [one.marks for one in made.references] == [2, 1]
    assert '<sup data-cite="ref-1 ref-2">12</sup> and B.<sup data-cite="ref-1">1</sup>' in made.html


def test_a_list_of_references_that_a_program_made_is_left_out_with_its_heading():
    made = read(
        document(
            paragraph("It helped", zotero("1", ONE)),
            paragraph("References", style="Heading1"),
            paragraph(field(" ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY ", "1. Doe J. Magnesium and sleep. 2020.")),
        ),
        "m.docx",
    )
    assert "References" not in made.html and "Doe J" not in made.html
    assert kinds(made) == [("bibliography", "1. Doe J. Magnesium and sleep. 2020.")]


def test_what_follows_a_list_that_a_program_made_stays_in_the_text():
    bibliography = field(" ADDIN EN.REFLIST ", "1. Doe J. Magnesium and sleep. 2020.")
    made = read(
        document(
            paragraph("It helped", zotero("1", ONE), "."),
            paragraph("References"),
            paragraph(bibliography),
            paragraph("Figure 1. Sleep before and after."),
            paragraph("Literature cited", style="Heading1"),
            paragraph(bibliography.replace("EN.REFLIST", "Mendeley Bibliography CSL_BIBLIOGRAPHY")),
            paragraph("The supplement has more."),
        ),
        "m.docx",
    )
    assert made.html.split("\n") == [
        '<p>It helped.<sup data-cite="ref-1">1</sup></p>',
        "<p>Figure 1. Sleep before and after.</p>",
        "<p>The supplement has more.</p>",
    ]
    assert len(made.references) == 1


def test_pages_that_a_citation_names_are_reported():
    made = read(document(paragraph("It helped", zotero("1", {**ONE, "locator": "17", "prefix": "see"}))), "m.docx")
    assert kinds(made) == [("locator", "see 17")]
