"""What was typed into a form of the admin survives an ended session, a crash and the browser's Back button."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import sign_in_on

COPIES = "Object.keys(localStorage).filter(key => key.startsWith('form-copy:'))"
TWO_SOURCES = """
from sources.models import Source
facts = {"evidence": "cohort", "year": 2020, "container": "Sleep", "authors": "Doe, Jane"}
made = [Source.objects.create(key=key, title=title, **facts)
        for key, title in (("twin1", "On naps"), ("twin2", "On the naps of quokkas"))]
print(made[0].key, made[1].pk)
"""
REPORT = """
from website.error_reports import handling
from articles.models import Publication
live = Publication.objects.visible().get(article__slug="magnesium-and-sleep")
report = handling.receive(publication=live, message="The trial says something else.", address="reader@example.org")
print(report.pk)
"""
RIS = "TY  - JOUR\nTI  - On the naps of quokkas\nAU  - Doe, Jane\nPY  - 2024\nT2  - Sleep\nER  - \n"


@pytest.fixture
def editor(person):
    """Return the editor's window."""
    return person("editor")


def until(page, condition):
    """Wait until a condition holds. The admin's policy forbids the code that Playwright's own waiting evaluates."""
    look = f"const look = () => ({condition} ? resolve() : requestAnimationFrame(look)); look();"
    page.evaluate(f"() => new Promise((resolve) => {{ {look} }})")


def first_of(page, model):
    """Open the first row of a list."""
    page.goto(f"/admin/{model}/")
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_selector("#desk-facts", state="attached")
    until(page, "document.readyState === 'complete'")


def save(page, button="Save"):
    page.get_by_role("button", name=button, exact=True).first.click()


def signed_out_then_in(page, button="Save"):
    """End the session, press the button, sign in again in another tab, and come back to the form."""
    page.context.clear_cookies()
    save(page, button)
    alert = page.locator(".notice-session")
    expect(alert).to_contain_text("You have been signed out. Nothing is lost")
    with page.expect_popup() as opened:
        alert.get_by_role("link", name="Sign in again in another tab").click()
    sign_in_on(opened.value, "editor")
    opened.value.wait_for_url("**/admin/")
    opened.value.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(alert).to_have_class(re.compile("is-mended"))


@pytest.mark.parametrize(
    ("model", "field"),
    [("policies/policy", "#id_summary"), ("products/product", "#id_cautions"), ("sources/source", "#id_authors")],
)
def test_a_save_after_the_session_has_ended_waits_for_a_sign_in_and_then_goes_through(editor, model, field):
    first_of(editor, model)
    address = editor.url
    editor.fill(field, "Typed before lunch")
    signed_out_then_in(editor)
    assert editor.input_value(field) == "Typed before lunch"
    save(editor)
    expect(editor.locator(".messagelist")).to_contain_text("changed successfully")
    assert editor.evaluate(COPIES) == []
    editor.goto(address)
    assert editor.input_value(field) == "Typed before lunch"
    assert editor.errors == []


def test_what_was_pasted_waits_for_a_sign_in_and_is_stored(editor):
    editor.goto("/admin/sources/source/paste/")
    editor.fill("#id_text", RIS)
    signed_out_then_in(editor, "Show the entries")
    save(editor, "Show the entries")
    expect(editor.locator(".paste")).to_contain_text("On the naps of quokkas")
    editor.locator("select[name=evidence-0]").select_option("cohort")
    signed_out_then_in(editor, "Store what is ticked")
    save(editor, "Store what is ticked")
    expect(editor.locator(".messagelist")).to_contain_text("1 added")
    editor.goto("/admin/sources/source/paste/")
    until(editor, "document.readyState === 'complete'")
    expect(editor.locator(".notice-copy")).to_have_text("")


def test_a_merge_of_sources_waits_for_a_sign_in_and_is_done_as_chosen(editor, asked):
    kept, duplicate = asked(TWO_SOURCES).split()
    editor.goto(f"/admin/sources/source/{duplicate}/merge/?into={kept}")
    editor.locator("[name=take-title][value=duplicate]").check()
    signed_out_then_in(editor, f"Merge twin2 into {kept}")
    save(editor, f"Merge twin2 into {kept}")
    expect(editor.locator(".messagelist")).to_contain_text("Values taken from the duplicate: title")
    assert editor.errors == []


def test_a_picture_added_without_the_script_of_the_library_waits_for_a_sign_in(editor, tmp_path):
    file = tmp_path / "almonds.png"
    Image.new("RGB", (900, 600), "olive").save(file)
    editor.goto("/admin/pictures/picture/add/")
    editor.set_input_files("#id_image", file)
    editor.fill("#id_alternative_text", "Almonds before lunch")
    editor.fill("#id_credit", "Photo: Jane Doe")
    signed_out_then_in(editor, "Add to the library")
    save(editor, "Add to the library")
    expect(editor.locator(".messagelist")).to_contain_text("The picture is in the library.")
    until(editor, f"{COPIES}.length === 0")  # the script of this page has run
    editor.goto("/admin/pictures/picture/add/")
    until(editor, "document.readyState === 'complete'")
    expect(editor.locator(".notice-copy")).to_have_text("")
    assert editor.errors == []


