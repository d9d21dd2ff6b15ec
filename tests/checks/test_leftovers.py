"""CIT07, CIT08, STR07 to STR09: what drafting left behind is found, and similar text is left alone."""

from checks import preflight
from checks.preflight import Draft
from core.html import sanitise
from tests.checks.desk import draft

OURS = {"CIT07", "CIT08", "STR07", "STR08", "STR09"}


def levels(html: str, **fields: object) -> list[tuple[str, str]]:
    """Return the ids and levels of the findings on leftovers in this body."""
    found = preflight.run(draft(sanitise(html), **fields))
    return [(each.id, each.level.value) for each in found if each.id in OURS]


def quoted(html: str) -> list[str]:
    """Return the words that the messages on leftovers quote."""
    found = preflight.run(draft(sanitise(html)))
    return [each.message.split("”")[0].removeprefix("“") for each in found if each.id in OURS]


def test_typed_marks_of_citations_block():
    for words in (
        *("Sleep was longer [1].", "As shown [3, 4], it", "Slept [2-5] well.", "Slept.[1] More", "the WHO[12] says"),
        *("See [1]–[3].", "“Quoted” [4].", "[1] Miller A. Sleep.", "Sanders ([24], p. 3)"),
        *("x {Smith, 2019 #12}", "x {Smith, 2019}", "x {{cite journal|a=b}}", "[@smith2019]", "[see @smith2019, p. 3]"),
        *(r"\cite{smith}", r"\parencite[12]{smith}", "text[^1]", "【4:0†source】", "citeturn0search3", "ADDIN EN.CITE"),
    ):
        assert levels(f"<p>{words}</p>") == [("CIT07", "blocker")], words


def test_numbers_in_superscript_after_words_block():
    for html, words in (
        ("A trial.<sup>3</sup> Next", "³"),
        ("longer<sup>3,4</sup>.", "³,⁴"),
        ("Smith<sup>12</sup> found", "¹²"),
        ("sleep.³ Next", "³"),
        ("45%<sup>3</sup> of them", "³"),
        ("in 2019<sup>3</sup> they", "³"),
        ("(vitamin D in adults)<sup>5</sup>", "⁵"),
        ("the NHS<sup>2</sup> says", "²"),
        ("sleep <sup>3</sup> and", "³"),
        ("It ended. <sup>3</sup> Next one.", "³"),
    ):
        assert quoted(f"<p>{html}</p>") == [words], html


def test_exponents_isotopes_and_charges_are_left_alone():
    for html in (
        *("12 m<sup>2</sup>", "10<sup>9</sup> cells", "5 cm<sup>3</sup>", "Ca<sup>2+</sup>", "22 kg/m<sup>2</sup>"),
        *("22 kg/m² and", "the <sup>13</sup>C-urea test", "the <sup>18</sup>F tracer", "R<sup>2</sup> was", "I² was"),
        *(
            "chi<sup>2</sup>",
            "ηp<sup>2</sup> = .44",
            "0.4 rad<sup>2</sup>",
            "weight/height<sup>2</sup>",
            "s<sup>-1</sup>",
        ),
        *("CD4<sup>+</sup>", "omega<sup>3</sup>", "vitamin B<sup>12</sup>", "iodine<sup>131</sup>", "1<sup>st</sup>"),
        *("age<sup>2</sup>", "BMI<sup>2</sup>", "(x + y)<sup>2</sup>", "a<sup>b</sup>"),
    ):
        assert levels(f"<p>{html}</p>") == [], html


def test_the_notes_of_a_table_are_left_alone():
    table = "<table><tbody><tr><td>Women<sup>1</sup></td><td>The others</td></tr></tbody></table>"
    assert levels(table) == [("CIT07", "blocker")]
    assert levels(f"{table}<p><sup>1</sup> Not pregnant.</p>") == []


def test_brackets_of_other_kinds_are_left_alone():
    for words in (
        *("vitamin D[25-OH]", "[11C]PET", "[18F]FDG", "(n = 12)", "(2019)", "benzo[a]pyrene", "bicyclo[2.2.1]heptane"),
        *("the interval [1.2, 3.4]", "95% CI [0.8, 1.2]", "CI [1, 3]", "intervals of [10, 20] and", "[10, 20] mm"),
        *("median 12 [8–15]", "12 [48]", "F [1,306] = 0.56", "[0–10]", "a scale [1-5]", "Equation [3]", "[2019] UKSC"),
        *("[6]annulene", "[3,3]-sigmatropic", "[2+2]", "“we found [3] people”", "{a, b}", "name [mail@example.org]"),
        "It is [1] safe, [2] cheap and [3] easy.",
    ):
        assert levels(f"<p>{words}</p>") == [], words


