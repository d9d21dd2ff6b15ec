"""What is typed is kept on the server a moment after each pause, and offered on any device until it is saved."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_local_copy import COPIES, FORM, save, saved, type_in_the_body, until, write

BODY = "#cke_id_body iframe"
KEPT = re.compile(r"^Not saved yet\. Draft kept \d\d:\d\d$")
ROWS = """
from articles.models import Autosave, Revision
print([(row.user.email, row.article_id) for row in Autosave.objects.order_by("pk")], Revision.objects.count())
"""


def is_kept(page: Page) -> None:
    expect(page.locator("#save-status")).to_have_text(KEPT)


def test_what_is_typed_on_one_device_is_offered_on_another_and_gone_once_it_is_saved(device, asked):
    laptop = device()
    write(laptop)
    before = asked(ROWS)
    laptop.fill("#id_title", "Begun on the laptop")
    type_in_the_body(laptop, "Typed on the laptop. ")
    is_kept(laptop)
    until(laptop, f"{COPIES}.some(key => localStorage[key].includes('Typed on the laptop'))")
    laptop.locator("#id_standfirst").press("End")
    with laptop.expect_response("**/autosave/"):
        laptop.keyboard.type("!")
    is_kept(laptop)
    assert asked(ROWS) == before.replace("[]", "[('writer@example.org', 1)]")
    laptop.close()

    phone = device()
    write(phone)
    bar = phone.locator(".notice-copy")
    expect(bar).to_contain_text("You have unsaved words from")
    bar.get_by_role("button", name="Put them back").click()
    expect(phone.locator("#id_title")).to_have_value("Begun on the laptop")
    expect(phone.frame_locator(BODY).locator("body")).to_contain_text("Typed on the laptop.")
    save(phone)
    saved(phone)
    assert asked(ROWS).startswith("[]")
    write(phone)
    expect(phone.locator("#id_title")).to_have_value("Begun on the laptop")
    expect(bar).to_be_hidden()
    assert phone.errors == []


def test_nobody_else_is_offered_it(device, person, asked):
    writer = device()
    write(writer)
    writer.fill("#id_standfirst", "For my own eyes.")
    is_kept(writer)
    editor = person("editor")
    with editor.expect_response("**/autosave/") as answer:
        write(editor)
    assert answer.value.json() == {"copy": None}
    expect(editor.locator(".notice-copy")).to_be_hidden()


def test_words_typed_without_a_connection_are_kept_here_and_sent_once_there_is_one(device, asked):
    page = device()
    write(page)
    page.context.set_offline(True)
    page.fill("#id_standfirst", "Typed in a tunnel.")
    expect(page.locator("#save-status")).to_have_text("Not saved: no connection. Kept in this browser.")
    until(page, f"{COPIES}.some(key => localStorage[key].includes('in a tunnel'))")
    assert asked(ROWS).startswith("[]")
    page.context.set_offline(False)
    is_kept(page)
    assert "writer@example.org" in asked(ROWS)


def test_two_windows_of_one_person_do_not_replace_each_others_words(device, asked):
    first, second = device(), device()
    write(first)
    write(second)
    first.fill("#id_standfirst", "Typed in the first.")
    is_kept(first)
    second.fill("#id_standfirst", "Typed in the second.")
    expect(second.locator("#save-status")).to_have_text(
        "Not saved. Kept in this browser only, until you decide about what you typed elsewhere."
    )
    bar = second.locator(".notice-copy")
    bar.get_by_role("button", name="Show them").click()
    expect(bar.locator(".cmp-new").first).to_contain_text(re.compile("Typed in the .*first"))
    bar.get_by_role("button", name="Discard").click()
    second.fill("#id_standfirst", "Typed in the second, and decided.")
    is_kept(second)
    third = device()
    write(third)
    third.locator(".notice-copy").get_by_role("button", name="Show them").click()
    expect(third.locator(".notice-copy .cmp-new").first).to_contain_text("Typed in the second, and decided")


def test_words_that_are_taken_back_leave_nothing_on_the_server(device, asked):
    page = device()
    write(page)
    before = page.input_value("#id_standfirst")
    page.fill("#id_standfirst", "A slip.")
    is_kept(page)
    with page.expect_response("**/autosave/"):
        page.fill("#id_standfirst", before)
    until(page, f"{COPIES}.length === 0")
    assert asked(ROWS).startswith("[]")


def test_a_new_article_is_offered_on_another_device_too(device, asked):
    laptop = device()
    laptop.goto("/admin/articles/article/add/")
    laptop.wait_for_selector(BODY)
    laptop.fill("#id_title", "Of bilbies")
    is_kept(laptop)
    phone = device()
    phone.goto("/admin/articles/article/add/")
    phone.get_by_role("link", name="Go on with it").click()
    expect(phone.locator("#id_title")).to_have_value("Of bilbies")
    save(phone)
    saved(phone)
    assert asked(ROWS).startswith("[]")


def test_a_session_that_has_ended_is_noticed_while_one_types(device):
    page = device()
    write(page)
    page.context.clear_cookies()
    page.fill("#id_standfirst", "Typed after lunch.")
    expect(page.locator(".notice-session")).to_contain_text("You have been signed out. Nothing is lost")
    until(page, f"{COPIES}.some(key => localStorage[key].includes('after lunch'))")


def test_a_crash_after_the_words_were_kept_in_both_places_offers_them_once(device, asked):
    page = device()
    write(page)
    page.fill("#id_standfirst", "Kept twice.")
    is_kept(page)
    page.goto(FORM.format(1))
    bar = page.locator(".notice-copy")
    bar.get_by_role("button", name="Discard").click()
    expect(bar).to_contain_text("Discarded.")
    until(page, f"{COPIES}.length === 0")
    write(page)
    expect(page.locator("#counts")).to_contain_text("words")
    expect(bar).to_be_hidden()
    assert asked(ROWS).startswith("[]")
