"""The surface to write on: it grows with the text, and brings an outline, find and replace, tables and symbols."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_local_copy import FORM, until
from tests.browser.test_saving import is_saved, save

BODY = "#cke_id_body iframe"
DATA = "CKEDITOR.instances.id_body.getData()"
SET = "(html) => new Promise(done => CKEDITOR.instances.id_body.setData(html, { callback: () => done() }))"
SECTIONS = (
    "<p>Before.</p><h2>One</h2><p>First.</p><h3>Part</h3><p>Inner.</p>"
    '<h2>Two</h2><p>Second.<sup data-cite="drake2013"></sup></p><h2>Three</h2><p>Third.</p>'
)
CELLS = "Dose\tTrials\n250 mg\t2\n600 mg\t3\n"


def open_with(page: Page, html: str) -> Page:
    """Open an article with this text in its editor, and the cursor in it."""
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(FORM.format(1))
    expect(page.locator("#notice-copy")).to_have_count(1)  # the editors are ready, and copies were looked for
    page.evaluate(SET, html)
    page.frame_locator(BODY).locator("p").first.click()
    page.evaluate("window.isStill = true")
    return page


@pytest.fixture
def writer(person) -> Page:
    return person("writer")


def data(page: Page) -> str:
    return re.sub(r"\s*\n\s*", "", page.evaluate(DATA))


def outline(page: Page) -> list[str]:
    return page.locator("#outline .outline-go").all_text_contents()


def test_the_page_scrolls_and_not_the_editor_whose_toolbar_stays_in_sight(writer):
    open_with(writer, "<p>A line.</p>" * 80)
    frame = writer.locator(BODY)
    text = writer.frame_locator(BODY).locator("body")
    expect(frame).to_have_js_property("offsetHeight", text.evaluate("body => Math.ceil(body.offsetHeight)"))
    before = frame.bounding_box()["height"]
    text.press("Control+End")
    for _ in range(3):
        writer.keyboard.press("Enter")
        writer.keyboard.type("Another line.")
    until(writer, f"document.querySelector('{BODY}').offsetHeight > {before}")
    assert writer.evaluate(f"document.querySelector('{BODY}').contentWindow.scrollY") == 0
    assert writer.evaluate("window.scrollY") > 0
    edges = "[document.querySelector('#cke_id_body .cke_top').getBoundingClientRect().top, "
    edges += "document.querySelector('.bar').getBoundingClientRect().bottom]"
    toolbar, bar = writer.evaluate(edges)
    assert abs(toolbar - bar) < 2
    caret = text.locator("p").last.bounding_box()
    assert bar < caret["y"] < writer.viewport_size["height"]
    writer.evaluate(SET, "<p>Short.</p>")
    until(writer, f"document.querySelector('{BODY}').offsetHeight < {before}")


def test_the_right_mouse_button_belongs_to_the_browser(writer):
    open_with(writer, "<p>A word.</p>")
    menu = "p => p.dispatchEvent(new MouseEvent('contextmenu', {bubbles: true, cancelable: true}))"
    assert writer.frame_locator(BODY).locator("p").evaluate(menu), "the editor has prevented the browser's menu"


def test_the_outline_shows_the_headings_and_goes_to_them(writer):
    open_with(writer, SECTIONS)
    expect(writer.locator("#outline .outline-go")).to_have_text(["One", "Part", "Two", "Three"])
    writer.locator("#outline").get_by_role("button", name="Three", exact=True).click()
    writer.keyboard.type("!")
    expect(writer.locator("#outline .outline-go").last).to_have_text("Three!")


def test_a_section_is_moved_with_all_that_belongs_to_it(writer):
    open_with(writer, SECTIONS)
    one = writer.locator("#outline").get_by_role("button", name="One", exact=True)
    one.focus()
    writer.keyboard.press("Alt+ArrowDown")
    expect(writer.locator("#outline .outline-go")).to_have_text(["Two", "One", "Part", "Three"])
    expect(one).to_be_focused()
    expect(writer.locator("#outline [role=status]")).to_have_text("“One” is now section 2 of 4.")
    assert data(writer) == (
        '<p>Before.</p><h2>Two</h2><p>Second.<sup data-cite="drake2013"></sup></p>'
        "<h2>One</h2><p>First.</p><h3>Part</h3><p>Inner.</p><h2>Three</h2><p>Third.</p>"
    )
    writer.locator("#outline li", has_text="Three").drag_to(writer.locator("#outline li", has_text="Two"))
    expect(writer.locator("#outline .outline-go")).to_have_text(["Three", "Two", "One", "Part"])
    writer.get_by_role("button", name="Move “Part” up").focus()
    writer.keyboard.press("Enter")
    expect(writer.locator("#outline [role=status]")).to_have_text("“Part” is the first section here.")
    writer.frame_locator(BODY).locator("p").first.click()
    for _ in range(2):
        writer.keyboard.press("Control+z")
    assert data(writer) == SECTIONS
    assert writer.errors == []


def find(page: Page, words: str, **checked: bool) -> None:
    page.keyboard.press("Control+f")
    expect(page.locator("#find-bar [name=find]")).to_be_focused()
    for name, on in checked.items():
        page.locator(f"#find-bar [name={name}]").set_checked(on)
    page.fill("#find-bar [name=find]", words)


COUNT = "#find-bar output"


def test_words_are_found_by_case_and_as_whole_words_but_not_across_paragraphs(writer):
    open_with(writer, "<p>Tea and te<em>a</em>. Teapot.</p><p>tea</p><p>té</p>")
    find(writer, "tea")
    expect(writer.locator(COUNT)).to_have_text("4 matches")
    find(writer, "tea", whole=True)
    expect(writer.locator(COUNT)).to_have_text("3 matches")
    find(writer, "Tea", case=True)
    expect(writer.locator(COUNT)).to_have_text("1 match")
    find(writer, "teaté", whole=False, case=False)
    expect(writer.locator(COUNT)).to_have_text("Not found")
    find(writer, "t.a")
    expect(writer.locator(COUNT)).to_have_text("Not found")


def test_enter_goes_from_match_to_match_and_escape_back_into_the_text(writer):
    open_with(writer, "<p>Tea.</p>" + "<p>Nothing.</p>" * 60 + "<p>More tea here.</p>")
    find(writer, "tea")
    writer.keyboard.press("Enter")
    expect(writer.locator(COUNT)).to_have_text("1 of 2")
    writer.keyboard.press("Enter")
    expect(writer.locator(COUNT)).to_have_text("2 of 2")
    assert writer.evaluate("window.scrollY") > 500
    writer.keyboard.press("Shift+Enter")
    writer.keyboard.press("Shift+Enter")
    expect(writer.locator(COUNT)).to_have_text("2 of 2")
    writer.fill("#find-bar [name=find]", "nothing")
    writer.keyboard.press("Shift+Enter")  # as the first step
    expect(writer.locator(COUNT)).to_have_text("60 of 60")
    writer.fill("#find-bar [name=find]", "tea")
    writer.keyboard.press("Shift+Enter")
    writer.keyboard.press("Escape")
    expect(writer.locator("#find-bar")).to_be_hidden()
    writer.keyboard.type("coffee")
    assert "<p>More coffee here.</p>" in data(writer)


def test_replacing_keeps_formatting_and_citations_and_is_one_step_to_undo(writer):
    text = '<p>Old <strong>tea</strong>, old te<sup data-cite="drake2013"></sup>a.</p><p>Tea</p>'
    open_with(writer, text)
    find(writer, "tea")
    writer.fill("#find-bar [name=replacement]", "coffee")
    writer.locator("#find-bar [name=replacement]").press("Enter")  # shows the first match
    writer.locator("#find-bar [name=replacement]").press("Enter")
    expect(writer.locator(COUNT)).to_have_text("1 of 2")
    assert "<strong>coffee</strong>" in data(writer)
    writer.get_by_role("button", name="Replace all").click()
    expect(writer.locator(COUNT)).to_have_text("2 replaced")
    assert data(writer) == (
        '<p>Old <strong>coffee</strong>, old coffee<sup data-cite="drake2013"></sup>.</p><p>coffee</p>'
    )
    writer.get_by_role("button", name="Close", exact=True).first.click()
    writer.frame_locator(BODY).locator("p").first.click()
    writer.keyboard.press("Control+z")
    assert data(writer) == text.replace("<strong>tea", "<strong>coffee")
    save(writer)
    is_saved(writer)
    assert writer.errors == []


def test_a_special_character_is_inserted_by_the_keyboard_alone(writer):
    open_with(writer, "<p>5 g</p>")
    writer.keyboard.press("Home")
    writer.keyboard.press("ArrowRight")
    writer.keyboard.press("ArrowRight")
    writer.locator("#cke_id_body .cke_button__symbols").press("Enter")
    expect(writer.locator("#symbols")).to_be_visible()
    expect(writer.locator("#symbol-name")).to_have_text("micro")
    writer.keyboard.press("Enter")
    expect(writer.locator("#symbols")).to_be_hidden()
    writer.keyboard.type("x")
    assert data(writer) == "<p>5 µxg</p>"


def test_a_table_has_a_row_of_headings_and_a_caption(writer):
    open_with(writer, "<p>Here:</p>")
    writer.keyboard.press("End")
    writer.locator("#cke_id_body .cke_button__housetable").click()
    writer.get_by_label("Caption", exact=True).last.fill("Doses and trials")
    writer.fill("#table-dialog [name=cells]", CELLS)
    expect(writer.locator("#table-dialog [name=rows]")).to_have_value("3")
    writer.get_by_role("button", name="Insert table").click()
    table = (
        "<table><caption>Doses and trials</caption><thead><tr>"
        '<th scope="col">Dose</th><th scope="col">Trials</th></tr></thead><tbody>'
        "<tr><td>250 mg</td><td>2</td></tr><tr><td>600 mg</td><td>3</td></tr></tbody></table>"
    )
    assert table in data(writer)

    writer.frame_locator(BODY).get_by_text("600 mg").click()
    writer.locator("#cke_id_body .cke_button__housetable").click()
    writer.get_by_role("button", name="Row below").click()
    writer.locator("#cke_id_body .cke_button__housetable").click()
    writer.get_by_label("The first column has the headings of the rows").check()
    writer.get_by_label("Caption", exact=True).last.fill("")
    writer.get_by_role("button", name="Change table").click()
    html = data(writer)
    assert html.count("<tr>") == 4
    assert "<caption>" not in html
    assert '<th scope="row">250 mg</th>' in html
    save(writer)
    is_saved(writer)
    assert writer.errors == []


def test_cells_of_a_spreadsheet_keep_quoted_line_breaks_and_short_rows(writer):
    open_with(writer, "<p>Here:</p>")
    writer.keyboard.press("End")
    writer.locator("#cke_id_body .cke_button__housetable").click()
    writer.fill("#table-dialog [name=cells]", 'A\tB\tC\n"two\nlines"\t"say ""no"""\n5" tube\t\tend\n')
    writer.get_by_role("button", name="Insert table").click()
    html = data(writer)
    assert "<td>two lines</td><td>say &quot;no&quot;</td>" in html or '<td>two lines</td><td>say "no"</td>' in html
    assert re.search(r"<td>5(&quot;|\") tube</td><td>(&nbsp;)?</td><td>end</td>", html), html


