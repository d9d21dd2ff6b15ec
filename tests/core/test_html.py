"""The sanitiser: what it accepts, and how it repairs pasted text."""

import re

import pytest

from core.html import differs_only_in_spacing, sanitise, text_of, word_count

PICTURE = f"/media/pictures/{'0a' * 32}.webp"


@pytest.mark.parametrize(
    "html",
    [
        "<p>Schlaf, Mü&nbsp;– 5&nbsp;mg &lt; 6&nbsp;mg &amp; “so”</p>",
        "<h2>Dose</h2><h3>How much</h3><h4>For whom</h4><p>a<br>b</p><hr><p><strong>c</strong><em>d</em></p>",
        '<p>H<sub>2</sub>O, m<sup>2</sup>.<sup data-cite="abbasi2012 boyle-2017">1,2</sup></p>',
        '<p>Empty mark<sup data-cite="abbasi2012"></sup></p>',
        '<table><caption>Doses</caption><thead><tr><th scope="col">Age</th>'
        '<th colspan="2" scope="colgroup">mg</th></tr></thead>'
        '<tbody><tr><th scope="row">18</th><td rowspan="2">1</td><td>2</td></tr></tbody></table>',
        f'<figure><img src="{PICTURE}" alt="Two &quot;cups&quot;" width="800" height="600">'
        "<figcaption>Tea</figcaption></figure>",
        f'<p><img src="{PICTURE}" alt=""></p>',
        '<ol start="3"><li>c</li></ol><ul><li>a<ul><li>b</li></ul></li></ul>',
        "<blockquote><p>q</p></blockquote>",
        '<aside class="note"><p>Ask a doctor first.</p></aside>',
        '<p><a href="https://www.nhs.uk/sleep?a=1&amp;b=2#c" title="NHS">x</a> '
        '<a href="/topics/sleep/">y</a> <a href="#dose">z</a> <a href="mailto:desk@example.org">m</a></p>',
    ],
)
def test_what_a_writer_writes_is_left_alone(html):
    assert sanitise(html) == html


def test_a_raw_no_break_space_survives():
    assert sanitise("<p>5\u00a0mg</p>") == "<p>5&nbsp;mg</p>"


@pytest.mark.parametrize("empty", ["<p></p>", "<p>&nbsp;</p>", "<p>\u00a0 \n</p>", "<p><br></p>", "<p><img></p>"])
def test_an_empty_paragraph_is_dropped(empty):
    assert sanitise(f"<p>a</p>\n{empty}\n<p>b</p>") == "<p>a</p>\n<p>b</p>"


def test_nothing_written_is_nothing():
    assert sanitise("") == sanitise("<p>&nbsp;</p>\n") == ""


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("<h1>a</h1>", "<h2>a</h2>"),
        ("<h5>a</h5><h6>b</h6>", "<h4>a</h4><h4>b</h4>"),
        ("<p><b>a</b><i class=x>b</i></p>", "<p><strong>a</strong><em>b</em></p>"),
        ("<p><span style='color:red'>a</span><u>b</u></p>", "<p>ab</p>"),
        ("<div>one</div><div>two</div>", "one\n\ntwo"),
        ("<p>a < b and 5 <6</p>", "<p>a &lt; b and 5 &lt;6</p>"),
        ("<p>u\u0308</p>", "<p>ü</p>"),
        ("<p>a\r\nb\rc\0d\x0be</p>", "<p>a\nb\ncd\ne</p>"),
        ("<p>a&#13;b</p>", "<p>a\nb</p>"),
        ("<p>\ud800a&#xD800;</p>", "<p>a\ufffd</p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<aside><p>a</p></aside>", "<p>a</p>"),
        ('<aside class="note wide" id="x"><p>a</p></aside>', '<aside class="note"><p>a</p></aside>'),
        ("<p>a<a name=top>b</a></p>", "<p>ab</p>"),
        ("<p>written to the end <b", "<p>written to the end &lt;b</p>"),
    ],
)
def test_pasted_text_keeps_its_meaning_and_loses_its_looks(pasted, kept):
    assert sanitise(pasted) == kept


@pytest.mark.parametrize("tag", ["script", "style", "template", "noscript", "iframe", "object", "svg", "math"])
def test_what_is_not_text_goes_with_its_content(tag):
    assert sanitise(f"<p>a</p><{tag}>gone</{tag}><p>b</p>") == "<p>a</p><p>b</p>"


@pytest.mark.parametrize("tag", ["svg", "math", "template", "object", "select"])
def test_a_drawing_without_an_end_does_not_swallow_the_text_behind_it(tag):
    assert sanitise(f"<p>a</p><{tag}><p>b</p>") == "<p>a</p><p>b</p>"


@pytest.mark.parametrize(
    ("keys", "kept"),
    [
        ("abbasi2012", "abbasi2012"),
        (" abbasi2012\n boyle-2017  ", "abbasi2012 boyle-2017"),
        ("abbasi2012 Boyle2017 x_y -z ü 'q'", "abbasi2012"),
        ("a b a", "a b"),
    ],
)
def test_a_citation_mark_holds_keys_only(keys, kept):
    assert sanitise(f'<p>a<sup data-cite="{keys}">1</sup></p>') == f'<p>a<sup data-cite="{kept}">1</sup></p>'


