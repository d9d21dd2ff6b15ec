"""What is typed beside a citation always goes into the text, wherever the citation is."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_local_copy import until
from tests.browser.test_surface import BODY, data, open_with

MARK = '<sup data-cite="drake2013"></sup>'


@pytest.fixture
def writer(person) -> Page:
    return person("writer")


def press(page: Page, html: str, start: str, keys: list[str]) -> str:
    """Show this text, click at the beginning of an element, press keys ("=" begins what is typed); return the text."""
    page.evaluate("html => new Promise(done => CKEDITOR.instances.id_body.setData(html, { callback: done }))", html)
    page.frame_locator(BODY).locator(start).first.click(position={"x": 6, "y": 12})
    for key in keys:
        if key.startswith("="):
            page.keyboard.type(key[1:])
        else:
            page.keyboard.press(key)
    return data(page).replace(MARK, "#")


def test_words_typed_beside_a_citation_at_the_edge_of_a_block_are_never_lost(writer):
    open_with(writer, "<p>Text.</p>")
    for html, start, keys, expected in (
        (f"<p>A.{MARK}</p><p>B.</p>", "p", ["End", "=xyz"], "<p>A.#xyz</p><p>B.</p>"),
        (f"<p>A.{MARK}</p><p>B.</p>", "p", ["End", "Enter", "=xyz"], "<p>A.#</p><p>xyz</p><p>B.</p>"),
        (f"<p>A.{MARK}{MARK}</p><p>B.</p>", "p", ["End", "=xyz"], "<p>A.##xyz</p><p>B.</p>"),
        (f"<p>A.{MARK}</p>", "p", ["Control+End", "=xyz"], "<p>A.#xyz</p>"),
        (f"<p>{MARK}A.</p><p>B.</p>", "p", ["End", "Home", "=xyz"], "<p>xyz#A.</p><p>B.</p>"),
        (f"<p>{MARK}A.</p><p>B.</p>", "p", ["End", "Control+Home", "=xyz"], "<p>xyz#A.</p><p>B.</p>"),
        (
            f"<ul><li>A{MARK}</li><li>B</li></ul>",
            "li",
            ["End", "Enter", "=x"],
            "<ul><li>A#</li><li>x</li><li>B</li></ul>",
        ),
        (f"<h2>A{MARK}</h2><p>B</p>", "h2", ["End", "=x", "Enter", "=y"], "<h2>A#x</h2><p>y</p><p>B</p>"),
        (
            f"<table><tbody><tr><td>A{MARK}</td><td>B</td></tr></tbody></table>",
            "td",
            ["End", "=x"],
            "<table><tbody><tr><td>A#x</td><td>B</td></tr></tbody></table>",
        ),
        (
            f'<aside class="note"><p>A{MARK}</p></aside><p>B</p>',
            "aside p",
            ["End", "=x"],
            '<aside class="note"><p>A#x</p></aside><p>B</p>',
        ),
        (f"<p>a <strong>A{MARK}</strong></p><p>B</p>", "p", ["End", "=x"], "<p>a <strong>A#x</strong></p><p>B</p>"),
    ):
        assert press(writer, html, start, keys) == expected, (html, keys)


def test_the_arrows_and_deleting_pass_over_citations_and_typing_goes_on(writer):
    open_with(writer, "<p>Text.</p>")
    for html, keys, expected in (
        (f"<p>ab{MARK}{MARK}cd</p>", ["Home", *["ArrowRight"] * 6, "=x"], "<p>ab##xcd</p>"),
        (f"<p>ab{MARK}</p><p>cd</p>", ["End", "ArrowLeft", "=x"], "<p>abx#</p><p>cd</p>"),
        (f"<p>abc</p><p>{MARK}d</p>", ["End", "ArrowRight", "=x"], "<p>abc</p><p>x#d</p>"),
        (f"<p>ab{MARK}</p><p>cd</p>", ["ArrowDown", "Home", "ArrowLeft", "=x"], "<p>ab#x</p><p>cd</p>"),
        (f"<p>A.{MARK}</p><p>B.</p>", ["End", "Backspace", "Backspace", "=x"], "<p>A.x</p><p>B.</p>"),
        (f"<p>{MARK}A.</p><p>B.</p>", ["End", "Home", "Delete", "Delete", "=x"], "<p>xA.</p><p>B.</p>"),
        (f"<p>A.{MARK}</p><p>B.</p>", ["End", "Delete", "=x"], "<p>A.#xB.</p>"),
    ):
        assert press(writer, html, "p", keys) == expected, (html, keys)


def test_a_citation_is_still_selected_by_a_click_and_what_was_typed_is_undone(writer):
    open_with(writer, "<p>Text.</p>")
    assert press(writer, f"<p>A.{MARK}</p><p>B.</p>", "p", ["End", "=xyz", "Control+z"]) == "<p>A.#</p><p>B.</p>"
    press(writer, f"<p>A.{MARK} b</p>", "sup", [])
    assert writer.evaluate("CKEDITOR.instances.id_body.widgets.focused.name") == "citation"
    writer.keyboard.type("x")
    assert data(writer) == f"<p>A.{MARK}x b</p>"
    press(writer, f"<p>A.{MARK} b</p>", "sup", ["Delete"])
    assert data(writer) == "<p>A. b</p>"
    writer.frame_locator(BODY).locator("p").click()
    writer.keyboard.press("Control+z")
    writer.frame_locator(BODY).locator("sup").dblclick()
    expect(writer.locator("#cite")).to_be_visible()
    assert writer.errors == []


def test_the_line_beside_a_table_makes_a_paragraph_but_is_never_part_of_the_text(writer):
    open_with(writer, "<p>Text.</p>")
    table = "<table><tbody><tr><td>A</td><td>B</td></tr></tbody></table>"
    press(writer, table, "td", [])
    text = writer.frame_locator(BODY)
    until(writer, "CKEDITOR.instances.id_body.focusManager.hasFocus")
    for x in range(20, 60):  # the line appears 30 ms after the mouse has moved
        text.locator("td").first.hover(position={"x": x, "y": 2})
        writer.wait_for_timeout(50)
        if text.locator("[data-cke-magic-line]").count():
            break
    expect(text.locator("html > span [data-cke-magic-line]")).to_have_count(1)
    assert "<span" not in text.locator("body").inner_html()
    text.get_by_title("Insert paragraph here").click()
    writer.keyboard.type("Before.")
    assert data(writer).replace("&nbsp;", "") == f"<p>Before.</p>{table}"
    assert writer.errors == []
