"""The newsroom's search by keyboard, over any page, and what it says when the network or the session is gone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import violations

FOUND = "**/admin/search/found/**"


def opened(page: Page, key: str = "Control+k") -> Page:
    """Open the search with this key, and wait until it shows something."""
    page.keyboard.press(key)
    expect(page.get_by_role("combobox", name="Search the newsroom")).to_be_focused()
    expect(page.locator(".find-option").first).to_be_visible()
    return page


def chosen(page: Page):
    return page.locator(".find-option[aria-selected=true]")


def test_it_is_used_with_the_keyboard_alone(person):
    page = person("editor")
    page.get_by_role("link", name="View site").focus()
    opened(page, "/")
    expect(page.locator(".find-label").last).to_have_text("Begin")

    page.keyboard.type("magnesium and sleep")
    expect(chosen(page)).to_contain_text("Magnesium and sleep")
    field = page.get_by_role("combobox")
    assert field.get_attribute("aria-activedescendant") == chosen(page).get_attribute("id")
    first = chosen(page).get_attribute("id")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".find-option").last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_have_attribute("id", first)
    expect(chosen(page)).to_have_count(1)

    page.keyboard.press("Escape")
    expect(page.locator("#find")).to_be_hidden()
    expect(page.get_by_role("link", name="View site")).to_be_focused()

    opened(page)
    page.keyboard.type("valerian and chamomile")
    page.keyboard.press("Enter")  # before the answer is there: it opens what will be found
    page.wait_for_url(re.compile(r"/admin/articles/article/\d+/change/"))
    expect(page.locator("#id_title")).to_have_value(re.compile("^Valerian and chamomile"))
    assert page.errors == []


def test_control_and_enter_open_another_tab(person):
    page = person("writer")
    opened(page)
    page.keyboard.type("paste sources")
    expect(chosen(page)).to_have_text("Paste sources")
    with page.context.expect_page() as other:
        page.keyboard.press("Control+Enter")
    other.value.wait_for_url("**/admin/sources/source/paste/")
    expect(page.locator("#find")).to_be_visible()


def test_a_slash_that_is_typed_into_a_field_is_a_slash(person):
    page = person("writer")
    page.goto("/admin/sources/source/")
    page.get_by_role("textbox", name="Search", exact=True).fill("1")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_hidden()
    expect(page.locator("#searchbar")).to_have_value("1/")


def test_it_opens_from_the_editor_and_gives_the_focus_back_to_it(person):
    page = person("editor")
    page.goto("/admin/articles/article/1/change/")
    body = page.frame_locator("#cke_id_body iframe").locator("body")
    body.click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_hidden()

    opened(page)
    assert page.evaluate("CKEDITOR.dialog.getCurrent()") is None
    page.keyboard.press("Escape")
    expect(page.locator("#find")).to_be_hidden()
    page.keyboard.type("typed on")
    expect(body).to_contain_text("/typed on")
    assert page.errors == []


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(person):
    page = person("editor")
    opened(page)
    slow = []
    page.route(FOUND, lambda route: slow.append(route) if "q=zinc" in route.request.url else route.continue_())
    page.keyboard.type("zinc")
    page.wait_for_function("document.querySelector('#find-typed').value === 'zinc'")
    with page.expect_request(lambda request: "q=zinc" in request.url):
        pass
    page.get_by_role("combobox").fill("valerian")
    expect(chosen(page)).to_contain_text("Valerian")
    for route in slow:
        route.fulfill(body='<div data-count="late"><a role="option" class="find-option" id="late">Late</a></div>')
    page.get_by_role("combobox").fill("valerian ")
    expect(chosen(page)).to_contain_text("Valerian")
    expect(page.get_by_text("Late", exact=True)).to_have_count(0)


def test_a_lost_network_is_said_and_the_search_goes_on_when_it_is_back(person):
    page = person("editor")
    opened(page)
    page.context.set_offline(True)
    page.keyboard.type("valerian")
    expect(page.get_by_role("alert")).to_contain_text("The site cannot be reached")
    page.context.set_offline(False)
    expect(chosen(page)).to_contain_text("Valerian")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_session_that_has_ended_is_said_with_a_link_to_sign_in(person):
    page = person("writer")
    opened(page)
    page.context.clear_cookies()
    page.keyboard.type("valerian")
    expect(page.get_by_role("alert")).to_contain_text("You have been signed out")
    expect(page.get_by_role("link", name="Sign in again in another tab")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1400])
def test_it_fits_the_screen_and_has_no_barriers(person, scheme, width):
    page = person("editor", viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page.get_by_role("button", name="Search").click()
    page.keyboard.type("sleep")
    expect(page.locator(".find-passage").first).to_be_visible()
    box = page.locator("#find").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert violations(page) == []

    page.goto("/admin/search/?q=sleep")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


BOTH = """
from accounts.models import User
from django.contrib.auth.models import Group
User.objects.get(email="advisor1@example.org").groups.add(Group.objects.get(name="Editors"))
"""


@pytest.mark.parametrize("width", [390, 1400])
def test_an_editor_who_is_on_the_board_has_it_on_the_review_desk(person, asked, width):
    asked(BOTH)
    page = person("advisor1", viewport={"width": width, "height": 800}, bypass_csp=True)
    page.goto("/board/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    opened(page, "/")
    page.keyboard.type("sleep")
    expect(page.locator(".find-passage").first).to_be_visible()
    assert violations(page) == []
