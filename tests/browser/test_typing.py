"""Note boxes that one can see and leave, formatting from the keyboard, and links by pasting an address."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_caret import press
from tests.browser.test_surface import BODY, CELLS, data, open_with

NOTE = '<aside class="note"><p>Mind this.</p></aside>'
PASTE = """text => {
    const clipboard = new DataTransfer();
    clipboard.setData("text/plain", text);
    const body = CKEDITOR.instances.id_body.editable().$;
    body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true, cancelable: true}));
}"""
LOOK = """table => [table, table.querySelector("th"), table.querySelector("td")].map((element) => {
    const { borderTop, borderBottom, padding, fontWeight, marginTop } = getComputedStyle(element);
    return [borderTop, borderBottom, padding, fontWeight, marginTop].join(" | ");
})"""


@pytest.fixture
def writer(person) -> Page:
    return open_with(person("writer"), "<p>Text.</p>")


def test_a_note_box_is_seen_in_the_editor_and_left_by_the_keyboard_and_a_click(writer):
    for html, start, keys, expected in (
        (f"<p>A.</p>{NOTE}<p>B.</p>", "aside p", ["End", "Enter", "Enter", "=x"], f"<p>A.</p>{NOTE}<p>x</p><p>B.</p>"),
        (f"<p>A.</p>{NOTE}", "aside p", ["End", "ArrowDown", "=x"], f"<p>A.</p>{NOTE}<p>x</p>"),
        (f"<p>A.</p>{NOTE}<p>B</p>", "aside p", ["End", "ArrowDown", "=x"], f"<p>A.</p>{NOTE}<p>Bx</p>"),
        (f"<p>A.</p>{NOTE}", "p", ["Control+End", "=x"], f"<p>A.</p>{NOTE}<p>x</p>"),
        ("<p>A.</p><p>B.</p>", "p", ["Control+End", "=x"], "<p>A.</p><p>B.x</p>"),
    ):
        assert press(writer, html, start, keys) == expected, (html, keys)
    press(writer, f"<p>A.</p>{NOTE}", "p", [])
    box = writer.frame_locator(BODY).locator("aside")
    assert box.evaluate("box => getComputedStyle(box).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert box.evaluate("box => parseFloat(getComputedStyle(box).paddingLeft)") > 15
    body = writer.frame_locator(BODY).locator("body")
    body.click(position={"x": 300, "y": body.bounding_box()["height"] - 20})
    writer.keyboard.type("x")
    assert data(writer) == f"<p>A.</p>{NOTE}<p>x</p>"


def test_the_note_box_button_takes_the_box_away_and_keeps_its_paragraphs(writer):
    press(writer, '<aside class="note"><p>One.</p><p>Two.</p></aside><p>B.</p>', "aside p", [])
    writer.locator("#cke_id_body .cke_button__notebox").click()
    assert data(writer) == "<p>One.</p><p>Two.</p><p>B.</p>"


def test_headings_and_lists_are_made_from_the_keyboard_and_undone_in_one_step(writer):
    for key, name in (("2", "h2"), ("3", "h3"), ("4", "h4")):
        assert press(writer, "<p>A.</p><p>B.</p>", "p", [f"Control+Alt+{key}"]) == f"<{name}>A.</{name}><p>B.</p>"
    assert press(writer, "<h2>A.</h2><p>B.</p>", "h2", ["Control+Alt+0"]) == "<p>A.</p><p>B.</p>"
    for typed, made in (
        ("## ", "<h2>New</h2>"),
        ("### ", "<h3>New</h3>"),
        ("- ", "<ul><li>New</li></ul>"),
        ("* ", "<ul><li>New</li></ul>"),
        ("1. ", "<ol><li>New</li></ol>"),
    ):
        assert press(writer, "<p>B.</p>", "p", ["End", "Enter", f"={typed}", "=New"]) == f"<p>B.</p>{made}"
        text = press(writer, "<p>B.</p>", "p", ["End", "Enter", f"={typed}", "Control+z"])
        assert text.replace("&nbsp;", " ") == f"<p>B.</p><p>{typed}</p>"
    assert press(writer, "<p>B.</p>", "p", ["End", "= - c ## d"]) == "<p>B. - c ## d</p>"


def test_an_address_pasted_over_words_becomes_their_link(writer):
    press(writer, "<p>See this study.</p>", "p", ["Home", *["Control+Shift+ArrowRight"] * 2])
    writer.evaluate(PASTE, "https://example.org/a?id=7&utm_source=x")
    assert "See this" in data(writer) and 'href="https://example.org/a?id=7"' in data(writer)
    writer.keyboard.press("Control+z")
    assert data(writer) == "<p>See this study.</p>"
    press(writer, "<p>See this study.</p>", "p", ["Home", "Control+Shift+ArrowRight"])
    writer.evaluate(PASTE, "no address")
    assert "href" not in data(writer)


def test_the_buttons_name_their_keys_once_and_rightly(writer):
    titles = writer.locator("#cke_id_body .cke_button").evaluate_all("buttons => buttons.map(button => button.title)")
    assert "Link (Ctrl+L)" in titles
    assert "Cite (Ctrl+Shift+E)" in titles
    assert [title for title in titles if title.count("(Ctrl") > 1] == []


def test_a_table_looks_the_same_when_it_is_new_and_when_it_comes_back(writer):
    press(writer, "<p>A.</p>", "p", ["End"])
    writer.locator("#cke_id_body .cke_button__housetable").click()
    writer.fill("#table-dialog [name=cells]", CELLS)
    writer.get_by_role("button", name="Insert table").click()
    table = writer.frame_locator(BODY).locator("table")
    expect(table).to_have_count(1)
    new = table.evaluate(LOOK)
    press(writer, data(writer), "p", [])
    assert table.evaluate(LOOK) == new
    assert " | 600 | " in new[1], "a cell of the head is bold"
    assert "dotted" not in "".join(new)
