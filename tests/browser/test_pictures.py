"""A writer's work with pictures: from the library, from a file, by mouse, by keyboard, dropped and pasted."""

import base64
import io
import re
from itertools import count
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.test_local_copy import saved

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}}
LIBRARY = "/admin/pictures/picture/"
_shades = count(0, 20)
ALT = "A bowl of almonds on a table."

# Passes a file to the text or the page as if it had been dropped or pasted.
HAND_OVER = """([kind, data, html, selector]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "almonds.jpg", { type: "image/jpeg" }));
  if (html) transfer.setData("text/html", html);
  const target = document.querySelector(selector);
  const { left, bottom } = target.getBoundingClientRect();
  const options = { bubbles: true, cancelable: true, clientX: left + 5, clientY: bottom - 5 };
  target.dispatchEvent(kind === "paste"
    ? new ClipboardEvent("paste", { ...options, clipboardData: transfer })
    : new DragEvent(kind, { ...options, dataTransfer: transfer }));
}"""


def photograph(colour: str, size: tuple[int, int] = (900, 600)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def photo(tmp_path) -> Path:
    """Return a file that the library does not have yet; all these tests share one site."""
    path = tmp_path / "almonds.jpg"
    path.write_bytes(photograph(f"rgb(0, 128, {next(_shades)})"))
    return path


def add(page: Page, path: Path, alt: str = ALT) -> None:
    """Add a file to the library on its page."""
    page.goto(LIBRARY)
    page.set_input_files("#picture-drop input[type=file]", path)
    draft = page.locator(".picture-draft")
    draft.get_by_label("Alternative text").fill(alt)
    draft.get_by_label("Credit").fill("Photo: Jane Doe")
    draft.get_by_role("button", name="Add to the library").click()
    expect(page.locator(".picture-draft")).to_have_count(0)


def open_text(page: Page):
    """Open a new article with two paragraphs and the cursor at the end of the first; return its text field."""
    page.goto("/admin/articles/article/add/")
    page.wait_for_function("() => window.CKEDITOR?.instances.id_body?.status === 'ready'")
    page.locator("#id_title").press_sequentially("Almonds")  # the address is derived from it
    page.evaluate("CKEDITOR.instances.id_body.setData('<p>First words.</p><p>Last words.</p>')")
    text = page.frame_locator("#cke_id_body iframe")
    text.locator("p", has_text="First").click()
    page.keyboard.press("End")
    return text


def dialog_of(page: Page):
    dialog = page.get_by_role("dialog", name="Picture")
    expect(dialog).to_be_visible()
    return dialog


def data_of(page: Page) -> str:
    return page.evaluate("CKEDITOR.instances.id_body.getData()")


def test_a_file_goes_through_the_dialog_into_the_text_and_to_the_reader(person, photo):
    page = person("writer")
    text = open_text(page)
    page.locator(".cke_button__picture").click()
    dialog = dialog_of(page)
    dialog.locator("input[type=file]").set_input_files(photo)
    dialog.get_by_role("button", name="Insert picture").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Describe the picture")
    dialog.get_by_label("Alternative text").fill(ALT)
    dialog.get_by_role("button", name="Insert picture").click()
    expect(dialog.get_by_role("alert")).to_contain_text("who made")
    dialog.get_by_label("Caption").fill("Rich in magnesium")
    dialog.get_by_label("Credit").fill("Photo: Jane Doe")
    dialog.get_by_role("button", name="Insert picture").click()
    expect(dialog).to_be_hidden()

    expect(text.get_by_role("img", name=ALT)).to_be_visible()
    expect(text.locator("figcaption")).to_have_text("Rich in magnesium. Photo: Jane Doe")
    assert re.sub(r"\s", "", data_of(page)).startswith("<p>Firstwords.</p><figure><img")

    page.get_by_role("button", name="Save", exact=False).first.click()
    saved(page)
    page.goto("/admin/articles/article/?q=Almonds")
    page.get_by_role("link", name="Almonds").first.click()
    body = page.locator("#id_body").input_value()
    figure = (
        r'<figure><img src="/media/pictures/[0-9a-f]{64}\.jpg" alt="A bowl of almonds on a table\." '
        r'width="900" height="600">'
        r"\s*<figcaption>Rich in magnesium\. <em>Photo: Jane Doe</em></figcaption>\s*</figure>"
    )
    assert re.search(figure, body), body

    page.goto(page.url.replace("change/", "revision/1/"))
    shown = page.get_by_role("img", name=ALT)
    shown.scroll_into_view_if_needed()
    expect(shown).to_be_visible()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=shown.element_handle())
    assert shown.evaluate("image => image.currentSrc").endswith(".avif")
    assert page.errors == []