def test_the_editor_keeps_every_element_that_a_text_may_have(writer):
    text = (
        "<h2>A</h2><h3>B</h3><h4>C</h4><p>D <strong>e</strong> <em>f</em> <sub>2</sub><sup>3</sup>"
        ' <a href="https://example.org/">g</a></p><ul><li>h</li></ul><ol><li>i</li></ol>'
        '<blockquote><p>j</p></blockquote><aside class="note"><p>k</p></aside><table><caption>l</caption><thead><tr>'
        '<th colspan="2" scope="col">m</th></tr></thead><tbody><tr><th rowspan="2" scope="row">n</th><td>o</td></tr>'
        "<tr><td>p</td></tr></tbody><tfoot><tr><td>q</td><td>r</td></tr></tfoot></table><p>s</p>"
    )
    assert data(open_with(writer, text)) == text


def test_full_screen_shows_the_text_alone_and_leaves_the_cursor_where_it_is(writer):
    open_with(writer, "<p>A line.</p>" * 60)
    writer.frame_locator(BODY).locator("body").press("Control+End")
    writer.keyboard.press("Control+Shift+f")
    expect(writer.locator("#header")).to_be_hidden()
    expect(writer.locator(".desk-side")).to_be_hidden()
    expect(writer.get_by_role("button", name="Save", exact=True)).to_be_visible()
    writer.keyboard.type("At the end.")
    writer.keyboard.press("Control+Shift+f")
    expect(writer.locator("#header")).to_be_attached()
    expect(writer.locator(".desk-side")).to_be_visible()
    assert data(writer).endswith("A line.At the end.</p>")


