"""The Save button and Ctrl+S leave the page as it is: nothing is loaded anew, and nothing is stored twice."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_local_copy import COPIES, FORM, saved_first, type_in_the_body, until, write

SAVED = re.compile(r"Saved \d\d:\d\d")
BODY = "#cke_id_body iframe"
REVISIONS = """
from articles.models import Article
article = Article.objects.get(pk={})
print(article.revisions.count(), article.version)
"""
ROWS = """
from articles.models import Article
article = Article.objects.get(pk={})
print(article.authorships.count(), article.article_sources.count(), article.recommendations.count())
"""


@pytest.fixture
def writer(person) -> Page:
    """Return the writer's window with an article open, in which leaving with unsaved words is allowed."""
    page = person("writer")
    page.on("dialog", lambda dialog: dialog.accept())
    write(page)
    page.evaluate("window.isStill = true")
    return page


def revisions(asked, article: int = 1) -> int:
    return int(asked(REVISIONS.format(article)).split()[0])


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).first.click()


def is_saved(page: Page) -> None:
    """Wait until the page says that it is saved, and fail if it was loaded anew."""
    expect(page.locator("#save-status")).to_have_text(SAVED)
    assert page.evaluate("window.isStill") is True


def test_the_page_stays_as_it_is_when_it_is_saved(writer, asked):
    before = revisions(asked)
    writer.locator("#article_form details > summary").first.click()
    type_in_the_body(writer, "Kept in place. ")
    writer.evaluate("window.scrollTo(0, 300)")
    place = "[window.scrollY, CKEDITOR.instances.id_body.getSelection().getRanges()[0].startOffset]"
    was = writer.evaluate(place)
    writer.keyboard.press("Control+s")
    is_saved(writer)
    assert writer.evaluate(place) == was
    assert writer.locator("#article_form details").first.evaluate("section => section.open")
    assert revisions(asked) == before + 1
    writer.keyboard.type("Typed on. ")
    writer.keyboard.press("Control+z")
    writer.keyboard.press("Control+z")
    expect(writer.frame_locator(BODY).locator("body")).not_to_contain_text("Kept in place.")
    assert writer.errors == []


def test_a_double_press_makes_one_revision(writer, asked):
    before = revisions(asked)
    posts = []
    writer.on("request", lambda request: posts.append(request.url) if request.url.endswith("/change/") else None)
    writer.fill("#id_standfirst", "Pressed twice.")
    writer.locator(".bar .save").dblclick()
    is_saved(writer)
    assert revisions(asked) == before + 1
    assert len(posts) == 2  # the save, and what stands around the text afterwards


def test_a_save_without_a_change_makes_no_revision(writer, asked):
    before = revisions(asked)
    save(writer)
    expect(writer.locator("#save-status")).to_contain_text("Nothing in the text has changed")
    assert revisions(asked) == before


def test_what_is_typed_during_a_save_is_not_taken_for_saved(writer, asked):
    held = []
    writer.route("**/change/", lambda route: held.append(route))
    writer.fill("#id_standfirst", "Typed before.")
    save(writer)
    expect(writer.locator("#save-status")).to_have_text("Saving…")
    writer.fill("#id_standfirst", "Typed before, and during.")
    held[0].continue_()
    writer.unroute("**/change/")
    is_saved(writer)
    until(writer, f"{COPIES}.some(key => localStorage[key].includes('and during'))")
    write(writer)
    expect(writer.locator(".notice-copy")).to_contain_text("You have unsaved words from")
    expect(writer.locator("#id_standfirst")).to_have_value("Typed before.")


def test_errors_are_shown_at_their_fields_and_go_with_the_next_save(writer, asked):
    before = revisions(asked)
    slug = writer.input_value("#id_slug")
    writer.fill("#id_standfirst", "Kept while the address is wrong.")
    writer.evaluate("document.querySelector('#id_slug').value = 'no address'")
    save(writer)
    row = writer.locator(".field-slug")
    expect(row.locator(".errorlist")).to_contain_text("Enter a valid “slug”")
    expect(writer.locator(".errornote")).to_have_text("Nothing was saved. Please correct the error below.")
    expect(writer.locator("#id_slug")).to_be_focused()
    expect(writer.locator("#save-status")).to_have_text("")
    assert revisions(asked) == before
    writer.fill("#id_slug", slug)
    save(writer)
    is_saved(writer)
    expect(writer.locator("#article_form .errorlist, #article_form .errornote")).to_have_count(0)
    assert revisions(asked) == before + 1


