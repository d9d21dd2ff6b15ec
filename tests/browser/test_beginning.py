"""A new writer begins an article: what it begins from, where the caret is, and what the page says is missing."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_writing import READY, saved


def ready(page: Page) -> None:
    page.wait_for_selector("#cke_id_body iframe")
    page.evaluate(READY)


def test_a_writer_begins_with_a_template_by_keyboard_alone_and_types_the_title_at_once(person):
    page = person("writer")
    page.get_by_role("link", name="Begin an article").click()
    expect(page.get_by_role("link", name="Blank")).to_be_focused()
    for _choice in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Ingredient review")).to_be_focused()
    page.keyboard.press("Enter")
    ready(page)
    expect(page.locator("#id_title")).to_be_focused()
    page.keyboard.type("Glycine and sleep")
    body = page.frame_locator("#cke_id_body iframe").locator("body")
    expect(body).to_contain_text("What the trials found")
    page.keyboard.press("Control+s")
    saved(page)
    expect(page).to_have_url(re.compile(r"/change/$"))
    expect(page.locator("#checks-list")).to_contain_text("An instruction of the template is still in the text.")
    assert page.errors == []


def test_a_page_with_a_template_that_was_only_looked_at_is_left_without_a_question(person):
    page = person("writer")
    page.goto("/admin/articles/article/begin/")
    page.get_by_role("link", name="News").click()
    ready(page)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/admin/")
    assert asked == []


def test_the_choice_works_without_a_script(person):
    page = person("writer")
    cookies = page.context.cookies()
    plain = page.context.browser.new_context(base_url=page.url.split("/admin")[0], java_script_enabled=False)
    plain.add_cookies(cookies)
    window = plain.new_page()
    window.goto("/admin/articles/article/begin/")
    window.get_by_role("link", name="Condition explainer").click()
    expect(window.locator("#id_standfirst")).to_have_value(re.compile(r"^\[…\] Name the condition"))
    plain.close()


def test_each_open_part_of_the_list_leads_to_its_field(person):
    page = person("writer")
    page.goto("/admin/articles/article/add/")
    ready(page)
    listed = page.locator(".readiness")
    listed.get_by_role("link", name="Key messages").click()
    expect(page.locator("#id_key_messages")).to_be_focused()
    page.keyboard.type("Sleep was longer.\nNobody knows for whom.")
    expect(listed.locator(".is-done", has_text="Key messages")).to_be_visible()
    listed.get_by_role("link", name="Text").click()
    expect(page.locator("#cke_id_body iframe")).to_be_focused()
    listed.get_by_role("link", name="Sources").click()
    expect(page.get_by_role("button", name="Add another Source")).to_be_focused()
    assert page.errors == []
