"""A writer at work: pasting, citing, linking, the checks beside the text, and everything by keyboard alone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_local_copy import save, saved

FRAGMENTS = Path(__file__).parent / "fragments"
TITLE = "Ashwagandha and stress"

PASTE = """([html]) => {
    const clipboard = new DataTransfer();
    clipboard.setData("text/html", html);
    clipboard.setData("text/plain", "plain");
    const body = CKEDITOR.instances.id_body.editable().$;
    body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true, cancelable: true}));
}"""
DATA = "CKEDITOR.instances.id_body.getData()"


@pytest.fixture
def writer(person) -> Page:
    page = person("writer")
    page.on("dialog", lambda dialog: dialog.accept())
    return page


# Text that is put into the editor before it is ready would be lost.
READY = """() => new Promise((done) => {
    const editor = CKEDITOR.instances.id_body;
    if (editor.status === "ready") done();
    else editor.on("instanceReady", () => done());
})"""


def new_article(page: Page) -> None:
    page.goto("/admin/articles/article/add/")
    page.wait_for_selector("#cke_id_body iframe")
    page.evaluate(READY)
    expect(page.locator("#counts")).to_contain_text("words")  # the editor is ready when its words are counted


@pytest.mark.parametrize("program", ["word", "google_docs"])
def test_what_is_pasted_keeps_its_meaning_and_nothing_else(writer, program):
    new_article(writer)
    writer.frame_locator("#cke_id_body iframe").locator("body").click()
    writer.evaluate(PASTE, [(FRAGMENTS / f"{program}.html").read_text()])
    expect(writer.frame_locator("#cke_id_body iframe").locator("td").last).to_contain_text("30 mg")
    html = re.sub(r">\s+<", "><", writer.evaluate(DATA))
    for part in (
        "<h2>What tea holds</h2>",
        "<strong>caffeine</strong>",
        "<em>theanine</em>",
        '<a href="https://example.org/tea">the tables</a>',
        "<li>Green tea</li><li>Black tea</li>",
        "<td>Green tea</td>",
    ):
        assert part in html, html
    assert not re.search(r"<(span|div|o:p|font|meta|h1|b|i)\b|style=|class=|dir=|mso", html), html


def test_a_new_article_begins_in_its_title_under_a_visible_label(writer):
    new_article(writer)
    expect(writer.locator("#id_title")).to_be_focused()
    assert writer.locator("label[for=id_title]").bounding_box()["height"] > 10
    writer.keyboard.type("Typed without a click")
    expect(writer.locator("#id_title")).to_have_value("Typed without a click")


def note(page: Page, section: str) -> Locator:
    """Return what stands beside the heading of a folded section."""
    headed = page.locator("#article_form summary", has=page.get_by_role("heading", name=section))
    return headed.locator(".section-note")


def test_folded_sections_say_what_is_in_them(writer):
    new_article(writer)
    expect(note(writer, "Safety note and disclosure")).to_have_text("no safety note yet")
    expect(note(writer, "Attached sources")).to_have_text("none yet")
    expect(note(writer, "Reviewers")).to_have_text("nobody yet")
    writer.get_by_role("heading", name="Key messages").click()
    writer.fill("#id_key_messages", "One.\n\nTwo.")
    expect(note(writer, "Key messages")).to_have_text("2 messages")
    writer.get_by_role("heading", name="Topics, address and search").click()
    writer.get_by_label("Sleep", exact=True).check()
    expect(note(writer, "Topics, address and search")).to_have_text("Sleep")
    writer.evaluate("CKEDITOR.instances.id_safety_note.setData('<p>Not with alcohol.</p>')")
    expect(note(writer, "Safety note and disclosure")).to_have_text("safety note")
    writer.frame_locator("#cke_id_body iframe").locator("body").click()
    writer.locator("#cke_id_body .cke_button__citation").click()
    writer.locator("#cite-results input").first.check()
    writer.locator("#cite-done").click()
    expect(note(writer, "Attached sources")).to_have_text("1 source")


def test_the_cite_button_finds_sources_of_the_library_and_attaches_them(writer):
    new_article(writer)
    writer.locator("#id_title").press_sequentially("Caffeine, briefly")
    writer.fill("#id_standfirst", "What three sources say.")
    writer.frame_locator("#cke_id_body iframe").locator("body").click()
    writer.keyboard.type("Coffee keeps us awake.")
    for key in ("drake2013", "gardiner2023", "efsa2015"):
        writer.keyboard.press("Control+Shift+E")
        writer.fill("#cite-search", key)
        writer.locator(f"#cite-results input[value={key}]").check()
        writer.get_by_role("button", name="Cite", exact=True).last.click()
        expect(writer.locator("#cite")).not_to_be_visible()
        writer.keyboard.type(" And so.")
    marks = writer.frame_locator("#cke_id_body iframe").locator("sup[data-cite]")
    expect(marks).to_have_text(["1", "2", "3"])
    writer.keyboard.press("Control+s")
    saved(writer)
    expect(marks).to_have_text(["1", "2", "3"])
    writer.get_by_role("link", name="see it as readers would").click()
    expect(writer.locator("#sources > ol > li")).to_have_count(3)


def test_a_mark_whose_source_is_gone_says_so(writer):
    new_article(writer)
    writer.evaluate("CKEDITOR.instances.id_body.setData('<p>Longer.<sup data-cite=\"nobody1999\"></sup></p>')")
    mark = writer.frame_locator("#cke_id_body iframe").locator("sup[data-cite]")
    expect(mark).to_have_text("?")
    expect(mark).to_have_class(re.compile("gone"))
    expect(writer.locator("#checks")).to_contain_text("“nobody1999”")


def test_a_new_source_is_added_from_the_dialog(writer):
    new_article(writer)
    writer.frame_locator("#cke_id_body iframe").locator("body").click()
    writer.keyboard.type("Something new.")
    writer.keyboard.press("Control+Shift+E")
    writer.get_by_text("Add a new source").click()
    expect(writer.locator(".field-authors .help")).to_contain_text("One on each line")
    expect(writer.locator(".field-accessed_on .help")).to_be_visible()
    expect(writer.locator("#cite-key")).to_be_hidden()
    writer.get_by_role("button", name="Add to the library and cite").click()
    expect(writer.locator("#cite-title-error")).not_to_be_empty()
    expect(writer.locator("#cite-title")).to_be_focused()
    writer.fill("#cite-title", "A new work")
    writer.fill("#cite-authors", "Newton, Isaac")
    writer.fill("#cite-year", "1999")
    writer.get_by_text("Change the key").click()
    expect(writer.locator("#cite-key")).to_have_value("newton1999")
    writer.select_option("#cite-evidence", "cohort")
    writer.fill("#cite-doi", "10.1000/newton")
    writer.get_by_role("button", name="Add to the library and cite").click()
    expect(writer.locator("#cite")).not_to_be_visible()
    writer.keyboard.type(" And so on.")
    body = writer.frame_locator("#cke_id_body iframe").locator("body")
    expect(body).to_have_text("Something new.1 And so on.")
    writer.locator("#id_title").fill("Something new")
    writer.fill("#id_standfirst", "What one source says.")
    save(writer)
    saved(writer)
    body.click()
    writer.keyboard.press("Control+Shift+E")
    writer.fill("#cite-search", "newton1999")
    expect(writer.locator("#cite-results")).to_contain_text("here")
    expect(writer.frame_locator("#cke_id_body iframe").locator("sup[data-cite=newton1999]")).to_have_text("1")


def open_to_cite(page: Page, words: str) -> None:
    """Open the Cite dialog from a new article and search for these words."""
    new_article(page)
    page.frame_locator("#cke_id_body iframe").locator("body").click()
    page.keyboard.type("A sentence.")
    page.keyboard.press("Control+Shift+E")
    page.fill("#cite-search", words)


def test_an_identifier_that_cannot_be_looked_up_stays_and_the_reason_is_said(writer):
    open_to_cite(writer, "https://nowhere.invalid/page")
    expect(writer.locator("#cite-results")).to_contain_text("https://nowhere.invalid/page is not in the library.")
    writer.locator("#cite-search").press("Enter")
    expect(writer.locator("#cite-filled")).to_contain_text("The page could not be reached", timeout=40_000)
    expect(writer.locator("#cite-filled")).to_be_in_viewport()
    expect(writer.locator("#cite-url")).to_have_value("https://nowhere.invalid/page")
    expect(writer.locator("#cite-title")).to_be_focused()


def test_what_was_looked_up_fills_in_the_form_and_is_cited(writer):
    """The server of the tests has no network, so the browser gets the answer that Crossref's record would give."""
    fields = {"title": "A trial of tea", "authors": "Roe, Ann", "year": "2021", "doi": "10.1000/tea", "volume": "7"}
    answer = {"fields": {**fields, "work": "journal_article", "evidence": ""}}
    open_to_cite(writer, "https://doi.org/10.1000/TEA")
    writer.route("**/pick/sources/look-up/", lambda route: route.fulfill(json=answer))
    writer.get_by_role("button", name="Look it up").click()
    expect(writer.locator("#cite-filled")).to_contain_text("Filled in")
    expect(writer.locator("#cite-evidence")).to_be_focused()
    assert {name: writer.input_value(f"#cite-{name}") for name in fields} == fields
    writer.select_option("#cite-evidence", "cohort")
    writer.get_by_role("button", name="Add to the library and cite").click()
    expect(writer.frame_locator("#cke_id_body iframe").locator("sup[data-cite=roe2021]")).to_have_text("1")


