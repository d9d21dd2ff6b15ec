"""A .docx file arrives whole: its structure as an article has it, and the works of its citations as references."""

import base64

import pytest

from manuscripts.reading import read
from tests.manuscripts.documents import (
    W,
    csl,
    document,
    paragraph,
    run,
    zotero,
)

ONE = csl("A1", "Magnesium and sleep", "10.1000/one")
TWO = csl("B2", "Zinc and colds", "10.1000/two", family="Roe", year=2021)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


def html_of(*blocks, **more):
    return read(document(*blocks, **more), "manuscript.docx").html


def kinds(made):
    return [(one.kind, one.words) for one in made.left_out]


def picture(relation, kind="embed", description="A capsule"):
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{description}"/>'
        "<a:graphic><a:graphicData><pic:pic>"
        f'<pic:blipFill><a:blip r:{kind}="{relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def test_the_title_leaves_the_text_and_headings_begin_at_the_second_level():
    made = read(
        document(
            paragraph("Magnesium", style="Title"),
            paragraph("What it is", style="Heading1"),
            paragraph("A mineral."),
            paragraph("In food", style="Heading3"),
            paragraph("Nuts."),
        ),
        "m.docx",
    )
    assert made.title == "Magnesium"
    assert made.html.split("\n") == ["<h2>What it is</h2>", "<p>A mineral.</p>", "<h3>In food</h3>", "<p>Nuts.</p>"]


def test_a_line_break_parts_the_words_of_a_title():
    made = read(document(paragraph("Magnesium", "<w:r><w:br/></w:r>", "and sleep", style="Title")), "m.docx")
    assert made.title == "Magnesium and sleep"


def test_a_space_that_alone_is_bold_parts_two_words():
    assert html_of(paragraph(run("Take"), run(" ", "<w:b/>"), run("200 mg"))) == "<p>Take 200 mg</p>"


def test_raised_lowered_bold_and_italic_words_stay_so():
    html = html_of(
        paragraph(
            "H",
            run("2", '<w:vertAlign w:val="subscript"/>'),
            "O, m",
            run("2", '<w:vertAlign w:val="superscript"/>'),
            ", ",
            run("never", "<w:b/>"),
            " ",
            run("E. coli", "<w:i/>"),
        )
    )
    assert html == "<p>H<sub>2</sub>O, m<sup>2</sup>, <strong>never</strong> <em>E. coli</em></p>"


def test_deleted_hidden_and_struck_words_and_comments_never_become_text():
    comments = (
        f'<w:comments xmlns:w="{W}"><w:comment w:id="0"><w:p>{run("Is this true?")}</w:p></w:comment></w:comments>'
    )
    made = read(
        document(
            paragraph(
                "Magnesium ",
                "<w:del><w:r><w:delText>cures</w:delText></w:r></w:del>",
                f"<w:ins>{run('may help')}</w:ins>",
                run(" SECRET", "<w:vanish/>"),
                run(" always", "<w:strike/>"),
                " sleep.",
            ),
            parts={"word/comments.xml": comments},
        ),
        "m.docx",
    )
    assert made.html == "<p>Magnesium may help sleep.</p>"
    assert sorted(kinds(made)) == [
        ("comment", "Is this true?"),
        ("deleted", "always"),
        ("deleted", "cures"),
        ("hidden", "SECRET"),
    ]


def test_a_formula_keeps_its_characters():
    made = read(document(paragraph("So ", "<m:oMath><m:r><m:t>E=mc²</m:t></m:r></m:oMath>", ".")), "m.docx")
    assert made.html == "<p>So E=mc².</p>"
    assert kinds(made) == [("formula", "E=mc²")]


def notes(kind, *texts):
    found = "".join(
        f'<w:{kind} w:id="{number}"><w:p>{one if one.startswith("<") else run(one)}</w:p></w:{kind}>'
        for number, one in enumerate(texts, start=2)
    )
    return f'<w:{kind}s xmlns:w="{W}">{found}</w:{kind}s>'


