"""The reader's page beside the form during writing, and the link that shares a revision."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.test_accessibility import RULES
from tests.browser.test_local_copy import saved

FORM = "/admin/articles/article/1/change/"
SHOWN = ".preview-stage iframe:not(.is-loading)"


def write(page):
    page.goto(FORM)
    page.wait_for_selector("#cke_id_body iframe")
    return page


def open_preview(page):
    page.get_by_role("button", name="Preview", exact=True).click()
    page.wait_for_selector(SHOWN)
    return page.frame_locator(SHOWN)


def test_the_preview_follows_what_is_typed(person):
    page = write(person("writer", viewport={"width": 1440, "height": 900}))
    shown = open_preview(page)
    expect(shown.locator(".banner")).to_contain_text("The text as it stands in the form.")
    page.fill("#id_title", "Of quokkas")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Of quokkas")

    page.frame_locator("#cke_id_body iframe").locator("body > p").first.click()
    page.keyboard.type("Typed just now. ")
    expect(shown.locator(".prose").first).to_contain_text("Typed just now.")
    expect(shown.locator("[role=doc-noteref]").first).to_have_text("1")

    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(FORM)
    assert page.input_value("#id_title") != "Of quokkas"
    assert page.errors == []


def test_the_preview_says_nothing_untrue_after_a_save(person):
    page = write(person("writer", viewport={"width": 1440, "height": 900}))
    open_preview(page)
    page.fill("#id_standfirst", "Saved just now.")
    page.get_by_role("button", name="Save", exact=True).click()
    saved(page)
    shown = page.frame_locator(SHOWN)
    expect(shown.get_by_text("Saved just now.")).to_be_visible()
    expect(shown.locator(".banner")).to_have_text("The text as it stands in the form. Readers do not see this page.")


def test_the_preview_stays_where_one_reads_and_adds_no_step_back(person):
    page = write(person("writer", viewport={"width": 1440, "height": 900}))
    shown = open_preview(page)
    steps = page.evaluate("history.length")
    scroll = "frame => frame.contentWindow.scrollY"
    page.eval_on_selector(SHOWN, "frame => frame.contentWindow.scrollTo({ top: 700, behavior: 'instant' })")
    page.fill("#id_title", "Of quokkas")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Of quokkas")

    assert page.eval_on_selector(SHOWN, scroll) == 700
    assert page.evaluate("history.length") == steps
    expect(page.locator(".preview-stage iframe")).to_have_count(1)


def test_the_page_is_laid_out_for_the_width_of_the_device(person):
    page = write(person("writer", viewport={"width": 1440, "height": 900}))
    open_preview(page)
    stage = page.locator(".preview-stage").bounding_box()
    for device, width in (("Phone", 390), ("Tablet", 768), ("Desktop", 1280)):
        page.get_by_role("button", name=device).click()
        expect(page.get_by_role("button", name=device)).to_have_attribute("aria-pressed", "true")
        assert page.eval_on_selector(SHOWN, "frame => frame.contentWindow.innerWidth") == width
        box = page.locator(SHOWN).bounding_box()
        assert box["width"] <= stage["width"] + 1
        assert abs(box["height"] - stage["height"]) < 2


def test_keys_open_it_and_escape_closes_it(person):
    page = write(person("writer", viewport={"width": 1440, "height": 900}))
    page.frame_locator("#cke_id_body iframe").locator("body > p").first.click()
    page.keyboard.press("Alt+Shift+P")
    page.wait_for_selector(SHOWN)
    page.get_by_role("button", name="Tablet").focus()
    page.keyboard.press("Escape")

    expect(page.locator("#preview")).to_have_count(0)
    expect(page.get_by_role("button", name="Preview", exact=True)).to_be_focused()


def test_on_a_phone_it_covers_the_form_which_waits_behind_it(person):
    page = write(person("writer", viewport={"width": 390, "height": 800}))
    open_preview(page)

    assert page.locator("#preview").bounding_box()["width"] == 390
    assert page.eval_on_selector("#container", "element => element.inert")
    page.get_by_role("button", name="Close the preview").click()
    assert not page.eval_on_selector("#container", "element => element.inert")


def test_it_opens_in_a_tab_of_its_own(person):
    page = write(person("writer"))
    page.fill("#id_title", "Of quokkas")
    open_preview(page)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open in a tab").click()

    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Of quokkas")


def test_without_script_the_button_opens_a_tab(person):
    page = person("writer", java_script_enabled=False)
    page.goto(FORM)
    page.fill("#id_title", "Of quokkas")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Preview", exact=True).click()

    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Of quokkas")
    expect(opened.value.locator("[role=doc-noteref]").first).to_have_text("1")


def test_a_new_article_is_previewed_before_it_is_saved(person):
    page = person("writer", viewport={"width": 1440, "height": 900})
    page.goto("/admin/articles/article/add/")
    page.wait_for_selector("#cke_id_body iframe")
    page.fill("#id_title", "Of quokkas")

    expect(open_preview(page).get_by_role("heading", level=1)).to_have_text("Of quokkas")
    assert page.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_preview_or_on_the_page_of_links(person, scheme):
    page = write(person("writer", color_scheme=scheme, bypass_csp=True, viewport={"width": 1440, "height": 900}))
    open_preview(page)
    assert Axe().run(page, options=RULES).response["violations"] == []
    page.goto("/admin/articles/article/1/links/")
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("heading", name="Your link")).to_be_visible()
    assert Axe().run(page, options=RULES).response["violations"] == []


def test_a_link_is_made_read_by_a_stranger_and_revoked(person, reader):
    page = person("writer")
    page.goto("/admin/articles/article/5/links/")
    page.get_by_label("For whom").fill("Prof. Lind")
    page.get_by_role("button", name="Make a link").click()
    address = page.locator("#new-link").input_value()
    stranger = reader()
    assert stranger.goto(address).status == 200
    expect(stranger.locator(".banner")).to_contain_text(re.compile(r"Preview of revision \d+"))
    assert stranger.context.cookies() == []
    assert stranger.errors == []

    page.get_by_role("button", name=re.compile("Revoke the link .* Prof. Lind")).click()
    expect(page.locator(".messagelist")).to_contain_text("no longer works")
    assert stranger.reload().status == 404
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This link does not work")
    assert page.errors == []
