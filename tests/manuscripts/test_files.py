"""Each kind of file is recognised by its content; what is damaged, hostile or too large is refused in a sentence."""

import io
import re
import struct
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from manuscripts.reading import CannotReadManuscript, archives, read
from tests.manuscripts.documents import TYPES, document, paragraph

DOCS = (
    "<html><head><style>.c1{font-weight:700}.c2{vertical-align:super}.c3{font-style:italic}</style></head><body>"
    '<p class="title">Magnesium</p><h1>What it is</h1><p><span class="c1">A</span><span> mineral, </span>'
    '<span class="c3">Mg</span><span class="c2">2+</span>.<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>'
    '<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p>'
    '<ul class="lst-kix_a-0"><li>one</li></ul><ul class="lst-kix_a-1"><li>inner</li></ul>'
    '<ul class="lst-kix_a-0"><li>two</li></ul><p><img src="images/image1.png" alt="A pill"></p>'
    '<div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span> In adults.</span></p></div>'
    '<div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Really?</span></p></div></body></html>'
)


def zipped(parts, compression=ZIP_DEFLATED):
    packed = io.BytesIO()
    with ZipFile(packed, "w", compression) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return packed.getvalue()


def refusal(data, name="m.docx"):
    with pytest.raises(CannotReadManuscript) as caught:
        read(data, name)
    return str(caught.value)


def test_what_google_docs_exports_is_read_with_its_classes_notes_lists_and_pictures():
    made = read(zipped({"Magnesium.html": DOCS, "images/image1.png": b"\x89PNG..."}), "Magnesium.zip")
    assert made.title == "Magnesium"
    assert "<strong>A</strong> mineral, <em>Mg</em><sup>2+</sup>. (In adults)" in made.html
    assert re.sub(r"\s", "", "<li>one<ul><li>inner</li></ul></li>") in re.sub(r"\s", "", made.html)
    assert [(one.content, one.alternative_text) for one in made.pictures] == [(b"\x89PNG...", "A pill")]
    assert [(one.kind, one.words) for one in made.left_out] == [("comment", "Really?"), ("footnote", "In adults.")]


def test_markdown_has_its_headings_tables_notes_and_title():
    made = read(
        b"---\ntitle: Magnesium\n---\n# What it is\n\nA **mineral**.[^1]\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        b"~~Wrong.~~ <script>alert(1)</script>\n\n[^1]: In adults.\n",
        "m.md",
    )
    assert made.title == "Magnesium"
    assert "<strong>mineral</strong>. (In adults)" in made.html
    assert '<th scope="col">a</th>' in made.html
    assert "<script" not in made.html and "Wrong" not in made.html
    assert "[^1]" not in made.html


def test_plain_text_has_paragraphs_and_a_title():
    made = read(b"Magnesium\n\nA mineral &\nno drug.\n\nNuts < seeds.\n", "m.txt")
    assert (made.title, made.html) == ("Magnesium", "<p>A mineral &amp; no drug.</p>\n<p>Nuts &lt; seeds.</p>")


def test_text_from_right_to_left_keeps_its_order():
    words = "المغنيسيوم ضروري للجسم"
    assert read(document(paragraph(words)), "m.docx").html == f"<p>{words}</p>"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Word"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"{\\rtf1 x}", "RTF"),
        (b"PK\x03\x04 no archive", "damaged"),
        (zipped({"a.txt": "x"}), "no manuscript"),
        (zipped({"[Content_Types].xml": TYPES, "word/styles.xml": "<x/>"}), "no text"),
        (zipped({"[Content_Types].xml": TYPES, "word/document.xml": "<w:document"}), "damaged"),
        (document()[:-40], "damaged"),
        (b"\x00\x01\x02\x03binary\x00\xff", "text"),
    ],
)
def test_what_is_no_manuscript_is_refused_in_a_sentence(data, said):
    assert said in refusal(data)


ENTITIES = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&c;'
    "</w:t></w:r></w:p></w:body></w:document>"
)


def test_entities_are_refused_in_every_part_and_encoding():
    local = ENTITIES.replace('"aaaaaaaaaa"', 'SYSTEM "file:///etc/hostname"')
    for xml in (ENTITIES, local):
        for data in (xml.encode(), xml.encode("utf-16")):
            assert "entities" in refusal(document(parts={"word/document.xml": data}))
    for part in ("word/styles.xml", "word/footnotes.xml", "_rels/.rels", "docProps/custom.xml", "word/comments.xml"):
        assert "entities" in refusal(document(paragraph("x"), parts={part: ENTITIES}))


def test_a_bomb_is_refused_while_it_is_unpacked(monkeypatch):
    assert "larger than we read" in refusal(document(parts={"word/document.xml": b" " * (archives.MOST_XML + 1)}))
    many = {f"word/media/image{number}.png": b"0" * 1_000_000 for number in range(6)}
    monkeypatch.setattr(archives, "MOST_UNPACKED", 5_000_000)
    assert "larger than we read" in refusal(document(paragraph("x"), parts=many))


def test_a_size_that_the_directory_states_wrongly_is_not_believed():
    size = archives.MOST_XML + 1
    data = document(parts={"word/document.xml": b" " * size})
    lie = data.replace(struct.pack("<L", size), struct.pack("<L", 10))
    assert lie != data
    assert "damaged" in refusal(lie)


def test_too_many_parts_and_too_large_files_are_refused(monkeypatch):
    parts = {f"x/{number}": "" for number in range(archives.MOST_PARTS + 1)}
    assert "parts inside" in refusal(zipped(parts, ZIP_STORED))
    assert "larger than 60 MB" in refusal(b"PK" + b"0" * archives.MOST_BYTES)


def test_elements_nested_without_end_are_refused():
    deep = "<w:p>" * 300 + "</w:p>" * 300
    assert re.search("nested|not valid", refusal(document(deep)))
    tables = "<w:tbl><w:tr><w:tc>" * 40 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 40
    assert "nested" in refusal(document(tables))
    assert "nested" in refusal(("<html><body>" + "<div>" * 5000 + "x").encode(), "m.html")


def test_macros_templates_and_embedded_objects_are_not_unpacked():
    template = (
        '<Relationship Id="rId1" TargetMode="External" Target="http://127.0.0.1:9/evil.dotm" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
    )
    made = read(
        document(
            paragraph("A mineral."),
            parts={"word/vbaProject.bin": b"\0" * 100, "word/embeddings/x.bin": b"\0" * 100},
            relations=template,
        ),
        "m.docm",
    )
    assert made.html == "<p>A mineral.</p>"


def test_characters_that_stand_for_citations_cannot_be_smuggled_in():
    made = read(document(paragraph("A \ue0001\ue002x\ue001 mineral.")), "m.docx")
    assert made.html == "<p>A 1x mineral.</p>"
    assert read("T\n\nA \ue0001\ue002x\ue001 mineral.".encode(), "m.txt").html == "<p>A 1x mineral.</p>"


def test_a_picture_of_markdown_is_kept_if_its_address_contains_it_and_noted_otherwise():
    """Google Docs exports Markdown with pictures in addresses below the text."""
    made = read(
        b"# Zinc\n\nA mineral. ![A pill][one]\n\n![A map](https://example.org/map.png)\n\n"
        b"[one]: <data:image/png;base64,iVBORw0KGgo=>\n",
        "m.md",
    )
    assert [(one.content, one.alternative_text) for one in made.pictures] == [(b"\x89PNG\r\n\x1a\n", "A pill")]
    assert '<figure data-picture="1"></figure>' in made.html
    assert [(one.kind, one.words) for one in made.left_out] == [("picture", "A map")]
