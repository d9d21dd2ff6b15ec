"""Hostile and damaged files are read in little time and memory, or refused in a sentence; nothing else is raised."""

import io
import time
from zipfile import ZIP_LZMA, ZipFile

import pytest

from manuscripts.reading import MOST_TEXT, CannotReadManuscript, archives, read, word
from tests.manuscripts.documents import ROOT, R, W, document, field, paragraph, run

HEADING = paragraph("References", style="Heading1")
LIST = (paragraph("Doe, J. (2020). Zinc. J Med, 1, 1-9."), paragraph("Roe, R. (2021). Iron. J Med, 2, 1-9."))


def refusal(data, name="m.docx"):
    with pytest.raises(CannotReadManuscript) as caught:
        read(data, name)
    return str(caught.value)


def seconds(data, name):
    """Return the processor time that it takes to read a file."""
    start = time.process_time()
    read(data, name)
    return time.process_time() - start


def test_an_archive_of_an_unknown_version_and_a_damaged_method_are_refused():
    data = document(paragraph("x"))
    place = data.index(b"PK\x01\x02")
    assert "damaged" in refusal(data[: place + 6] + b"\xff\x00" + data[place + 8 :])
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_LZMA) as made:
        made.writestr("[Content_Types].xml", "x" * 500)
        made.writestr("word/document.xml", "x" * 500)
    damaged = bytearray(packed.getvalue())
    place = bytes(damaged).rindex(b"word/document.xml", 0, bytes(damaged).index(b"PK\x01\x02")) + 17
    damaged[place : place + 30] = b"\xff" * 30
    assert "damaged" in refusal(bytes(damaged))


def test_comments_in_the_xml_of_a_part_are_no_content():
    relations = ROOT.replace("<Relationship ", "<!-- made by hand --><?x y?><Relationship ")
    data = document(
        paragraph("<!-- x -->", run("A mineral.")), relations="<!-- x -->", parts={"_rels/.rels": relations}
    )
    assert read(data, "m.docx").html == "<p>A mineral.</p>"


def test_a_part_whose_root_is_a_deletion_has_no_text():
    data = document(parts={"word/document.xml": f'<w:del xmlns:w="{W}"><w:r><w:delText>x</w:delText></w:r></w:del>'})
    with pytest.raises(CannotReadManuscript):
        read(data, "m.docx")


@pytest.mark.parametrize("name", ["m.txt", "m.md", "m.html"])
def test_control_characters_and_their_references_are_left_out(name):
    made = read(
        b"<p>" * (name == "m.html") + b"Zinc\n\nA\x01 mine\x0bral &#1;[1].\n\nReferences\n\n1. Doe J. Zinc. 2020.", name
    )
    assert not any(sign in made.html for sign in "\x01\x0b")
    assert "mine" in made.html


def test_a_page_in_an_archive_that_is_no_text_is_refused():
    packed = io.BytesIO()
    with ZipFile(packed, "w") as made:
        made.writestr("page.html", b"<p>\x00\x01\x00x\x00\x00\xff</p>")
    refusal(packed.getvalue(), "m.zip")


def test_a_title_and_a_reference_without_end_raise_no_error():
    endless = "Zinc " * 250_000
    made = read(document(paragraph(endless, style="Title"), paragraph("x")), "m.docx")
    assert made.title == "" and "Zinc Zinc" in made.html
    made = read(document(paragraph("It [1]."), HEADING, paragraph("1. " + endless)), "m.docx")
    assert made.references == [] and "1. Zinc Zinc" in made.html