def test_an_answer_to_an_error_report_survives_a_crash_and_an_ended_session(editor, asked):
    report = asked(REPORT)
    page = f"/admin/website/errorreport/{report.strip()}/change/"
    editor.goto(page)
    editor.get_by_label("Answer to the reader").fill("Thank you. We looked, and it is right.")
    until(editor, f"{COPIES}.length === 1")
    editor.goto(page)
    editor.get_by_role("button", name="Put them back").click()
    signed_out_then_in(editor, "Send the answer, keep the report open")
    save(editor, "Send the answer, keep the report open")
    expect(editor.locator(".messagelist")).to_contain_text("The answer is on its way.")
    expect(editor.locator(".report-page")).to_contain_text("Thank you. We looked, and it is right.")
    assert editor.evaluate(COPIES) == []
    assert editor.errors == []


def test_a_new_source_in_the_cite_dialog_waits_for_a_sign_in_and_nothing_typed_is_lost(person):
    writer = person("writer")
    writer.goto("/admin/articles/article/add/")
    writer.fill("#id_title", "Typed before lunch")
    writer.wait_for_selector("#cke_id_body iframe")
    writer.frame_locator("#cke_id_body iframe").locator("body").click()
    writer.keyboard.type("A sentence before lunch.")
    writer.locator("#cke_id_body .cke_button__citation").click()
    writer.locator(".cite-new > summary").click()
    fields = {"title": "Micrographia", "authors": "Hooke, Robert", "year": "1665", "doi": "10.1000/hooke"}
    for name, words in fields.items():
        writer.fill(f"#cite-{name}", words)
    writer.select_option("#cite-evidence", "cohort")
    writer.context.clear_cookies()
    writer.locator("#cite-add").click()
    trouble = writer.locator("#cite-trouble")
    expect(trouble).to_contain_text("You have been signed out. Nothing is lost")
    with writer.expect_popup() as opened:
        trouble.get_by_role("link", name="Sign in again in another tab").click()
    sign_in_on(opened.value, "writer")
    opened.value.wait_for_url("**/admin/")
    opened.value.close()
    writer.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(trouble).to_have_text("You are signed in again. Save now.")
    assert {name: writer.input_value(f"#cite-{name}") for name in fields} == fields
    writer.locator("#cite-add").click()
    expect(writer.locator("#cite")).not_to_be_visible()
    assert trouble.text_content() == ""
    body = writer.frame_locator("#cke_id_body iframe").locator("body")
    expect(body).to_contain_text("A sentence before lunch.")
    expect(body.locator("sup[data-cite=hooke1665]")).to_have_text("1")
    assert writer.input_value("#id_title") == "Typed before lunch"


def test_words_of_a_policy_are_offered_back_after_a_crash(editor):
    first_of(editor, "policies/policy")
    address = editor.url
    editor.wait_for_selector("#cke_id_body iframe")
    editor.fill("#id_summary", "Lost and found")
    editor.frame_locator("#cke_id_body iframe").locator("body").click()
    editor.keyboard.type("Never saved. ")
    until(editor, f"{COPIES}.some(key => localStorage[key].includes('Never saved'))")
    editor.goto(address)
    bar = editor.locator(".notice-copy")
    expect(bar).to_contain_text("You have unsaved words from")
    bar.get_by_role("button", name="Put them back").click()
    assert editor.input_value("#id_summary") == "Lost and found"
    expect(editor.frame_locator("#cke_id_body iframe").locator("body")).to_contain_text("Never saved.")
    save(editor)
    expect(editor.locator(".messagelist")).to_contain_text("changed successfully")
    editor.goto(address)
    assert editor.input_value("#id_summary") == "Lost and found"
    assert editor.evaluate(COPIES) == []


def test_words_that_the_back_button_brings_back_do_not_replace_a_newer_version(editor, person):
    first_of(editor, "products/product")
    address = editor.url
    editor.fill("#id_cautions", "Typed before leaving")
    until(editor, f"{COPIES}.length === 1")
    editor.goto("/admin/")
    other = person("editor")
    other.goto(address)
    other.fill("#id_cautions", "Saved by the other")
    save(other)
    expect(other.locator(".messagelist")).to_contain_text("changed successfully")
    editor.go_back()
    expect(editor.locator("#id_cautions")).to_have_value("Typed before leaving")
    save(editor)
    expect(editor.locator(".overtaken")).to_contain_text("Saved by the other")
    save(editor)
    expect(editor.locator(".messagelist")).to_contain_text("changed successfully")


def test_a_double_click_stores_a_new_row_once(editor):
    editor.goto("/admin/checks/preferredterm/add/")
    until(editor, "document.readyState === 'complete'")
    editor.fill("#id_avoid", "quokkaish")
    editor.fill("#id_prefer", "like a quokka")
    posts = []
    editor.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    editor.get_by_role("button", name="Save", exact=True).first.dblclick()
    expect(editor.locator(".messagelist")).to_contain_text("added successfully")
    assert len(posts) == 1
