"""Five minutes and five people: the README's tour, by mouse and keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_local_copy import SAVED

TITLE = "Ashwagandha and stress"
WORDS = "We read the trials ourselves."


def open_article(page: Page, title: str = TITLE) -> None:
    page.goto("/admin/articles/article/")
    page.get_by_role("link", name=title).first.click()


def write_at_the_end(page: Page, words: str) -> None:
    body = page.frame_locator("#cke_id_body iframe")
    body.locator("body > p").last.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(f" {words}")


def verb(page: Page, button: str) -> None:
    sheet = page.locator("details.verb", has=page.locator("summary", has_text=button))
    sheet.locator("summary").click()
    sheet.get_by_role("button", name=button).click()


def answer_and_approve(page: Page) -> None:
    """Answer the question about conflicts and the whole check-list, and approve."""
    page.get_by_role("group", name="Do you have a conflict").get_by_label("None", exact=True).check()
    for yes in page.get_by_label("Yes", exact=True).all():
        yes.check()
    page.get_by_label("I approve it").check()
    page.get_by_role("button", name="Give the verdict").click()
    expect(page.get_by_text("Your verdict is on record")).to_be_visible()


def review_at_the_desk(page: Page) -> None:
    page.goto("/board/")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("button", name="Accept").click()
    answer_and_approve(page)


def review_from_the_admin(page: Page) -> None:
    """Open the review from its page in the admin, which links to the board's desk."""
    page.goto("/admin/advisors/review/")
    page.get_by_role("link", name=TITLE).first.click()
    page.locator("#content a[href*='/board/reviews/']").first.click()
    page.get_by_role("button", name="Accept").click()
    answer_and_approve(page)


@pytest.fixture
def cited(person) -> Page:
    """Let the writer write a sentence, cite two sources for it with the Cite button, and save."""
    page = person("writer")
    open_article(page)
    write_at_the_end(page, WORDS)
    page.locator(".cke_button__citation").first.click()
    boxes = page.locator("#cite-results input")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.locator("#cite-done").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#save-status")).to_have_text(SAVED)
    return page


def test_an_article_goes_from_draft_to_reader(cited, person, reader):
    verb(cited, "Submit to the board")
    expect(cited.locator(".stepper .here")).to_have_text("In review")
    expect(cited.locator("#id_title")).to_have_count(0)
    anonymous = reader()
    assert anonymous.goto("/articles/ashwagandha-and-stress/").status == 404

    advisors = person("advisor2"), person("advisor3")
    review_at_the_desk(advisors[0])
    review_from_the_admin(advisors[1])
    editor = person("editor")
    open_article(editor)
    expect(editor.locator(".stepper .here")).to_have_text("Approved")
    verb(editor, "Publish now")
    expect(editor.locator(".stepper .here")).to_have_text("Published")

    anonymous.goto("/articles/ashwagandha-and-stress/")
    expect(anonymous.get_by_role("heading", level=1)).to_contain_text(TITLE)
    sentence = anonymous.locator("p", has_text=WORDS)
    expect(sentence.locator("[role=doc-noteref]")).to_have_count(2)
    expect(anonymous.locator("#experts")).to_contain_text("Tobias Wrenfield")
    assert anonymous.context.cookies() == []

    # The writer changes a word; readers still see the approved text.
    open_article(cited)
    cited.fill("#id_title", "Ashwagandha, changed afterwards")
    cited.get_by_role("button", name="Save", exact=True).click()
    expect(cited.locator(".stepper .here")).to_have_text("Draft")
    anonymous.reload()
    expect(anonymous.get_by_role("heading", level=1)).to_contain_text(TITLE)
    assert [error for page in (cited, editor, *advisors) for error in page.errors] == []


def test_a_mark_leads_to_its_source_and_back_without_script(reader):
    page = reader(java_script_enabled=False)
    page.goto("/articles/magnesium-and-sleep/")
    page.locator("[role=doc-noteref]").first.click()
    expect(page).to_have_url(re.compile("#source-1$"))
    page.locator("#source-1").locator("[role=doc-backlink]").first.click()
    expect(page).to_have_url(re.compile("#mark-1-1$"))