def add_row(page: Page, prefix: str) -> None:
    """Choose the first thing in a new row of an inline, as a person does."""
    group = page.locator(f"#{prefix}-group")
    group.locator("details").first.evaluate("section => { section.open = true; }")
    group.locator(".add-row a").click()
    group.locator(f".dynamic-{prefix}").last.locator(".select2-selection").click()
    page.locator(".select2-results__option:not(.loading-results)").first.click()


def test_new_rows_are_stored_once_and_can_be_removed_without_a_reload(person, asked):
    editor = person("editor")
    write(editor)
    editor.evaluate("window.isStill = true")
    rows = ROWS.format(1)
    authors, sources, products = map(int, asked(rows).split())
    add_row(editor, "article_sources")
    add_row(editor, "recommendations")
    save(editor)
    is_saved(editor)
    expect(editor.locator("#recommendations-group .has_original")).to_have_count(products + 1)
    assert asked(rows).split() == [str(authors), str(sources + 1), str(products + 1)]
    editor.fill("#id_standfirst", "Saved for the second time.")
    save(editor)
    is_saved(editor)
    add_row(editor, "recommendations")
    editor.locator("#recommendations-group a.inline-deletelink:visible").click()
    save(editor)
    is_saved(editor)
    assert asked(rows).split() == [str(authors), str(sources + 1), str(products + 1)]
    editor.locator("#recommendations-group input[name$='-DELETE']").last.check()
    editor.locator("#article_sources-group input[name$='-DELETE']").last.check()
    save(editor)
    is_saved(editor)
    expect(editor.locator("#recommendations-group .has_original")).to_have_count(products)
    assert asked(rows).split() == [str(authors), str(sources), str(products)]
    assert editor.errors == []


def test_both_versions_are_shown_after_somebody_else_has_saved_and_then_it_is_saved_in_place(writer, person, asked):
    saved_first(person, "The editor's title in the meantime")
    writer.fill("#id_title", "The writer's own title")
    type_in_the_body(writer, "Words of mine. ")
    save(writer)
    expect(writer.locator(".conflict")).to_contain_text("The editor's title in the meantime")
    expect(writer.locator("#id_title")).to_have_value("The writer's own title")
    expect(writer.frame_locator(BODY).locator("body")).to_contain_text("Words of mine.")
    writer.evaluate("window.isStill = true")
    save(writer)
    is_saved(writer)
    expect(writer.locator(".conflict, .errornote")).to_have_count(0)
    until(writer, f"{COPIES}.length === 0")


def test_a_new_article_stays_open_under_its_own_address(person, asked):
    page = person("writer")
    page.goto("/admin/articles/article/add/")
    page.wait_for_selector("#cke_id_body iframe")
    page.evaluate("window.isStill = true")
    page.locator("#id_title").press_sequentially("Of numbats")
    slug = page.input_value("#id_slug")
    page.keyboard.press("Control+s")
    is_saved(page)
    page.wait_for_url("**/change/")
    expect(page.locator("#authorships-group .has_original")).to_have_count(1)
    expect(page.locator("details.verb", has_text="Submit to the board")).to_have_count(1)
    page.locator("#id_title").press_sequentially(" and termites")
    page.keyboard.press("Control+s")
    is_saved(page)
    assert page.input_value("#id_slug") == slug
    assert asked(f"from articles.models import Article; print(Article.objects.get(slug='{slug}').title)").strip() == (
        "Of numbats and termites"
    )
    until(page, f"{COPIES}.length === 0")
    with page.expect_response("**/presence/"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.reload()
    expect(page.locator("#id_title")).to_have_value("Of numbats and termites")
    assert page.errors == []


def test_a_server_that_answers_with_an_error_takes_no_words_away(writer):
    writer.route("**/change/", lambda route: route.fulfill(status=503, body="Busy"))
    writer.fill("#id_standfirst", "Typed on a bad day.")
    save(writer)
    expect(writer.locator(".notice-save")).to_contain_text("Not saved: the server answered with an error (503).")
    until(writer, f"{COPIES}.some(key => localStorage[key].includes('bad day'))")
    writer.unroute("**/change/")
    save(writer)
    is_saved(writer)
    expect(writer.locator(".notice-save")).to_be_empty()


def test_without_a_script_the_form_is_posted_as_ever(person, asked, site):
    page = person("writer", java_script_enabled=False)
    page.goto(FORM.format(1))
    before = revisions(asked)
    page.fill("#id_standfirst", "Saved without a script.")
    save(page)
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    assert revisions(asked) == before + 1
