"""Articles that were begun and never saved: each has a form of its own, and none is mixed into another."""

from playwright.sync_api import Page, expect

from tests.browser.test_autosave import is_kept
from tests.browser.test_local_copy import save, saved

ADD = "/admin/articles/article/add/"
BODY = "#cke_id_body iframe"
ROWS = """
from articles.models import Autosave
print(sorted(Autosave.objects.values_list("title", flat=True)))
"""


def begin(page: Page, query: str = "") -> None:
    page.goto(ADD + query)
    page.wait_for_selector(BODY)


def test_a_draft_is_offered_by_its_title_and_never_mixed_into_a_copy(device, asked):
    page = device()
    begin(page)
    page.fill("#id_title", "Zinc and colds")
    page.fill("#id_standfirst", "It may shorten them.")
    is_kept(page)
    begin(page, "?copy=1")
    notice = page.locator(".notice-copy")
    expect(notice).to_contain_text("Unsaved article “Zinc and colds”, typed ")
    standfirst = page.input_value("#id_standfirst")
    expect(page.locator("#id_title")).not_to_have_value("Zinc and colds")
    assert standfirst != "It may shorten them."

    page.fill("#id_title", "A second one")
    is_kept(page)
    assert asked(ROWS) == "['A second one', 'Zinc and colds']"
    notice.get_by_role("link", name="Go on with it").click()
    expect(page.locator("#id_title")).to_have_value("Zinc and colds")
    expect(page.locator("#id_standfirst")).to_have_value("It may shorten them.")
    expect(page.frame_locator(BODY).locator("body")).to_have_text("")
    save(page)
    saved(page)
    assert asked(ROWS) == "['A second one']"


def test_a_reload_of_a_begun_copy_brings_the_whole_form_back(device, asked):
    page = device()
    begin(page, "?copy=1")
    sources = page.locator('#article_sources-group select[name$="-source"]:not([name*=__prefix__])').count()
    body = page.frame_locator(BODY).locator("body").inner_text()
    page.fill("#id_title", "A copy with a name")
    is_kept(page)
    page.reload()
    page.wait_for_url("**/add/?begun=*")
    expect(page.locator(".notice-copy")).to_contain_text("Your words are back in the form.")
    expect(page.locator("#id_title")).to_have_value("A copy with a name")
    expect(page.frame_locator(BODY).locator("body")).to_have_text(body, use_inner_text=True)
    assert page.locator('#article_sources-group select[name$="-source"]:not([name*=__prefix__])').count() == sources > 0


def test_an_unsaved_article_can_be_deleted(device, asked):
    page = device()
    begin(page)
    page.fill("#id_title", "Not wanted")
    is_kept(page)
    page.reload()
    page.locator(".notice-copy").get_by_role("button", name="Discard").click()
    page.wait_for_url("**/add/")
    expect(page.locator("#id_title")).to_have_value("")
    assert asked(ROWS) == "[]"


def test_it_is_found_on_the_dashboard_and_by_the_search(device, person, asked):
    page = device()
    begin(page)
    page.fill("#id_title", "Zinc for quokkas")
    is_kept(page)
    page.goto("/admin/")
    page.get_by_role("link", name="Zinc for quokkas").click()
    expect(page.locator("#id_title")).to_have_value("Zinc for quokkas")
    page.goto("/admin/")
    page.keyboard.press("Control+k")
    page.keyboard.type("quokkas")
    expect(page.locator("dialog[open]")).to_contain_text("Not saved yet")
    editor = person("editor")
    expect(editor.locator("#content")).not_to_contain_text("quokkas")