def test_a_result_is_cited_by_keyboard_alone(writer):
    open_to_cite(writer, "drake2013")
    expect(writer.locator("#cite-found")).to_have_text("1 source found.")
    for key in ("ArrowDown", "Enter"):
        writer.keyboard.press(key)
    expect(writer.locator("#cite")).not_to_be_visible()
    writer.keyboard.type(" And so on.")
    expect(writer.frame_locator("#cke_id_body iframe").locator("body")).to_have_text("A sentence.1 And so on.")


def test_enter_waits_for_the_sources_of_the_words_that_were_typed(writer):
    open_to_cite(writer, "")
    writer.keyboard.type("gardiner2023")
    writer.keyboard.press("Enter")
    expect(writer.locator("#cite-chosen")).to_have_text("gardiner2023 ×")


def test_escape_closes_the_dialog_while_the_search_holds_words(writer):
    open_to_cite(writer, "drake2013")
    writer.keyboard.press("Escape")
    expect(writer.locator("#cite")).not_to_be_visible()
    writer.keyboard.type(" And so on.")
    expect(writer.frame_locator("#cke_id_body iframe").locator("body")).to_have_text("A sentence. And so on.")


def test_the_focus_stays_in_the_dialog(writer):
    open_to_cite(writer, "drake2013")
    writer.locator("#cite-results input[value=drake2013]").check()
    writer.locator("#cite-chosen button").press("Enter")  # the button itself goes
    expect(writer.locator("#cite-search")).to_be_focused()
    writer.fill("#cite-search", "")
    expect(writer.locator("#cite-results input")).not_to_have_count(1)
    writer.keyboard.press("ArrowDown")
    writer.evaluate("document.querySelector('#cite-search').value = 'gardiner2023'")
    writer.evaluate("document.querySelector('#cite-search').dispatchEvent(new Event('input'))")
    expect(writer.locator("#cite-results input")).to_have_count(1)
    assert writer.evaluate("document.querySelector('#cite').contains(document.activeElement)")