def test_full_screen_keeps_what_is_read_at_its_place_on_the_screen(writer):
    open_with(writer, "".join(f"<p>Line {number}. {'Some words. ' * 25}</p>" for number in range(60)))
    line = writer.frame_locator(BODY).locator("p").nth(30)
    line.click()
    before = line.bounding_box()["y"]
    for _ in range(2):
        writer.keyboard.press("Control+Shift+f")
        writer.wait_for_timeout(2_500)  # the browser shows its full screen meanwhile
        assert abs(line.bounding_box()["y"] - before) < 40
    writer.mouse.wheel(0, 1_500)  # the caret is out of sight now
    until(writer, "document.activeElement.contentDocument && window.scrollY > 3000")
    writer.wait_for_timeout(500)
    toolbar = writer.locator("#cke_id_body .cke_top").bounding_box()
    lines = writer.frame_locator(BODY).locator("p")
    tops = [box["y"] + box["height"] for box in (lines.nth(number).bounding_box() for number in range(60))]
    first = lines.nth(next(place for place, end in enumerate(tops) if end > toolbar["y"] + toolbar["height"] + 8))
    before = first.bounding_box()["y"]
    writer.keyboard.press("Control+Shift+f")
    writer.wait_for_timeout(2_500)
    assert abs(first.bounding_box()["y"] - before) < 40


