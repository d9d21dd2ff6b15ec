"""Typed words survive what other people do, and a careless click."""

import re

from playwright.sync_api import expect

from tests.browser.test_local_copy import saved


def open_article(page, title="Magnesium and sleep"):
    page.goto("/admin/articles/article/")
    page.get_by_role("link", name=title).first.click()
    page.wait_for_selector("#cke_id_body iframe")


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()


def test_a_save_in_the_meantime_is_shown_beside_ones_own_text_and_not_overwritten(person):
    writer, editor = person("writer"), person("editor")
    open_article(writer)
    open_article(editor)
    editor.fill("#id_title", "The editor's title")
    save(editor)
    saved(editor)

    writer.fill("#id_title", "The writer's title")
    save(writer)
    expect(writer.locator(".errornote").first).to_be_visible()
    expect(writer.locator(".errorlist").first).to_contain_text("Eleanor Marsh saved this article")
    expect(writer.locator(".conflict")).to_contain_text("The editor's title")
    expect(writer.locator(".conflict")).to_contain_text("The writer's title")
    assert writer.input_value("#id_title") == "The writer's title"

    save(writer)
    saved(writer)
    assert writer.input_value("#id_title") == "The writer's title"


def test_leaving_with_unsaved_words_asks_first(person):
    page = person("writer")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    open_article(page, "Ashwagandha")
    page.frame_locator("#cke_id_body iframe").locator("body > p").first.click()
    page.keyboard.type("Unsaved ")
    page.evaluate("window.location.href = '/admin/'")
    expect(page.locator("#id_title")).to_be_visible()
    assert asked == ["beforeunload"]


def test_a_script_in_every_field_is_only_text(person, reader):
    payload = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    page = person("editor")
    ran = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.goto("/admin/articles/article/add/")
    page.wait_for_selector("#cke_id_body iframe")
    for summary in page.locator("#article_form details > summary").all():
        summary.click()
    for field in ("title", "standfirst", "key_messages", "disclosure", "hero_alt", "hero_caption", "hero_credit"):
        page.fill(f"#id_{field}", payload)
    page.fill("#id_slug", "hostile")
    page.evaluate("text => CKEDITOR.instances.id_body.setData('<p>' + text + '</p>')", payload)
    save(page)
    saved(page)
    expect(page).to_have_title(re.compile(re.escape(payload)))
    page.goto("/admin/articles/article/")
    expect(page.get_by_role("link", name=payload)).to_be_visible()
    page.get_by_role("link", name=payload).click()
    page.get_by_role("link", name="See it as readers would").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(payload)
    assert ran == []
