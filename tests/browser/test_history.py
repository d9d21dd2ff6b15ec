"""The history of a text, restoring an earlier revision, and taking changes from a colleague's save."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import violations
from tests.browser.test_local_copy import saved

TITLE = "Magnesium and sleep"  # every title here begins with it, because the tests share one article


def open_form(page: Page) -> int:
    """Open the article's form, and return its number."""
    page.goto("/admin/articles/article/?o=1")
    page.locator("#result_list tbody th a", has_text="Magnesium").click()
    ready(page)
    return int(re.search(r"/article/(\d+)/", page.url)[1])


def ready(page: Page) -> None:
    """Wait until the editor has loaded its text."""
    page.wait_for_selector("#cke_id_body iframe")
    page.evaluate(
        """() => new Promise((resolve) => {
            const editor = CKEDITOR.instances.id_body;
            if (editor.status === "ready") resolve();
            else editor.on("instanceReady", () => resolve());
        })"""
    )


def body(page: Page) -> str:
    return page.evaluate("CKEDITOR.instances.id_body.getData()")


def change_body(page: Page, change: str) -> None:
    """Rewrite the body with a JavaScript expression over `html`, and wait until the editor has loaded it."""
    page.evaluate(
        f"""() => new Promise((resolve) => {{
            const editor = CKEDITOR.instances.id_body;
            const html = editor.getData();
            editor.setData({change}, () => resolve());
        }})"""
    )


def save(page: Page) -> None:
    page.evaluate("document.querySelector('[name=_continue]').click()")
    saved(page)


def save_second(page: Page) -> None:
    """Save after somebody else has: the page with both versions follows."""
    with page.expect_navigation():
        page.evaluate("document.querySelector('[name=_continue]').click()")
    ready(page)


@pytest.fixture
def opened(person) -> tuple[Page, Page, int]:
    """Return the windows of the writer and the editor, with the same article open."""
    writer, editor = person("writer"), person("editor")
    pk = open_form(writer)
    open_form(editor)
    return writer, editor, pk


def take(page: Page, text: str) -> None:
    page.locator(".cmp-pair", has_text=text).get_by_role("button", name="Take theirs").first.click()
    expect(page.locator(".conflict-status")).to_contain_text("Nothing is saved yet")


def test_pieces_of_a_save_in_the_meantime_are_taken_into_the_form(opened):
    writer, editor, _ = opened
    change_body(
        editor,
        "'<p>The editor has begun anew.</p>' + html.replace(/<p>/, '<p>Edited: ')"
        " + '<ul><li>First of theirs</li><li>Second of theirs</li></ul>'",
    )
    editor.fill("#id_standfirst", "The editor's standfirst.")
    save(editor)

    writer.fill("#id_title", f"{TITLE}, by the writer")
    change_body(writer, "html + '<p>The writer has added this.</p>'")
    save_second(writer)
    expect(writer.locator(".conflict")).to_be_visible()
    expect(writer.locator(".who-them").first).to_contain_text("not by you")

    expect(writer.locator(".conflict-status")).to_contain_text("in the form already")
    expect(writer.locator(".is-taken", has_text="Second of theirs")).to_be_visible()
    assert body(writer).startswith("<p>The editor has begun anew.</p>")
    assert "Edited: " in body(writer)
    assert re.search(r"<ul>\s*<li>First of theirs</li>\s*<li>Second of theirs</li>\s*</ul>", body(writer))
    assert body(writer).count("The editor has begun anew.") == 1
    assert "The writer has added this." in body(writer)

    expect(writer.locator("#id_standfirst")).to_have_value("The editor's standfirst.")
    expect(writer.locator("#id_title")).to_have_value(f"{TITLE}, by the writer")

    save(writer)
    assert "Edited: " in body(writer) and "The writer has added this." in body(writer)
    assert [error for error in writer.errors + editor.errors if "409" not in error] == []


def test_a_piece_that_was_taken_can_be_put_back_and_one_that_is_gone_is_left_alone(opened):
    writer, editor, _ = opened
    change_body(editor, "html.replace(/<p>/, '<p>Changed: ')")
    save(editor)
    change_body(writer, "html.replace(/<p>/, '<p>Mine: ')")
    before = body(writer)
    save_second(writer)
    expect(writer.locator(".who-both").first).to_contain_text("both of you")

    take(writer, "Changed")
    assert "<p>Changed: " in body(writer) and "Mine: " not in body(writer)
    writer.get_by_role("button", name="Put mine back").click()
    expect(writer.locator(".conflict-status")).to_contain_text("your own passage again")
    assert re.sub(r"\s", "", body(writer)) == re.sub(r"\s", "", before)

    change_body(writer, "html.replace('Mine: ', 'Mine, and typed since: ')")
    writer.get_by_role("button", name="Take theirs").first.click()
    expect(writer.locator(".conflict-status")).to_contain_text("by hand")
    assert "Mine, and typed since: " in body(writer)


def test_two_revisions_are_chosen_compared_and_the_earlier_one_restored(opened):
    writer, _, pk = opened
    writer.fill("#id_title", "Magnesium for a moment")
    save(writer)
    writer.goto(f"/admin/articles/article/{pk}/history/")
    choices = writer.locator("input[name=from]")
    choices.last.check()
    writer.get_by_role("button", name="Compare").click()
    expect(writer.locator(".cmp-field ins").first).to_contain_text("moment")
    writer.get_by_role("link", name="Side by side").click()
    expect(writer.locator(".cmp-sides").first).to_be_visible()
    writer.get_by_role("link", name=re.compile("Restore revision 1")).click()
    writer.get_by_role("button", name="Restore revision 1").click()
    expect(writer.locator(".messagelist")).to_contain_text("Restored: the text of revision 1")
    expect(writer.locator(".revision").first).to_contain_text("the current text")
    assert writer.errors == []


def test_history_and_comparison_work_without_script(person, reader):
    writer = person("writer")
    pk = open_form(writer)
    plain = reader(java_script_enabled=False)
    plain.context.add_cookies(writer.context.cookies())
    plain.goto(f"/admin/articles/article/{pk}/history/")
    plain.get_by_role("button", name="Compare").click()
    expect(plain.locator(".versions")).to_contain_text("Revision")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_on_history_comparison_and_conflict(person, scheme, width):
    options = {"color_scheme": scheme, "bypass_csp": True, "viewport": {"width": width, "height": 900}}
    writer, editor = person("writer", **options), person("editor")
    pk = open_form(writer)
    open_form(editor)
    change_body(
        editor, "html.replace(/<p>/, '<p>Theirs: ') + '<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>'"
    )
    save(editor)
    change_body(writer, "html.replace(/<p>/, '<p>Hers: ')")
    save_second(writer)
    expect(writer.locator(".conflict")).to_be_visible()
    take(writer, "Theirs")
    assert violations(writer) == []
    writer.on("dialog", lambda dialog: dialog.accept())
    for address in ("history/", "compare/", "compare/?view=sides", "restore/1/"):
        writer.goto(f"/admin/articles/article/{pk}/{address}")
        assert violations(writer) == []
        assert writer.evaluate("document.documentElement.scrollWidth") <= width