def test_a_footnote_stands_in_parentheses_and_one_that_only_cites_becomes_a_citation():
    made = read(
        document(
            paragraph("It helped", '<w:r><w:footnoteReference w:id="2"/></w:r>', " here."),
            paragraph("And there", '<w:r><w:footnoteReference w:id="3"/></w:r>', "."),
            paragraph("And where", '<w:r><w:footnoteReference w:id="4"/></w:r>', "."),
            parts={
                "word/footnotes.xml": notes(
                    "footnote",
                    "In adults over 60.",
                    zotero("Doe 2020", ONE),
                    "Roe R. Zinc and colds in adults. J Trials. 2021;4(2):12-19. doi:10.1000/two",
                )
            },
        ),
        "m.docx",
    )
    first, second, third = made.html.split("\n")
    assert first == "<p>It helped (In adults over 60) here.</p>"
    assert second.startswith('<p>And there.<sup data-cite="ref-1">')
    assert third.startswith('<p>And where.<sup data-cite="ref-2">')
    assert made.references[1].wanted == "doi:10.1000/two"
    assert kinds(made) == [("footnote", "In adults over 60.")]


def table(rows, look="04A0"):
    made = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f'<w:tbl><w:tblPr><w:tblLook w:val="{look}"/></w:tblPr>{made}</w:tbl>'


def test_a_table_has_the_header_row_and_the_caption_that_word_shows():
    made = html_of(paragraph("Table 1. Intake", style="Caption"), table([["Group", "mg"], ["Women", "320"]]))
    assert made.startswith('<table><caption>Table 1. Intake</caption><thead><tr><th scope="col">Group</th>')
    assert "<td>Women</td><td>320</td>" in made
    assert "<th" not in html_of(table([["Women", "320"], ["Men", "420"]], look="0480"))


def test_a_first_row_in_bold_is_a_header_row():
    bold = f"<w:tr><w:tc>{paragraph(run('Group', '<w:b/>'))}</w:tc></w:tr>"
    plain = f"<w:tr><w:tc>{paragraph('Women')}</w:tc></w:tr>"
    assert html_of(f"<w:tbl>{bold}{plain}</w:tbl>") == (
        '<table><thead><tr><th scope="col">Group</th></tr></thead><tr><td>Women</td></tr></table>'
    )


def test_pictures_leave_a_place_in_the_text_and_linked_ones_are_never_requested():
    relations = (
        f'<Relationship Id="rId5" Type="{IMAGE}" Target="media/image1.png"/>'
        f'<Relationship Id="rId6" Type="{IMAGE}" Target="http://127.0.0.1:9/x.png" TargetMode="External"/>'
        f'<Relationship Id="rId7" Type="{IMAGE}" Target="../../../etc/hostname"/>'
    )
    made = read(
        document(
            paragraph("Before."),
            paragraph(picture("rId5")),
            paragraph("Figure 1. A capsule", style="Caption"),
            paragraph(picture("rId6", "link"), picture("rId7")),
            parts={"word/media/image1.png": PNG},
            relations=relations,
        ),
        "m.docx",
    )
    found = [(one.content, one.alternative_text, one.caption) for one in made.pictures]
    assert found == [(PNG, "A capsule", "Figure 1. A capsule")]
    assert '<figure data-picture="1"></figure>' in made.html
    assert [kind for kind, _words in kinds(made)] == ["picture", "picture"]


def test_links_keep_their_address_without_what_tracks_readers():
    relations = (
        '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" '
        'TargetMode="External" '
        'Target="https://www.google.com/url?q=https://ods.od.nih.gov/x?utm_source%3Dmail&amp;sa=D"/>'
    )
    link = f'<w:hyperlink r:id="rId9">{run("the fact sheet")}</w:hyperlink>'
    assert html_of(paragraph("See ", link, "."), relations=relations) == (
        '<p>See <a href="https://ods.od.nih.gov/x">the fact sheet</a>.</p>'
    )


