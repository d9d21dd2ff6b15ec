"""A text as readers get it: what is added, what stays as it is, and what cannot be smuggled in."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.rendering import PAGE_ANCHORS, render
from core.html import sanitise, text_of

NUMBERS = {"doe2020": 1, "mah2021": 2, "roe2019": 3}
MARK = re.compile(r'<sup class="mark"[^>]*>.*?</sup>', re.DOTALL)


class Tags(HTMLParser):
    """Collects every tag of a text with its attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.found if attributes.get(attribute)]


def body(html: str) -> str:
    return render(html, "", NUMBERS).body


def anchors(*headings: str) -> list[str]:
    html = "".join(f"<h2>{heading}</h2>" for heading in headings)
    return [heading["anchor"] for heading in render(html, "", NUMBERS).headings]


def test_a_mark_links_to_its_source_and_has_an_anchor_to_come_back_to():
    rendered = render('<p>Longer.<sup data-cite="mah2021"></sup></p>', "", NUMBERS)

    assert rendered.body == (
        '<p>Longer.<sup class="mark" data-keys="mah2021"><a id="mark-2-1" href="#source-2" role="doc-noteref" '
        'aria-label="Source 2">2</a></sup></p>'
    )
    assert rendered.marks == {"mah2021": ["mark-2-1"]}


def test_each_use_has_an_anchor_of_its_own():
    mark = '<sup data-cite="doe2020"></sup>'

    assert render(f"<p>{mark}{mark}</p>", f"<p>{mark}</p>", NUMBERS).marks == {
        "doe2020": ["mark-1-1", "mark-1-2", "mark-1-3"]
    }


def test_keys_of_one_mark_stand_in_ascending_order_once_each():
    html = body('<p>x<sup data-cite="roe2019 doe2020 roe2019"></sup></p>')

    assert text_of(html) == "x1,3"


def test_a_key_that_nobody_knows_shows_as_a_question():
    html = body('<p>x<sup data-cite="nobody1999 doe2020"></sup></p>')

    assert text_of(html) == "x1,?"
    assert 'title="No source “nobody1999” here"' in html


def test_what_stood_in_a_mark_is_not_shown():
    assert text_of(body('<p>x<sup data-cite="doe2020">[<em>17</em>]</sup> y</p>')) == "x1 y"


def test_a_plain_superscript_stays():
    assert body("<p>10 m<sup>2</sup></p>") == "<p>10 m<sup>2</sup></p>"


def test_a_mark_in_a_link_follows_the_link():
    html = body('<p><a href="/x">see <sup data-cite="doe2020"></sup>this</a>.</p>')

    assert html.startswith('<p><a href="/x">see this</a><sup class="mark" data-keys="doe2020"><a id="mark-1-1"')


def test_a_heading_in_a_heading_keeps_both():
    html = body("<h2><em>One<h2>Two</h2></em></h2>")

    assert html == '<h2 id="onetwo"><em>One<h2 id="two">Two</h2></em></h2>'


def test_headings_are_the_contents_with_their_level():
    rendered = render("<h2>One</h2><h3>Two &amp; three</h3><h4>Four</h4>", "<h2>Five</h2>", NUMBERS)

    assert [(heading["level"], heading["text"]) for heading in rendered.headings] == [
        (2, "One"),
        (3, "Two & three"),
        (4, "Four"),
        (2, "Five"),
    ]


def test_a_heading_is_named_without_its_marks():
    rendered = render('<h2>Trials<sup data-cite="doe2020"></sup></h2>', "", NUMBERS)

    assert rendered.headings == [{"level": 2, "text": "Trials", "anchor": "trials"}]
    assert "Source 1" in rendered.body


def test_equal_headings_get_different_anchors():
    assert anchors("Trials", "Trials", "Trials 2") == ["trials", "trials-2", "trials-2-2"]


def test_an_anchor_stays_when_something_is_written_below():
    assert anchors("Trials", "Doses") == anchors("Trials", "Doses", "Trials")[:2]


@pytest.mark.parametrize("taken", sorted(PAGE_ANCHORS))
def test_a_heading_does_not_take_an_anchor_of_the_page(taken):
    assert anchors(taken.capitalize()) == [f"{taken}-2"]


@pytest.mark.parametrize("heading", ["Source 1", "Mark 1 1", "source-1", "MARK-1-1"])
def test_a_heading_does_not_pass_for_a_source_or_a_mark(heading):
    assert anchors(heading)[0].startswith("section-")


def test_a_heading_without_latin_letters_has_an_anchor_too():
    assert anchors("睡眠", "!?") == ["section", "section-2"]


