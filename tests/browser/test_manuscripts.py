"""A scientist's file becomes an article: dropped or chosen, read, confirmed and submitted."""

import base64

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import violations
from tests.browser.test_proposals import TWO, propose, proposed
from tests.browser.test_tour import verb
from tests.manuscripts.documents import csl, document, paragraph, zotero
from tests.manuscripts.test_word import IMAGE, PNG, picture

TRIAL = csl("A1", "Theanine and attention in adults", "10.1000/theanine", family="Okello", year=2023)
REVIEW = csl("B2", "Green tea and cognition", "10.1000/greentea", family="Roe", year=2021)
RELATIONS = f'<Relationship Id="rId5" Type="{IMAGE}" Target="media/image1.png"/>'
FILE = document(
    paragraph("Theanine and attention", style="Title"),
    paragraph("What the trials found", style="Heading1"),
    paragraph("In 40 adults, 200 mg of theanine shortened reaction times", zotero("1", TRIAL), "."),
    paragraph("A review of nine trials found no effect on memory", zotero("1,2", TRIAL, REVIEW), "."),
    paragraph(picture("rId5", description="")),
    parts={"word/media/image1.png": PNG},
    relations=RELATIONS,
)
CITED = """
from articles.models import Article
sources = Article.objects.get(title="Theanine and attention", stage="in_review").article_sources
print(", ".join(sources.order_by("source__key").values_list("source__key", flat=True)))
"""
DROP = """({ name, data }) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
  }
}"""


def begin(person) -> Page:
    page = person("writer")
    page.goto("/admin/articles/article/begin/")
    page.get_by_role("link", name="A manuscript").click()
    return page


def test_from_a_dropped_file_to_an_article_that_cites(person):
    page = begin(person)
    page.evaluate(DROP, {"name": "theanine.docx", "data": base64.b64encode(FILE).decode()})
    expect(page.get_by_role("heading", name="2 of 2 references matched")).to_be_visible()
    for choice in page.get_by_label("Kind of evidence").all():
        choice.select_option("randomised_trial")
    page.get_by_label("Picture 1").uncheck()
    page.get_by_role("button", name="Begin the article").click()
    expect(page.locator("#id_title")).to_have_value("Theanine and attention")
    body = page.frame_locator("#cke_id_body iframe").locator("body")
    expect(body.locator("h2")).to_have_text("What the trials found")
    expect(body.locator("sup")).to_have_count(2)
    expect(page.locator(".messagelist")).to_contain_text("2 of 2 references became citations.")
    expect(page.locator("#article_sources-group")).to_contain_text("Theanine and attention in adults")
    assert page.errors == []


def test_from_a_file_to_the_board(person, asked):
    """What has to be typed is the standfirst, the safety note and two names; all else is chosen or confirmed."""
    page = begin(person)
    page.set_input_files("input[type=file]", {"name": "theanine.docx", "mimeType": "", "buffer": FILE})
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="2 of 2 references matched")).to_be_visible()
    for choice in page.get_by_label("Kind of evidence").all():
        choice.select_option("randomised_trial")
    page.get_by_label("Picture 1").uncheck()
    page.get_by_role("button", name="Begin the article").click()
    page.fill("#id_standfirst", "What two studies of theanine say about attention, and what they leave open.")
    page.locator("summary", has_text="Safety note and disclosure").click()
    page.frame_locator("#cke_id_safety_note iframe").locator("body").click()
    page.keyboard.type("Ask a doctor first in pregnancy or with medicines for blood pressure. There is no upper limit.")
    propose(page, *TWO)
    editor = person("editor")
    proposed(editor).get_by_role("button", name="Confirm both").click()
    expect(proposed(editor)).to_have_count(0)
    page.reload()
    verb(page, "Submit to the board")
    expect(page.locator(".stepper .here")).to_have_text("In review")
    assert asked(CITED) == "okello2023, roe2021"


def test_what_the_writer_typed_survives_a_refusal_and_each_answer_is_a_sentence(person):
    page = begin(person)
    page.set_input_files("input[type=file]", {"name": "m.pdf", "mimeType": "", "buffer": b"%PDF-1.7 x"})
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".errorlist")).to_contain_text("This is a PDF or RTF file.")
    page.set_input_files("input[type=file]", {"name": "m.docx", "mimeType": "", "buffer": FILE})
    page.get_by_role("button", name="Read it").click()
    page.get_by_label("Description").fill("A capsule")
    page.get_by_role("button", name="Begin the article").click()
    expect(page.locator(".messagelist")).to_contain_text("Picture 1 needs a description and a credit")
    expect(page.get_by_label("Description")).to_have_value("A capsule")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_are_accessible_and_fit_the_screen(person, scheme, width):
    page = person("writer", viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True)
    page.goto("/admin/manuscripts/manuscript/add/")
    assert violations(page) == []
    page.set_input_files("input[type=file]", {"name": "m.docx", "mimeType": "", "buffer": FILE})
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="references matched")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
