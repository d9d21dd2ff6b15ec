"""References that were written by hand are found at the end, and the places of the text that name them."""

from html import escape

import pytest

from manuscripts.reading import read
from manuscripts.reading.marks import mark, with_citations
from manuscripts.reading.written_references import reference_of
from tests.manuscripts.documents import document, paragraph, run

LIST = """
1. Abbasi B, Kimiagar M. The effect of magnesium on insomnia. J Res Med Sci. 2012;17(12):1161-1169. PMID: 23853635
2. Mah J, Pitre T. Oral magnesium for insomnia. BMC Complement Med Ther. 2021;21:125. doi:10.1186/s12906-021-03297-z
3. Zhang Y, Chen C, Lu L, et al. Association of magnesium intake with sleep. Sleep. 2022;45(4):zsab276.
4. National Institutes of Health. Magnesium fact sheet. https://ods.od.nih.gov/factsheets/Magnesium/
5. Unpublished data, personal communication.
"""
APA = """
Abbasi, B., & Kimiagar, M. (2012). The effect of magnesium on insomnia. Journal of Research, 17(12), 1161–1169.
Mah, J., Pitre, T., & Doe, J. (2021a). Oral magnesium for insomnia. BMC Medicine, 21, 125.
Mah, J., & Roe, R. (2021b). Zinc for colds. BMC Medicine, 22, 12.
World Health Organization. (2019). Magnesium. https://www.who.int/magnesium
"""


def text(words, references=LIST):
    return read(f"Magnesium\n\n{words}\n\nReferences\n{references.strip()}\n".encode(), "m.txt")


def cited(words, references=LIST):
    """Return the citations in the HTML of these words: their references and the words that stood there."""
    html = text(words, references).html
    return [part.split("</sup>")[0].replace('">', " ") for part in html.split('<sup data-cite="')[1:]]


def test_each_entry_is_known_by_its_identifier_or_its_fields():
    made = text("It helped [1].")
    assert [one.wanted for one in made.references] == [
        "pmid:23853635",
        "doi:10.1186/s12906-021-03297-z",
        "",
        "https://ods.od.nih.gov/factsheets/Magnesium/",
        "",
    ]
    assert [bool(one.record) for one in made.references] == [True, True, True, False, False]
    assert made.references[2].record.csl["title"] == "Association of magnesium intake with sleep"
    assert "References" not in made.html and "Abbasi" not in made.html


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("It helped [1].", ["ref-1 [1]"]),
        ("It helped [1,2] and [3-5].", ["ref-1 ref-2 [1,2]", "ref-3 ref-4 ref-5 [3-5]"]),
        ("It helped [1, 3–4].", ["ref-1 ref-3 ref-4 [1, 3–4]"]),
        ("It helped (3).", ["ref-3  (3)"]),
        ("It helped (1, 2) more.", ["ref-1 ref-2  (1, 2)"]),
        # Not in the list, no number of a reference, a count of items, a measure.
        ("It helped [6] and [0].", []),
        ("The interval [0.8, 1.2] was wide, vitamin D[25] was not, and [sic] stays.", []),
        ("Do this: (1) eat, (2) sleep.", []),
        ("In 40 adults (n = 3) it helped.", []),
    ],
)
def test_numbers_in_brackets_cite_the_entries_of_a_numbered_list(words, found):
    assert cited(words) == found


def raised(*parts, properties='<w:vertAlign w:val="superscript"/>'):
    blocks = [paragraph(*(run(part[1:], properties) if part.startswith("^") else run(part) for part in parts))]
    listed = [paragraph(line) for line in LIST.strip().split("\n")]
    return read(document(*blocks, paragraph("References", style="Heading1"), *listed), "m.docx").html


def test_raised_numbers_cite_but_powers_and_isotopes_stay():
    html = raised(
        "It helped.", "^1,2", " In 5 m", "^2", " and 10", "^3", " it did not, nor ", "^3", "H, but here", "^3–5"
    )
    assert '<sup data-cite="ref-1 ref-2">^1,2</sup>' in html
    assert '<sup data-cite="ref-3 ref-4 ref-5">^3–5</sup>' in html
    assert "m<sup>2</sup>" in html and "10<sup>3</sup>" in html and "<sup>3</sup>H" in html


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("It helped (Abbasi & Kimiagar, 2012).", ["ref-1 (Abbasi & Kimiagar, 2012)"]),
        ("Many agree (Abbasi & Kimiagar, 2012; Mah et al., 2021a).", ["ref-1 ref-2 (…)"]),
        ("Abbasi and Kimiagar (2012) saw it.", ["ref-1 (2012)"]),
        ("They say so (World Health Organization, 2019, p. 4).", ["ref-4 (…)"]),
        ("Two differ (Mah et al., 2021).", []),
        ("Nobody wrote it (Smith, 2012), in a good year (2012).", []),
        ("It began in May (Abbasi, 1999).", []),
    ],
)
def test_names_and_years_cite_the_entries_of_an_unnumbered_list(words, found):
    got = cited(words, APA)
    assert [one.split(" (")[0].strip() for one in got] == [one.split(" (")[0] for one in found]
    for one, expected in zip(got, found, strict=True):
        if "…" not in expected:
            assert one.split(" (", 1)[1] == escape(expected.split(" (", 1)[1], quote=False)