@pytest.mark.parametrize("keys, name", [("Control+Shift+P", "Picture"), ("Control+Shift+E", "Cite")])
def test_a_writer_who_closes_a_dialog_types_on_where_they_were(person, keys, name):
    page = person("writer")
    text = open_text(page)
    typed = "First words."
    for word in ("One", "two", "three", "four", "five"):
        page.keyboard.press(keys)
        dialog = page.get_by_role("dialog", name=name)
        expect(dialog.get_by_role("searchbox")).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.type(f" {word}")
        typed += f" {word}"
        expect(text.locator("p").first).to_have_text(typed)
    assert page.errors == []


def test_the_keyboard_alone_finds_describes_and_inserts(person, photo):
    page = person("writer")
    add(page, photo, "Almonds for the keyboard.")
    text = open_text(page)
    page.keyboard.press("Control+Shift+P")
    dialog = dialog_of(page)
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.type(" More.")
    expect(text.locator("p").first).to_have_text("First words. More.")

    page.keyboard.press("Control+Shift+P")
    page.keyboard.type("no such picture")
    expect(dialog.get_by_role("status")).to_contain_text("No picture fits")
    page.keyboard.press("Control+A")
    page.keyboard.type("keyboard")
    expect(dialog.get_by_role("radio")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("radio")).to_be_focused()
    page.keyboard.press("Space")
    expect(dialog.get_by_label("Alternative text")).to_have_value("Almonds for the keyboard.")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    dialog.get_by_label("Credit").focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Alternative text")).to_be_focused()
    page.keyboard.type("Almonds, by hand.")
    dialog.get_by_label("Credit").focus()
    page.keyboard.press("Enter")
    expect(text.get_by_role("img", name="Almonds, by hand.")).to_be_visible()
    assert page.errors == []


@pytest.mark.parametrize(("kind", "colour"), [("drop", "olive"), ("paste", "navy")])
def test_a_file_that_is_dropped_or_pasted_asks_for_its_words_first(person, kind, colour):
    page = person("writer")
    text = open_text(page)
    data = base64.b64encode(photograph(colour)).decode()
    frame = page.query_selector("#cke_id_body iframe").content_frame()
    frame.evaluate(HAND_OVER, [kind, data, "", "p"])
    dialog = dialog_of(page)
    expect(dialog.get_by_label("Alternative text")).to_be_focused()
    assert "<img" not in data_of(page)
    page.keyboard.type(ALT)
    dialog.get_by_label("Credit").fill("Photo: Jane Doe")
    dialog.get_by_role("button", name="Insert picture").click()

    expect(text.get_by_role("img", name=ALT)).to_be_visible()
    assert "/media/pictures/" in data_of(page)
    assert "base64" not in data_of(page)
    assert page.errors == []


def test_a_text_that_brings_a_picture_along_is_pasted_as_text(person):
    page = person("writer")
    open_text(page)
    data = base64.b64encode(photograph("gold")).decode()
    html = f'<p>From <b>Word</b><img src="data:image/jpeg;base64,{data}"><img src="https://tracker.example/x.gif"></p>'
    page.query_selector("#cke_id_body iframe").content_frame().evaluate(HAND_OVER, ["paste", data, html, "p"])

    page.wait_for_function("() => CKEDITOR.instances.id_body.getData().includes('Word')")
    assert "<img" not in data_of(page)
    expect(page.get_by_role("dialog", name="Picture")).to_have_count(0)


def test_a_file_that_the_library_has_is_told_and_used(person, photo):
    page = person("writer")
    add(page, photo)
    text = open_text(page)
    page.keyboard.press("Control+Shift+P")
    dialog = dialog_of(page)
    dialog.locator("input[type=file]").set_input_files(photo)
    dialog.get_by_label("Alternative text").fill("Other words.")
    dialog.get_by_label("Credit").fill("Photo: Jane Doe")
    dialog.get_by_role("button", name="Insert picture").click()
    expect(dialog.get_by_role("alert")).to_contain_text("has this picture already")
    dialog.get_by_role("button", name="Insert picture").click()
    expect(text.get_by_role("img", name="Other words.")).to_be_visible()