@pytest.mark.parametrize("keys", ["", " ", "Boyle", "&lt;b&gt;", "_"])
def test_a_citation_mark_without_a_key_is_unwrapped(keys):
    assert sanitise(f'<p>a<sup data-cite="{keys}">[1]</sup></p>') == "<p>a[1]</p>"


def test_a_citation_mark_holds_no_other_mark_and_no_link():
    html = '<p>a<sup data-cite="x"><sup data-cite="y"><a href="/b">1</a></sup></p><p>c</p>'
    assert sanitise(html) == '<p>a<sup data-cite="x">1</sup></p><p>c</p>'


def test_a_citation_mark_without_an_end_does_not_swallow_what_follows():
    assert sanitise('<p>a<sup data-cite="x">1<p>b</p><h2>c</h2>') == (
        '<p>a<sup data-cite="x">1</sup></p><p>b</p><h2>c</h2>'
    )


@pytest.mark.parametrize("number", ["-1", "0", "1e3", "99999", "1.5", "٣", "100%", "", "9" * 5_000])
def test_a_number_out_of_bounds_or_in_other_signs_is_dropped(number):
    assert sanitise(f'<ol start="{number}"><li>a</li></ol>') == "<ol><li>a</li></ol>"
    assert sanitise(f'<img src="{PICTURE}" alt="" width="{number}">') == f'<img src="{PICTURE}" alt="">'


def test_a_list_keeps_its_kind_of_numbering_and_no_other_type():
    for kind in "aAiI":
        assert sanitise(f'<ol type="{kind}"><li>x</li></ol>') == f'<ol type="{kind}"><li>x</li></ol>'
    for kind in ("1", "disc", "b", "", "aa"):
        assert sanitise(f'<ol type="{kind}"><li>x</li></ol>') == "<ol><li>x</li></ol>"
    assert sanitise('<ul type="a"><li type="a">x</li></ul>') == "<ul><li>x</li></ul>"


def test_characters_that_hide_words_are_removed_however_they_are_written():
    html = "<p>Mag\u00adnesium cu&shy;res insom&#8203;nia.</p><p>4\u200b00 m\u2060g</p>"
    assert sanitise(html) == "<p>Magnesium cures insomnia.</p><p>400 mg</p>"


def test_an_alternative_text_is_one_line_of_bounded_length():
    html = sanitise(f'<img src="{PICTURE}" alt=" two\n cups\x07 {"x" * 900}">')
    alt = re.search(r'alt="(.*?)"', html)[1]
    assert alt.startswith("two cups xxx")
    assert len(alt) == 500


def test_a_long_ordinary_article_is_accepted():
    html = '<p>A sentence with a source.<sup data-cite="abbasi2012">1</sup></p>\n' * 2_500
    assert sanitise(html) == html.strip()


def test_lists_tables_and_quotations_may_stand_inside_one_another():
    html = "<ul><li>" * 25 + "x" + "</li></ul>" * 25
    assert sanitise(html) == html


def test_the_text_has_blocks_on_lines_and_entities_decoded():
    html = (
        "<h2>Dose &amp; time</h2><p>Take 5&nbsp;mg<br>at night.</p><ul><li>a</li><li>b</li></ul>"
        "<table><tr><td>1</td><td>2</td></tr></table>"
    )
    assert text_of(html) == "Dose & time\nTake 5 mg\nat night.\na\nb\n1\n2"


def test_the_text_leaves_citation_marks_out_but_not_exponents():
    assert text_of('<p>Sleep<sup data-cite="a b">1,2</sup> on 5 m<sup>2</sup>.</p>') == "Sleep on 5 m2."


def test_line_breaks_and_indents_beside_blocks_are_no_difference():
    kept = "<p>a</p><ul><li>b</li></ul><table><tbody><tr><td>c</td></tr></tbody></table>"
    editors = (
        "<p>a</p>\n\n<ul>\n\t<li>b</li>\n</ul>\n\n"
        "<table>\n\t<tbody>\n\t\t<tr>\n\t\t\t<td>c</td>\n\t\t</tr>\n\t</tbody>\n</table>\n"
    )
    assert differs_only_in_spacing(kept, editors)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a b</p>", "<p>ab</p>"),
        ("<p><em>a</em> <em>b</em></p>", "<p><em>a</em><em>b</em></p>"),
        ("<p>a&nbsp;</p>", "<p>a</p>"),
        ("<p>a</p>", "<h2>a</h2>"),
        ('<p>a<sup data-cite="b"></sup></p>', '<p>a<sup data-cite="c"></sup></p>'),
    ],
)
def test_what_a_reader_could_see_is_a_difference(one, other):
    assert not differs_only_in_spacing(one, other)


def test_the_text_of_raw_html_leaves_scripts_out():
    assert text_of("<p>a</p><script>b()</script><!-- c --><style>d{}</style>") == "a"


def test_words_are_what_one_reads():
    html = '<p>Magnesium – well-known, isn’t it? 2.5 mg.<sup data-cite="a">12</sup></p><h2>End</h2>'
    assert word_count(html) == 7
    assert word_count("") == 0
