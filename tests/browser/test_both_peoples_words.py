"""Two people change one article: what does not overlap is kept of both, and an action takes what is typed with it."""

import re

from playwright.sync_api import expect

from tests.browser.test_local_copy import save, saved, saved_first, type_in_the_body, until, write

BODY = "#cke_id_body iframe"
STORED = "from articles.models import Article; a = Article.objects.get(pk=1); print(a.title, a.standfirst, a.body)"
DRAFTS = "from articles.models import Autosave; print(Autosave.objects.filter(article=1).count())"
DRAFT = 8  # the one article of the demonstration that its writer can submit
REVISED = 4  # published, and the writer may write the next version
SUBMITTED = "from articles.models import Article; a = Article.objects.get(pk=8); print(a.stage, a.head().title)"


def test_a_second_save_keeps_what_only_the_colleague_has_changed(person, asked):
    writer = person("writer")
    write(writer)
    writer.fill("#id_standfirst", "The writer's standfirst.")
    type_in_the_body(writer, "Words of the writer. ")
    editor = person("editor")
    write(editor)
    editor.fill("#id_title", "The editor's title alone")
    editor.evaluate(
        "CKEDITOR.instances.id_body.setData(CKEDITOR.instances.id_body.getData() + '<p>The editor has added this.</p>')"
    )
    save(editor)
    saved(editor)
    save(writer)
    expect(writer.locator(".conflict-status")).to_contain_text("in the form already")
    save(writer)
    saved(writer)
    assert asked(DRAFTS) == "0"  # the words that were refused stand in what is saved
    stored = asked(STORED)
    for words in (
        "The editor's title alone",
        "The writer's standfirst.",
        "Words of the writer.",
        "The editor has added this.",
    ):
        assert words in stored


def test_a_colleagues_save_is_told_within_ten_seconds(person):
    writer = person("writer")
    writer.clock.install()
    write(writer)
    expect(writer.locator("#notice-presence")).to_have_count(1)
    with writer.expect_response("**/presence/"):
        writer.clock.run_for(10_000)


def test_notices_about_the_connection_go_once_there_is_one(person):
    writer = person("writer")
    writer.on("dialog", lambda dialog: dialog.accept())
    writer.goto("/admin/articles/article/add/")
    writer.wait_for_selector(BODY)
    writer.fill("#id_standfirst", "Typed on a train.")
    writer.context.set_offline(True)
    save(writer)
    expect(writer.locator(".notice-session")).to_contain_text("cannot be reached")
    writer.evaluate(
        "document.dispatchEvent(new CustomEvent('article:cite', { detail: { keys: [], insert() {}, close() {} } }))"
    )
    expect(writer.locator("#cite-results")).to_contain_text("The site cannot be reached")
    writer.context.set_offline(False)
    expect(writer.locator(".notice-session")).to_have_text("")


def test_submitting_saves_what_is_typed_first(person, asked):
    writer = person("writer")
    write(writer, DRAFT)
    writer.fill("#id_title", "Typed and then submitted")
    writer.locator("details.verb > summary", has_text="Submit to the board").click()
    writer.locator(".verb-submit").click()
    sheet = writer.get_by_role("dialog", name="The text has changes that are not saved")
    sheet.get_by_role("button", name="Cancel").click()
    expect(sheet).to_have_count(0)
    writer.locator(".verb-submit").click()
    sheet.get_by_role("button", name="Save and submit").click()
    expect(writer.locator(".messagelist, .refused").first).to_be_visible()
    assert asked(SUBMITTED).endswith("Typed and then submitted")


def test_what_is_missing_leads_to_its_place(person):
    writer = person("writer")
    write(writer, REVISED)
    writer.evaluate(
        "CKEDITOR.instances.id_body.setData('<p>It helps 40% of adults.</p><p>It helps 40% of children.</p>')"
    )
    save(writer)
    saved(writer)
    writer.reload()
    writer.wait_for_selector(BODY)
    writer.locator("details.verb > summary", has_text="Submit to the board").click()
    links = writer.locator(".briefing-missing li", has_text=re.compile("40"))
    expect(links.filter(has_text="adults")).to_have_count(1)
    links.filter(has_text="children").get_by_role("link").click()
    selected = "CKEDITOR.instances.id_body.window.$.getSelection().toString()"
    until(writer, f"{selected}.includes('40')")
    expect(writer.locator("details.verb[open]")).to_have_count(0)


def test_a_new_form_names_its_writer_in_the_byline(person):
    writer = person("writer")
    writer.goto("/admin/articles/article/add/")
    expect(writer.locator("#authorships-group .section-note")).to_contain_text("once it is saved")


def test_an_older_draft_keeps_what_a_colleague_has_saved_since(person, asked):
    writer = person("writer")
    writer.on("dialog", lambda dialog: dialog.accept())
    write(writer)
    type_in_the_body(writer, "An older draft. ")
    expect(writer.locator("#save-status")).to_contain_text("Draft kept")
    saved_first(person, "A title of the editor since")
    write(writer)
    writer.locator(".notice-copy").get_by_role("button", name="Put them back").click()
    save(writer)
    expect(writer.locator(".conflict[data-is-merged]")).to_be_visible()
    save(writer)
    saved(writer)
    stored = asked(STORED)
    assert "A title of the editor since" in stored and "An older draft." in stored