def test_a_text_is_never_cut_but_refused():
    assert "5 MB" in refusal(b"<p>" + b"zinc " * (MOST_TEXT // 5), "m.html")
    assert read(("é " * 1_000_000).encode(), "m.txt").html.endswith("é</p>")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"T\n\n" + b"-" * 40_000 + b"x", "m.txt"),
        (b"T\n\n" + b"[" * 1_000_000, "m.txt"),
        (b"---\ntitle:" + b" " * 40_000 + b"x" * 400 + b"\n---\nText\n", "m.md"),
        (document(paragraph("a" * 200_000), HEADING, *LIST), "m.docx"),
        (document(paragraph("Aa et al and " * 20_000), HEADING, *LIST), "m.docx"),
        (b"<html><body>" + b'<span style="font-weight:700">' * 150 + b"zinc " * 100_000, "m.html"),
        (b"<html><body>" + b"<del>" * 150 + b"zinc " * 100_000, "m.html"),
    ],
    ids=["dashes", "brackets", "a title", "one word", "names", "nested bold", "nested deletions"],
)
def test_what_repeats_without_end_takes_time_in_proportion_to_its_length(data, name):
    assert seconds(data, name) < 8


def test_many_citations_of_many_references_are_found_quickly():
    listed = [paragraph(f"Doe{n:03}, J. ({1950 + n % 70}). Title {n}. J Med, {n}, 1-9.") for n in range(800)]
    cited = [paragraph(f"It (Doe{n % 800:03}, {1950 + n % 800 % 70}) helped.") for n in range(1500)]
    data = document(*cited, HEADING, *listed)
    start = time.process_time()
    made = read(data, "m.docx")
    assert sum(one.marks for one in made.references) == 1500
    assert time.process_time() - start < 12


def test_fields_that_are_never_ended_and_many_bookmarks_are_read_quickly():
    begun = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>X</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    assert seconds(document(paragraph(begun * 3000), *[paragraph("zinc")] * 3000), "m.docx") < 8
    marks = [
        f'<w:p><w:bookmarkStart w:id="{n}" w:name="ZOTERO_BREF_a{n}"/>{run("x")}<w:bookmarkEnd w:id="{n}"/></w:p>'
        for n in range(2000)
    ]
    named = "".join(f'<property name="ZOTERO_BREF_a{n}_1"><v>ZOTERO_ITEM</v></property>' for n in range(2000))
    properties = f'<Properties xmlns="{R}/custom-properties">{named}</Properties>'
    assert seconds(document(*marks, parts={"docProps/custom.xml": properties}), "m.docx") < 8


def test_a_citation_within_fields_that_are_never_ended_is_found():
    begun = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    made = read(document(paragraph(begun * 60, field(" TOC ", "Chapter 1"), "A mineral.")), "m.docx")
    assert made.html == "<p>A mineral.</p>"


def test_a_note_that_is_named_again_stands_in_the_text_once():
    note = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2"><w:p>{run("In adults.")}</w:p></w:footnote></w:footnotes>'
    named = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    made = read(document(paragraph("A", named), paragraph("B", named), parts={"word/footnotes.xml": note}), "m.docx")
    assert made.html == "<p>A (In adults)</p>\n<p>B</p>"


def test_a_picture_in_many_places_counts_in_each(monkeypatch):
    monkeypatch.setattr(word, "MOST_UNPACKED", 3_000)
    relation = f'<Relationship Id="rId5" Type="{R}/image" Target="media/image1.png"/>'
    drawn = (
        '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x"/><a:graphic><a:graphicData><pic:pic><pic:blipFill>'
        '<a:blip r:embed="rId5"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )
    parts = {"word/media/image1.png": b"\x89PNG" * 250}
    assert len(read(document(paragraph(drawn * 3), parts=parts, relations=relation), "m.docx").pictures) == 3
    assert "larger" in refusal(document(paragraph(drawn * 4), parts=parts, relations=relation))
    assert archives.MOST_UNPACKED > 3_000


def test_more_paragraphs_than_a_book_has_are_refused():
    assert "40,000 paragraphs" in refusal(document("<w:p/>" * 40_001))


def test_more_than_500_pictures_are_refused_in_a_web_page_too():
    picture = '<p><img src="data:image/png;base64,iVBORw0KGgo="></p>'
    assert len(read(f"<html><body><p>Sleep</p>{picture * 500}</body></html>".encode(), "m.html").pictures) == 500
    with pytest.raises(CannotReadManuscript, match="more than 500 pictures"):
        read(f"<html><body><p>Sleep</p>{picture * 501}</body></html>".encode(), "m.html")
