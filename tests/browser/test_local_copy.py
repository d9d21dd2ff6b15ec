"""Typed words survive a crash, an expired session and a colleague who saved first."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NOTHING_ON_THE_SERVER, sign_in_on

FORM = "/admin/articles/article/{}/change/"
SAVED = re.compile(r"^Saved \d\d:\d\d")
COPIES = "Object.keys(localStorage).filter(key => key.startsWith('article-copy:'))"


@pytest.fixture
def writer(person):
    """Return the writer's window, in which leaving with unsaved words is allowed."""
    page = person("writer")
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def write(page, article=1):
    page.goto(FORM.format(article))
    page.wait_for_selector("#cke_id_body iframe")


def save(page):
    page.get_by_role("button", name="Save", exact=True).first.click()


def saved(page):
    """Wait until the page says that the article is saved."""
    expect(page.locator("#save-status")).to_have_text(SAVED)


def until(page, condition):
    """Wait until a condition holds. The admin's policy forbids the code that Playwright's own waiting evaluates."""
    late = f"setTimeout(() => reject(new Error({json.dumps(condition)})), 20_000);"
    look = f"const look = () => ({condition} ? resolve() : requestAnimationFrame(look)); look();"
    page.evaluate(f"() => new Promise((resolve, reject) => {{ {late} {look} }})")


def kept(page, count=1):
    until(page, f"{COPIES}.length === {count}")


def type_in_the_body(page, words):
    page.frame_locator("#cke_id_body iframe").locator("body > p").first.click()
    page.keyboard.press("Home")
    page.keyboard.type(words)


def saved_first(person, title):
    """Let the editor save while the writer has the form open."""
    editor = person("editor")
    write(editor)
    editor.fill("#id_title", title)
    save(editor)
    saved(editor)


def sign_in_again(page, name="writer"):
    sign_in_on(page, name)
    page.wait_for_url("**/admin/")


def test_what_was_typed_is_offered_back_after_a_crash(writer):
    write(writer)
    title = writer.input_value("#id_title")
    writer.fill("#id_title", "Lost and found")
    type_in_the_body(writer, "Never saved. ")
    kept(writer)
    until(writer, f"{COPIES}.some(key => localStorage[key].includes('Never saved'))")
    write(writer)
    bar = writer.locator(".notice-copy")
    expect(bar).to_contain_text("You have unsaved words from")
    expect(bar).to_contain_text("Title, Body")
    assert writer.input_value("#id_title") == title

    bar.get_by_role("button", name="Show them").click()
    expect(bar.locator(".cmp-new").first).to_contain_text("Lost and found")
    expect(bar.locator("ins", has_text="Never saved.")).to_have_count(1)
    bar.get_by_role("button", name="Put them back").click()
    expect(bar).to_contain_text("Your words are back")
    assert writer.input_value("#id_title") == "Lost and found"
    expect(writer.frame_locator("#cke_id_body iframe").locator("body")).to_contain_text("Never saved.")
    save(writer)
    saved(writer)
    writer.wait_for_selector("#cke_id_body iframe")
    kept(writer, 0)
    assert writer.input_value("#id_title") == "Lost and found"
    assert writer.errors == []


def test_what_is_discarded_can_be_called_back_once_more(writer):
    write(writer)
    writer.fill("#id_standfirst", "Discarded")
    kept(writer)
    write(writer)
    bar = writer.locator(".notice-copy")
    bar.get_by_role("button", name="Discard").click()
    kept(writer, 0)
    bar.get_by_role("button", name="Undo").click()
    expect(bar).to_contain_text("You have unsaved words from")
    bar.get_by_role("button", name="Discard").click()
    write(writer)
    expect(bar).not_to_contain_text("unsaved")
    kept(writer, 0)


def test_words_that_the_browser_brings_back_with_its_back_button_are_still_unsaved(writer):
    warnings = []
    writer.on("dialog", lambda dialog: warnings.append(dialog.type))
    write(writer)
    title = writer.input_value("#id_title")
    writer.fill("#id_title", "Back and forth")
    kept(writer)
    for _ in range(2):
        writer.goto("/admin/")
        writer.go_back()
        writer.wait_for_selector("#cke_id_body iframe")
        expect(writer.locator("#id_title")).to_have_value("Back and forth")
        kept(writer)
        typed = "Object.keys(JSON.parse(localStorage[key]).fields).filter(name => !name.startsWith('seen:'))"
        assert writer.evaluate(f"{COPIES}.map(key => {typed})") == [["title"]]
        warnings.clear()
    writer.goto("/admin/")
    assert warnings == ["beforeunload"]

    write(writer)
    expect(writer.locator(".notice-copy")).to_contain_text("You have unsaved words from")
    expect(writer.locator(".notice-copy")).to_contain_text("Title")
    assert writer.input_value("#id_title") == title


def test_words_in_the_editor_are_offered_after_the_back_button_too(writer):
    write(writer)
    type_in_the_body(writer, "Typed before leaving. ")
    until(writer, f"{COPIES}.some(key => localStorage[key].includes('Typed before leaving'))")
    writer.goto("/admin/")
    writer.go_back()
    writer.wait_for_selector("#cke_id_body iframe")
    writer.locator(".notice-copy").get_by_role("button", name="Put them back").click()
    expect(writer.frame_locator("#cke_id_body iframe").locator("body")).to_contain_text("Typed before leaving.")
    kept(writer)