def test_no_anchor_of_a_heading_has_a_capital_letter():
    """The ids in templates begin with a capital letter, so they never equal an anchor."""
    assert anchors("safetyTitle", "ÄÖ İstanbul") == ["safetytitle", "ao-istanbul"]


def test_a_hostile_heading_is_text_and_its_anchor_harmless():
    rendered = render('<h2>"&gt;&lt;script&gt;alert(1)&lt;/script&gt;</h2>', "", NUMBERS)

    assert rendered.body == ('<h2 id="scriptalert1script">"&gt;&lt;script&gt;alert(1)&lt;/script&gt;</h2>')
    assert rendered.headings[0]["text"] == '"><script>alert(1)</script>'


def test_scripts_that_stand_in_the_table_do_not_come_out():
    html = body('<p onclick="x()">a</p><script>b</script><a href="javascript:c()">d</a>')

    assert "onclick" not in html and "script" not in html
    assert text_of(html) == "a\nd"


def test_a_table_stands_in_a_labelled_frame_that_scrolls_by_keyboard():
    caption = 'Doses &amp; "limits"<sup data-cite="doe2020"></sup>'
    html = body(f"<table><caption>{caption}</caption><tr><td>1</td></tr></table>")

    assert html.startswith(
        '<div class="table" role="region" aria-label="Doses &amp; &quot;limits&quot;" tabindex="0"><table>'
    )
    assert html.endswith("</table></div>")


def test_a_table_without_caption_has_a_label_too():
    assert 'aria-label="Table"' in body("<table><tr><td>1</td></tr></table>")


def test_a_table_in_a_table_keeps_both_labels_apart():
    inner = "<table><caption>Inner</caption><tr><td>1</td></tr></table>"
    html = body(f"<table><caption>Outer</caption><tr><td>{inner}</td></tr></table>")

    assert Tags(html).all("aria-label") == ["Outer", "Inner"]
    assert html.count("<div") == html.count("</div>") == 2


def test_pictures_load_late():
    tags = Tags(body('<figure><img src="/media/a.webp" alt="A &quot;b&quot;" width="3" height="2"></figure>'))

    assert tags.found[1] == (
        "img",
        {
            "src": "/media/a.webp",
            "alt": 'A "b"',
            "width": "3",
            "height": "2",
            "loading": "lazy",
            "decoding": "async",
        },
    )


def test_words_are_those_of_text_and_safety_note():
    rendered = render('<p>Three little words<sup data-cite="doe2020">9</sup></p>', "<p>And two.</p>", NUMBERS)

    assert rendered.words == 5


PAIRED = "p h2 h3 h4 ul ol li blockquote table caption tr th td em strong sup"
PIECES = (
    *(f"<{tag}>" for tag in PAIRED.split()),
    *(f"</{tag}>" for tag in PAIRED.split()),
    "<br>",
    '<sup data-cite="doe2020">',
    '<sup data-cite="doe2020 mah2021"></sup>',
    '<sup data-cite="nobody1999">9</sup>',
    '<aside class="note">',
    "</aside>",
    "Sources",
    "source 1",
    " a &amp; b ",
    "&nbsp;<5 mg>",
    "&lt;b&gt;",
    "é",
)
soup = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=30).map("".join)


@given(soup)
@example("<h2><h3>a</h3></h2>")
@example("<h2>a<table><caption>b<h3>c</h3></caption></table></h2>")
@example('<sup data-cite="doe2020">a<p>b</sup>c</p>')
@example('<h2><em>a<h2>b</h2></em></h2><p><a href="/x">c<sup data-cite="doe2020"></sup>d</a></p>')
def test_nothing_of_the_text_is_lost_or_added(html):
    """Apart from the numbers, readers get exactly the words that were approved."""
    html = sanitise(html)

    assert text_of(MARK.sub("", render(html, "", NUMBERS).body)) == text_of(html)


@given(soup, soup)
def test_ids_are_unique_and_what_is_listed_is_there(one, other):
    rendered = render(one, other, NUMBERS)
    tags = Tags(rendered.body + rendered.safety_note)
    ids = tags.all("id")
    listed = [heading["anchor"] for heading in rendered.headings]
    listed += [anchor for uses in rendered.marks.values() for anchor in uses]

    assert len(ids) == len(set(ids))
    assert sorted(listed) == sorted(ids)
    assert {link for link in tags.all("href") if link.startswith("#")} <= {"#source-1", "#source-2"}
    assert not set(ids) & PAGE_ANCHORS


@given(soup)
def test_rendering_is_the_same_every_time(html):
    assert render(html, html, NUMBERS) == render(html, html, NUMBERS)