def test_what_is_no_picture_is_refused_in_the_dialog_and_nothing_typed_is_lost(person, tmp_path):
    page = person("writer")
    open_text(page)
    drawing = tmp_path / "drawing.jpg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    page.keyboard.press("Control+Shift+P")
    dialog = dialog_of(page)
    dialog.locator("input[type=file]").set_input_files(drawing)
    dialog.get_by_label("Alternative text").fill(ALT)
    dialog.get_by_label("Credit").fill("Me")
    dialog.get_by_role("button", name="Insert picture").click()
    expect(dialog.get_by_role("alert")).to_contain_text("not a picture we can read")
    expect(dialog.get_by_label("Alternative text")).to_have_value(ALT)


def test_a_picture_in_the_text_is_changed_and_its_caption_keeps_its_marks(person, photo):
    page = person("writer")
    add(page, photo)
    address = page.evaluate("async () => (await (await fetch('/admin/pictures/picture/pick/')).json()).pictures[0].url")
    text = open_text(page)
    page.evaluate(
        "html => CKEDITOR.instances.id_body.setData(html)",
        f'<p>Words.</p><figure><img src="{address}" alt="Old." width="900" height="600"><figcaption>Much'
        '<sup data-cite="doe2020"></sup> magnesium. <em>Jane</em></figcaption></figure>',
    )
    text.get_by_role("img", name="Old.").dblclick()
    dialog = dialog_of(page)
    expect(dialog.get_by_label("Caption")).to_have_value("Much magnesium.")
    expect(dialog.get_by_label("Credit")).to_have_value("Jane")
    dialog.get_by_label("Alternative text").fill("New.")
    dialog.get_by_role("button", name="Change picture").click()
    expect(text.get_by_role("img", name="New.")).to_be_visible()
    assert 'Much<sup data-cite="doe2020"></sup> magnesium. <em>Jane</em>' in data_of(page)

    text.get_by_role("img", name="New.").dblclick()
    dialog.get_by_label("Caption").fill("Little <b>magnesium</b>")
    dialog.get_by_role("button", name="Change picture").click()
    expect(text.locator("figcaption")).to_have_text("Little <b>magnesium</b>. Jane")
    assert "Little &lt;b&gt;magnesium&lt;/b&gt;. <em>Jane</em></figcaption>" in data_of(page)
    page.evaluate("CKEDITOR.instances.id_body.execCommand('undo')")
    assert 'data-cite="doe2020"' in data_of(page)


def test_files_dropped_on_the_library_wait_for_their_words(person):
    page = person("writer")
    page.goto(LIBRARY)
    for colour in ("maroon", "purple"):
        data = base64.b64encode(photograph(colour)).decode()
        page.evaluate(HAND_OVER, ["drop", data, "", "#content"])
    drafts = page.locator(".picture-draft")
    expect(drafts).to_have_count(2)
    drafts.first.get_by_role("button", name="Add to the library").click()
    expect(drafts.first.get_by_role("alert")).to_contain_text("Describe the picture")
    for alt in ("Maroon.", "Purple."):
        drafts.first.get_by_label("Alternative text").fill(alt)
        drafts.first.get_by_label("Credit").fill("Me")
        drafts.first.get_by_role("button", name="Add to the library").click()
        expect(page.locator("#picture-wall li").first).to_contain_text(alt)
    expect(drafts).to_have_count(0)
    page.reload()
    expect(page.locator("#picture-wall")).to_contain_text("Maroon.")
    assert page.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_librarys_pages_and_in_the_dialog(person, photo, scheme):
    page = person("editor", color_scheme=scheme, bypass_csp=True)
    add(page, photo, f"For axe, {scheme}.")
    page.goto(LIBRARY)
    page.set_input_files("#picture-drop input[type=file]", photo)
    found = {"wall": violations(page)}
    page.on("dialog", lambda asked: asked.accept())
    page.get_by_role("link", name="Photo: Jane Doe").first.click()
    expect(page.locator(".picture-facts")).to_be_visible()
    found["picture"] = violations(page)
    page.goto(f"{LIBRARY}add/")
    found["add"] = violations(page)
    open_text(page)
    page.keyboard.press("Control+Shift+P")
    expect(dialog_of(page).get_by_role("radio").first).to_be_visible()
    found["dialog"] = violations(page, ".picture-sheet")

    assert {place: rules for place, rules in found.items() if rules} == {}


def violations(page: Page, within: str | None = None) -> list[tuple]:
    found = Axe().run(page, context=within, options=RULES).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found]