def test_a_source_that_the_library_has_already_is_chosen_and_not_made_twice(writer, asked):
    number = asked("from sources.models import Source; print(Source.objects.get(key='drake2013').doi)").strip()
    open_to_cite(writer, "")
    writer.get_by_text("Add a new source").click()
    writer.fill("#cite-title", "Typed by hand")
    writer.fill("#cite-doi", number)
    writer.get_by_role("button", name="Add to the library and cite").click()
    expect(writer.locator("#cite-found")).to_have_text("This work is in the library already, as drake2013.")
    expect(writer.locator("#cite-done")).to_be_focused()
    writer.keyboard.press("Enter")
    expect(writer.frame_locator("#cke_id_body iframe").locator("sup[data-cite=drake2013]")).to_have_text("1")


def test_a_link_to_our_own_article_is_found_by_its_title(writer):
    new_article(writer)
    writer.frame_locator("#cke_id_body iframe").locator("body").click()
    writer.locator(".cke_button__link").first.click()
    expect(writer.get_by_role("textbox", name="URL")).to_be_focused()  # the dialog has stopped moving
    writer.get_by_label("Find one of our articles").press_sequentially("magnesium")
    writer.get_by_role("button", name="Magnesium and sleep").click()
    writer.locator(".cke_dialog_ui_button_ok").click()
    assert '<a href="/articles/magnesium-and-sleep/">' in writer.evaluate(DATA)