def test_find_opens_from_the_title_and_says_where_it_looks(writer):
    open_with(writer, "<p>Tea.</p>")
    writer.locator("#id_title").click()
    find(writer, "tea")
    expect(writer.locator("#find-bar [name=find]")).to_have_attribute("placeholder", "Find in the body")
    expect(writer.locator(COUNT)).to_have_text("1 match")
    writer.fill("#find-bar [name=find]", "no such words")
    writer.keyboard.press("Escape")
    expect(writer.locator("#id_title")).to_be_focused()


def test_the_count_of_words_knows_how_many_there_should_be(writer):
    open_with(writer, "<p>One two three.</p>")
    expect(writer.locator("#counts")).to_have_text("3 words")
    writer.locator("#counts button").click()
    expect(writer.locator("#word-goal")).to_be_focused()
    writer.keyboard.type("1200")
    expect(writer.locator("#counts")).to_have_text("3 of 1,200 words")
    save(writer)
    is_saved(writer)
    writer.reload()
    expect(writer.locator("#id_word_goal")).to_have_value("1200")


def test_two_people_see_where_the_other_one_writes(writer, person):
    editor = open_with(person("editor"), "<h2>One</h2><p>First.</p><h2>Two</h2><p>Second.</p>")
    editor.frame_locator(BODY).get_by_text("Second.").click()
    editor.keyboard.type("Now. ")
    with editor.expect_response("**/presence/"):
        editor.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    writer.goto(FORM.format(1))
    expect(writer.locator(".notice-presence")).to_have_text("Eleanor Marsh is writing in Body, “Two”.")


def test_a_phone_shows_the_form_and_its_dialogs_without_scrolling_sideways(person):
    page = open_with(person("writer", viewport={"width": 390, "height": 800}), SECTIONS)
    wide = "document.documentElement.scrollWidth > window.innerWidth + 1"
    assert not page.evaluate(wide)
    find(page, "first")
    assert not page.evaluate(wide)
    page.keyboard.press("Escape")
    for button, dialog in (("symbols", "#symbols"), ("housetable", "#table-dialog")):
        page.locator(f"#cke_id_body .cke_button__{button}").click()
        box = page.locator(dialog).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390, (dialog, box)
        page.keyboard.press("Escape")
    page.locator("#cke_id_body .cke_button__link").click()
    box = page.locator(".cke_dialog_body").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 391, box
    assert (
        page.locator(".cke_dialog select:visible").first.evaluate("field => getComputedStyle(field).fontSize") == "16px"
    )
    fades = "getComputedStyle(document.querySelector('#cke_id_body .cke_toolbox')).maskImage !== 'none'"
    assert page.evaluate(fades), "the toolbar does not show that it goes on"


def contrast(ink: str, ground: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""

    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((light(ink), light(ground)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


COLOURS = "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"


def test_the_dark_drop_down_and_link_dialog_are_legible_and_offer_what_is_kept(person):
    page = open_with(person("writer", color_scheme="dark"), "<p>Words.</p>")
    page.locator("#cke_id_body .cke_combo_button").first.click()
    chosen = page.frame_locator("iframe.cke_panel_frame").locator(".cke_selected a")
    assert contrast(*chosen.evaluate(COLOURS)) > 4.5
    page.keyboard.press("Escape")
    page.locator("#cke_id_body .cke_button__link").click()
    expect(page.get_by_role("textbox", name="URL")).to_be_focused()
    star = page.locator(".cke_dialog_ui_labeled_required:visible").first
    ground = page.locator(".cke_dialog_body").evaluate(COLOURS)[1]
    assert contrast(star.evaluate(COLOURS)[0], ground) > 4.5
    close = page.locator(".cke_dialog_close_button")
    assert "invert" in close.evaluate("one => getComputedStyle(one).filter")
    options = " ".join(page.locator(".cke_dialog option").all_text_contents())
    assert "https" in options
    assert not re.search("ftp|news|Phone|Anchor", options), options