def test_words_that_were_taken_back_leave_no_copy(writer):
    write(writer)
    before = writer.input_value("#id_standfirst")
    writer.fill("#id_standfirst", "Typed")
    kept(writer)
    writer.fill("#id_standfirst", before)
    kept(writer, 0)


def test_a_new_article_is_kept_too_until_it_is_saved(writer):
    writer.goto("/admin/articles/article/add/")
    writer.wait_for_selector("#cke_id_body iframe")
    writer.fill("#id_title", "Of quokkas")
    kept(writer)
    writer.goto("/admin/articles/article/add/")
    writer.get_by_role("link", name="Go on with it").click()
    expect(writer.locator("#id_title")).to_have_value("Of quokkas")
    save(writer)
    saved(writer)

    writer.goto("/admin/articles/article/add/")
    writer.wait_for_selector("#cke_id_body iframe")
    kept(writer, 0)


def test_a_copy_is_for_its_own_person_and_thirty_days(writer, asked):
    asked(NOTHING_ON_THE_SERVER)
    write(writer)
    user = writer.get_attribute("#desk-facts", "data-user")
    for key, age in (
        ("article-copy:99:1:others", 0),
        (f"article-copy:{user}:1:old", 31),
        ("article-copy:99:2:old", 31),
    ):
        writer.evaluate(
            "([key, age]) => localStorage.setItem(key, JSON.stringify("
            "{ at: Date.now() - age * 86400000, base: 1, fields: { title: 'Not mine' } }))",
            [key, age],
        )
    write(writer)
    until(writer, f"!{COPIES}.some(key => key.endsWith(':old'))")

    expect(writer.locator(".notice-copy")).to_be_hidden()
    assert writer.evaluate(COPIES) == ["article-copy:99:1:others"]


def test_a_browser_that_has_no_room_lets_one_write_and_save(writer):
    writer.add_init_script(
        "const put = Storage.prototype.setItem; Storage.prototype.setItem = function (key, value) {"
        "if (key.startsWith('article-')) throw new DOMException('full', 'QuotaExceededError');"
        "put.call(this, key, value); }"
    )
    write(writer)
    type_in_the_body(writer, "No room. ")
    save(writer)
    saved(writer)
    assert writer.errors == []


def test_words_put_back_onto_a_newer_version_are_shown_beside_it_before_they_replace_it(writer, person):
    write(writer)
    writer.fill("#id_title", "The writer's unsaved title")
    kept(writer)
    saved_first(person, "The editor's newer title")
    write(writer)
    bar = writer.locator(".notice-copy")
    expect(bar).to_contain_text("Eleanor Marsh has saved another version since")
    bar.get_by_role("button", name="Put them back").click()
    save(writer)
    expect(writer.locator(".conflict")).to_contain_text("The editor's newer title")
    assert writer.input_value("#id_title") == "The writer's unsaved title"


def test_saving_with_an_expired_sign_in_waits_for_another_and_then_goes_through(writer):
    write(writer)
    writer.fill("#id_title", "Typed before lunch")
    writer.context.clear_cookies()
    save(writer)
    alert = writer.locator(".notice-session")
    expect(alert).to_contain_text("You have been signed out. Nothing is lost")
    assert writer.input_value("#id_title") == "Typed before lunch"
    with writer.expect_popup() as opened:
        alert.get_by_role("link", name="Sign in again in another tab").click()
    sign_in_again(opened.value)
    opened.value.close()
    writer.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(alert).to_contain_text("You are signed in again. Save now.")
    expect(alert).to_have_class(re.compile("is-mended"))

    save(writer)
    saved(writer)
    assert writer.input_value("#id_title") == "Typed before lunch"


def test_a_save_does_not_go_through_under_somebody_elses_name(writer):
    write(writer)
    writer.fill("#id_title", "The writer's words")
    writer.context.clear_cookies()
    other = writer.context.new_page()
    other.goto("/admin/login/")
    sign_in_again(other, "editor")
    save(writer)

    expect(writer.locator(".notice-session")).to_contain_text("Eleanor Marsh is signed in in this browser now")
    assert writer.input_value("#id_title") == "The writer's words"


def test_a_site_that_cannot_be_reached_takes_no_words_away(writer):
    write(writer)
    writer.fill("#id_title", "Typed on a train")
    writer.context.set_offline(True)
    save(writer)
    expect(writer.locator(".notice-session")).to_contain_text("cannot be reached")
    assert writer.input_value("#id_title") == "Typed on a train"
    writer.context.set_offline(False)
    save(writer)
    saved(writer)


def test_the_form_says_who_else_has_it_open_and_who_saved_first(writer, person):
    write(writer)
    saved_first(person, "Saved by the editor")
    writer.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(writer.locator(".notice-presence")).to_have_text("Eleanor Marsh has this article open too.")
    expect(writer.locator(".notice-newer")).to_contain_text("Eleanor Marsh has saved a newer version on")
    assert writer.get_attribute(".notice-presence", "role") == "status"


def test_a_hidden_tab_is_not_present(writer):
    beats = []
    writer.on("request", lambda request: beats.append(request.url) if request.url.endswith("/presence/") else None)
    writer.clock.install()
    write(writer)
    expect(writer.locator("#notice-presence")).to_have_count(1)
    with writer.expect_response("**/presence/"):
        writer.clock.run_for(20_000)
    count = len(beats)
    writer.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden' })")
    writer.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    writer.clock.run_for(120_000)

    assert len(beats) == count >= 2