def test_a_name_in_the_sentence_stays_and_only_the_year_becomes_a_citation():
    html = text("Abbasi and Kimiagar (2012) saw it.", APA).html
    assert html == '<p>Abbasi and Kimiagar<sup data-cite="ref-1"> (2012)</sup> saw it.</p>'


def test_the_numbers_of_the_list_count_not_its_order():
    made = text("It helped [7].", "6. Doe J. Sleep. J One. 2012;1:1.\n7. Roe R. Zinc. J Two. 2013;2:2.")
    assert [one.marks for one in made.references] == [0, 1]


def test_an_automatic_list_of_word_is_numbered():
    item = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>{}</w:p>'
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    numbering = (
        f'<w:numbering xmlns:w="{w}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        '<w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    listed = [item.format(run(line.split(". ", 1)[1])) for line in LIST.strip().split("\n")]
    made = read(
        document(
            paragraph("It helped [2]."),
            paragraph("References", style="Heading1"),
            *listed,
            parts={"word/numbering.xml": numbering},
        ),
        "m.docx",
    )
    assert [one.marks for one in made.references] == [0, 1, 0, 0, 0]


def test_a_heading_without_entries_and_a_text_without_a_list_stay():
    made = read(b"Magnesium\n\nSources\n\nNuts are a source [1].\n", "m.txt")
    assert made.references == [] or all(not one.marks for one in made.references)
    plain = read(b"Magnesium\n\nNuts help [1].\n", "m.txt")
    assert plain.references == [] and plain.html == "<p>Nuts help [1].</p>"


def test_only_the_number_before_an_entry_is_taken_off():
    made = text(
        "It helped.", "Doe, J. (2009). Zinc. J Med, 100(3), 603–617. doi:10.1000/one\nRoe, R. In 40 adults. 2020."
    )
    assert made.references[0].text.endswith("603–617. doi:10.1000/one")
    assert "In 40 adults" in made.references[1].text


def test_a_citation_of_hundreds_of_works_is_one_citation():
    html = with_citations(f"<p>All{mark(range(1, 601), '[1-600]')}.</p>")
    assert html.count("<sup") == 1 and "ref-1 ref-2 " in html and ' ref-600">[1-600]</sup>' in html


def test_a_paragraph_too_long_for_an_entry_ends_the_list_and_stays():
    appendix = "Everybody slept well. " * 100
    made = text("It helped [1].", f"1. Doe J. Zinc in adults. J One. 2012;1:1-2.\n\n{appendix}")
    assert len(made.references) == 1 and "Everybody slept well. Everybody" in made.html


@pytest.mark.parametrize("italic", [["et al."], ["et", " al."], ["et al"]])
def test_names_whose_et_al_is_italic_are_found(italic):
    parts = ["It helped (Mah ", *(run(part, "<w:i/>") for part in italic), " 2021a)."]
    made = read(
        document(
            paragraph(*parts),
            paragraph("References", style="Heading1"),
            *(paragraph(line) for line in APA.strip().split("\n")),
        ),
        "m.docx",
    )
    assert '<sup data-cite="ref-2">' in made.html
    assert "<em>" not in made.html


def test_a_sentence_that_ends_with_et_al_has_one_full_stop():
    assert with_citations(f"as in Mah et al.{mark([1], ' (2021)')}. Then {mark([2], '2')}.") == (
        'as in Mah et al.<sup data-cite="ref-1"> (2021)</sup> Then.<sup data-cite="ref-2">2</sup>'
    )


def test_words_before_the_names_in_a_group_do_not_hide_them():
    assert cited("It helped (reviewed in Mah et al., 2021a).", APA) == ["ref-2  (reviewed in Mah et al., 2021a)"]


def test_a_number_close_to_a_word_cites_unless_it_belongs_to_the_word():
    made = text("It is affected(1). Also in the organ(2, 3), with vitamin B(1) and CD(4) and iron(II) cells.")
    assert [one.marks for one in made.references] == [1, 1, 1, 0, 0]
    assert "B(1)" in made.html and "CD(4)" in made.html


def test_what_a_note_says_before_a_work_is_no_part_of_its_authors():
    found = reference_of("Page 2 in Doe J, Roe R. Zinc in adults. J One. 2012;1:1-2.")
    assert found.record.csl["author"][0]["family"] == "Doe"