def test_a_style_with_an_outline_level_is_a_heading_whatever_its_name():
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="X1"><w:name w:val="MDPI section"/>'
        '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="X2">'
        '<w:name w:val="My section"/><w:basedOn w:val="X1"/></w:style><w:style w:type="paragraph" w:styleId="X3">'
        '<w:name w:val="Contents title"/><w:basedOn w:val="X1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
        "</w:styles>"
    )
    blocks = [paragraph(name, style=style) for name, style in (("In food", "X1"), ("In water", "X2"), ("List", "X3"))]
    html = html_of(paragraph("A mineral."), *blocks, parts={"word/styles.xml": styles})
    assert html.split("\n") == ["<p>A mineral.</p>", "<h2>In food</h2>", "<h2>In water</h2>", "<p>List</p>"]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (f'<w:fldSimple w:instr=" SEQ Table ">{run("7")}</w:fldSimple>', "A7B"),
        (f'<w:bdo w:val="rtl">{run("אב")}</w:bdo>', "AאבB"),
        (f'<w:dir w:val="rtl"><w:dir w:val="ltr">{run("אב")}</w:dir></w:dir>', "AאבB"),
        (f"<w:r><w:ruby><w:rt>{run('kan')}</w:rt><w:rubyBase>{run('漢')}</w:rubyBase></w:ruby></w:r>", "A漢B"),
        ('<w:r><w:br w:type="page"/></w:r>', "A B"),
        ('<w:r><w:br w:type="column"/></w:r>', "A B"),
        ("<w:r><w:cr/></w:r>", "A<br>B"),
        ("<w:r><w:ptab/></w:r>", "A\tB"),
    ],
    ids=["simple field", "direction", "nested direction", "ruby", "page", "column", "return", "tab"],
)
def test_what_the_converter_does_not_know_loses_and_joins_no_words(inner, text):
    assert html_of(paragraph("A", inner, "B")) == f"<p>{text}</p>"


def test_a_citation_in_a_simple_field_stays():
    code = zotero("x", ONE).split('preserve">', 1)[1].split("</w:instrText>")[0].strip().replace('"', "&quot;")
    html = html_of(paragraph("It helped", f'<w:fldSimple w:instr="{code}">{run("(Doe)")}</w:fldSimple>'))
    assert html == '<p>It helped<sup data-cite="ref-1">(Doe)</sup></p>'


def test_the_caption_of_a_picture_that_is_left_out_stays():
    relations = f'<Relationship Id="rId5" Type="{IMAGE}" Target="media/image1.emf"/>'
    made = read(
        document(
            paragraph(picture("rId5")),
            paragraph("Figure 1. A capsule", style="Caption"),
            parts={"word/media/image1.emf": b"\1\0\0\0"},
            relations=relations,
        ),
        "m.docx",
    )
    assert made.html.replace("<p></p>\n", "") == "<p>Figure 1. A capsule</p>"
    assert kinds(made) == [("picture", "A capsule")]


def test_the_words_of_a_list_that_is_left_out_are_not_joined():
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC </w:instrText></w:r>'
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("Zinc")}<w:r><w:tab/></w:r>{run("2")}'
    ended = f'{run("Iron")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    made = read(document(paragraph(begin, shown), paragraph(ended), paragraph("A mineral.")), "m.docx")
    assert kinds(made) == [("contents", "Zinc 2 Iron")]


def test_a_second_caption_beside_a_picture_stays_in_the_text():
    relations = f'<Relationship Id="rId5" Type="{IMAGE}" Target="media/image1.png"/>'
    captions = [paragraph(words, style="Caption") for words in ("Table 1. Intake", "Figure 1. A capsule")]
    blocks = (captions[0], paragraph(picture("rId5")), captions[1])
    made = read(document(*blocks, parts={"word/media/image1.png": PNG}, relations=relations), "m.docx")
    assert made.pictures[0].caption == "Table 1. Intake" and "<p>Figure 1. A capsule</p>" in made.html


@pytest.mark.parametrize("shown, caption", [("(Doe, 2020)", "A capsule, from (Doe, 2020)"), ("1,2", "A capsule, from")])
def test_a_caption_names_the_authors_whom_it_cites_but_no_numbers(shown, caption):
    made = read(
        document(
            paragraph(picture("rId5")),
            paragraph("A capsule, from ", zotero(shown, ONE), style="Caption"),
            parts={"word/media/image1.png": PNG},
            relations=f'<Relationship Id="rId5" Type="{IMAGE}" Target="media/image1.png"/>',
        ),
        "m.docx",
    )
    assert made.pictures[0].caption == caption