def test_author_and_year_in_parentheses_warn():
    for words in (
        *("(Smith et al., 2019)", "(Smith &amp; Lee, 2020)", "(Smith et al. 2019; Lee, 2020)", "(Smith, 2019a)"),
        *("(see Smith, Lee, &amp; Park, 2020)", "(Lancet 2019;393:1161-9)"),
    ):
        assert levels(f"<p>It was so {words}.</p>") == [("CIT08", "warning")], words
    for words in (
        *("Lee and Park (2020) found it.", "(England and Wales, 2019)", "(Johnson &amp; Johnson, 2021)", "(et al.)"),
        'It was so (Smith et al., 2019).<sup data-cite="smith2019"></sup>',
    ):
        assert levels(f"<p>{words}</p>") == [], words


def test_placeholders_block():
    for words in (
        *("## What it is", "about TK percent", "TKTK mg", "XXX mg", "xxx mg", "Lorem ipsum dolor", "[citation needed]"),
        *("[insert dose here]", "(ref needed)", "[TODO]", "Error! Reference source not found.", "[type here]"),
        *("not in another[ED1] trial", "It was done.[AB12] Next"),
    ):
        assert levels(f"<p>{words}</p>") == [("STR07", "blocker")], words


def test_what_may_be_a_placeholder_warns():
    for words in (
        *("take XX mg", "The day is TBC.", "The day is TBD.", "Really???", "a CITE b", "so it is [REF]", "TODO"),
        "another [TR1] word",
    ):
        assert levels(f"<p>{words}</p>") == [("STR08", "warning")], words


def test_letters_with_another_sense_are_left_alone():
    for words in (
        *("[sic]", "H2O", "XXY", "XX chromosomes", "factor XXX", "Super Bowl XXX", "47,XXX", "the XX century", "XXL"),
        *("TBC1D4", "HSV-TK", "the ?? sign", "CITE-seq", "#sleep", "1.00 (REF)", "Smith TK, Lee A.", "“CITE” it"),
        *("Tyrosine kinase (TK) is one. TK is high.", "Tick-borne disease (TBD) is rare. TBD is rare."),
        *("Tuberculosis (TBC) and TBC", "the [CO2] level", "interleukin 6 [IL6] rose", "[…] left out"),
    ):
        assert "STR07" not in dict(levels(f"<p>So: {words}</p>")), words
        assert "STR08" not in dict(levels(f"<p>So: {words}</p>")), words


def test_links_that_readers_cannot_open_block():
    for address in (
        *("#_ftn1", "#_ednref2", "#no-such-heading", "https://docs.google.com/document/d/1/edit"),
        *("https://www.zotero.org/google-docs/?a", "https://x.sharepoint.com/a", "https://onedrive.live.com/x"),
        *("https://mail.google.com/mail/", "https://www-x-com.ezproxy.example.edu/a", "/admin/articles/"),
    ):
        assert levels(f'<p><a href="{address}">the page</a></p>') == [("STR09", "blocker")], address


def test_links_that_only_forward_the_reader_warn():
    for address in ("https://www.google.com/url?q=x", "https://eur01.safelinks.protection.outlook.com/?url=x"):
        assert levels(f'<p><a href="{address}">the page</a></p>') == [("STR09", "warning")], address


def test_links_that_lead_somewhere_are_left_alone():
    for address in (
        *(
            "#what-it-is",
            "#what-it-is-2",
            "#sources",
            "#source-3",
            "#safetyTitle",
            "/articles/x/",
            "mailto:a@example.org",
        ),
        *(
            "https://docs.google.com/document/d/e/2PACX/pub",
            "https://www.zotero.org/support",
            "https://www.google.com/maps",
        ),
        "https://proxyhealth.example.com/",
    ):
        assert levels(f'<h2>What it is</h2><p><a href="{address}">the page</a></p>') == [], address


def test_the_sanitiser_leaves_no_link_without_an_address():
    for tag in ("<a>", '<a href="">', '<a href="#">', '<a href="about:blank">', '<a href="file:///c:/x">'):
        assert sanitise(f"<p>{tag}the page</a></p>") == "<p>the page</p>", tag
    assert sanitise('<p><a href="http://localhost:8000/x">the page</a></p>') == "<p>the page</p>"


def test_leftovers_are_found_in_every_text_and_once():
    text = Draft(title="TK", standfirst="x [1]", key_messages=("XXX",), body="<p>y</p>", safety_note="<p>z [2]</p>")
    found = [(each.id, each.field) for each in preflight.run(text) if each.id in OURS]
    assert sorted(found) == [
        *[("CIT07", "safety_note"), ("CIT07", "standfirst"), ("STR07", "key_messages"), ("STR07", "title")],
    ]


def test_an_instruction_of_a_template_is_reported_once():
    found = preflight.run(Draft(title="A", standfirst="B", authors=("C",), body="<p>[…] Say what TK is. Cite [1].</p>"))
    assert [each.id for each in found if each.level.value == "blocker"] == ["STR06"]