def test_the_checks_lead_to_the_passage(writer):
    new_article(writer)
    writer.evaluate(
        "CKEDITOR.instances.id_body.setData('<h2>One</h2><p>Read <a href=\"https://e.org/\">click here</a>.</p>')"
    )
    row = writer.locator("#checks li", has_text="does not say where it leads")
    row.get_by_role("button", name="Show in the text").click()
    assert writer.evaluate("CKEDITOR.instances.id_body.getSelection().getSelectedText()") == "click here"


def test_a_warning_on_words_that_are_not_saved_yet_is_answered_beside_the_text(writer):
    writer.goto("/admin/articles/article/")
    writer.get_by_role("link", name=re.compile(TITLE)).first.click()
    writer.wait_for_selector("#cke_id_body iframe")
    writer.evaluate(READY)
    writer.get_by_label("Standfirst").fill("What is currently known of it.")
    row = writer.locator("#checks li", has_text="“currently” will not be true for long")
    row.locator("summary", has_text="Answer").click()
    row.get_by_label("Why the passage stays").fill("It says which month below.")
    row.get_by_role("button", name="Save the answer").click()
    expect(row.locator("blockquote")).to_have_text("It says which month below.")
    expect(row.locator(".level")).to_have_text("warning, answered")


def test_the_note_box_goes_around_a_paragraph_and_away_again(writer):
    new_article(writer)
    writer.evaluate("CKEDITOR.instances.id_body.setData('<p>Mind this.</p>')")
    writer.frame_locator("#cke_id_body iframe").get_by_text("Mind this.").click()
    writer.locator(".cke_button__notebox").click()
    assert re.sub(r"\s", "", writer.evaluate(DATA)) == '<asideclass="note"><p>Mindthis.</p></aside>'
    writer.locator(".cke_button__notebox").click()
    assert writer.evaluate(DATA).strip() == "<p>Mind this.</p>"


def test_the_whole_way_from_start_page_to_submitted_by_keyboard_alone(writer):
    """Only Tab, Enter and typing are used, and no pointer."""

    def tab_to(locator) -> None:
        for _ in range(140):
            writer.keyboard.press("Tab")
            if locator.evaluate("element => element === document.activeElement"):
                return
        pytest.fail(f"{locator} is not reached by Tab")

    writer.goto("/admin/")
    tab_to(writer.locator(".start-panel a", has_text=TITLE).first)
    writer.keyboard.press("Enter")
    writer.wait_for_selector("#cke_id_body iframe")
    expect(writer.locator("#id_title")).to_be_visible()
    tab_to(writer.locator("#id_standfirst"))
    writer.keyboard.press("Control+End")
    writer.keyboard.type(" By keyboard.")
    writer.keyboard.press("Control+s")
    saved(writer)
    tab_to(writer.locator("details.verb summary", has_text="Submit to the board"))
    writer.keyboard.press("Enter")
    tab_to(writer.get_by_role("button", name="Submit to the board", exact=True))
    writer.keyboard.press("Enter")
    expect(writer.locator(".stepper .here")).to_have_text("In review")
    # The locked text says what is in its folded sections too.
    expect(note(writer, "Byline")).not_to_contain_text("nobody")
    expect(note(writer, "Attached sources")).to_contain_text("source")
