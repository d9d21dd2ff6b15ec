"""A writer proposes reviewers, an editor confirms them on the start page, and the writer submits."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import violations
from tests.browser.test_local_copy import saved
from tests.browser.test_tour import open_article, verb

TITLE = "Ashwagandha and stress"
TWO = "Tobias Wrenfield", "Priya Sundarekar"
# Make it a draft again if an earlier test has submitted it, with no reviewers and no proposals.
BEGIN_ANEW = """
from accounts.models import User
from advisors import panel
from articles import workflow
from articles.models import Article
article = Article.objects.get(slug="ashwagandha-and-stress")
editor = User.objects.get(email="editor@example.org")
if article.stage == "in_review":
    workflow.recall(article=article, actor=editor)
for member in article.panel.standing().select_related("advisor"):
    panel.take_off(article=article, advisor=member.advisor, actor=editor)
"""
ASKED = """
from advisors.models import Review
asked = Review.objects.filter(submission__article__slug="ashwagandha-and-stress", submission__outcome="")
print(", ".join(sorted(asked.values_list("advisor__slug", flat=True))))
"""


@pytest.fixture
def writer(person, asked) -> Page:
    """Open the writer's page of a draft without reviewers."""
    asked(BEGIN_ANEW)
    page = person("writer")
    open_article(page, TITLE)
    return page


def propose(page: Page, *names: str) -> None:
    """Choose these advisors in new rows of the form, and save."""
    group = page.locator("#panel-group")
    if not group.locator("details[open]").count():
        group.locator("summary").first.click()
    for name in names:
        group.get_by_role("button", name="Add another Reviewer").click()
        group.locator(".dynamic-panel").last.locator(".select2-selection").click()
        page.locator(".select2-search__field").fill(name)
        page.locator(".select2-results__option", has_text=name).click()
    page.locator(".bar .save").click()
    saved(page)


def proposed(page: Page):
    return page.get_by_role("region", name="Reviewers proposed")


def test_from_a_proposal_to_the_board(writer, person, asked):
    expect(writer.locator("#board")).to_contain_text("Propose reviewers")
    propose(writer, *TWO)
    expect(writer.locator("#board")).to_contain_text("2 proposed, waiting for an editor to confirm.")
    verb(writer, "Submit to the board")
    expect(writer.get_by_role("alert")).to_contain_text(
        "2 proposed, waiting for an editor to confirm: Tobias Wrenfield and Priya Sundarekar."
    )

    editor = person("editor")
    expect(proposed(editor)).to_contain_text(TITLE)
    expect(proposed(editor)).to_contain_text("proposed by Amira Okafor")
    proposed(editor).get_by_role("button", name="Confirm both").click()
    expect(editor.locator(".messagelist")).to_contain_text(
        "Tobias Wrenfield and Priya Sundarekar are confirmed as reviewers"
    )
    expect(proposed(editor)).to_have_count(0)

    open_article(writer, TITLE)
    expect(writer.locator("#board")).to_contain_text("confirmed by Eleanor Marsh")
    expect(writer.locator("#board")).not_to_contain_text("Propose reviewers")
    verb(writer, "Submit to the board")
    expect(writer.locator(".stepper .here")).to_have_text("In review")
    assert asked(ASKED) == "priya-sundarekar, tobias-wrenfield"
    assert [error for error in writer.errors if "409" not in error] == []
    assert editor.errors == []


def test_what_is_withdrawn_or_turned_down_is_told_to_the_other(writer, person):
    propose(writer, *TWO)
    editor = person("editor")
    writer.get_by_role("button", name="Withdraw the proposal of Priya Sundarekar").click()
    expect(writer.locator("#board")).to_contain_text("1 proposed, waiting for an editor to confirm.")
    proposed(editor).get_by_role("button", name="Confirm both").click()
    expect(editor.locator(".messagelist")).to_contain_text("The proposal of Priya Sundarekar has been withdrawn")

    proposed(editor).locator("summary", has_text="Turn down Tobias Wrenfield").click()
    proposed(editor).get_by_label("Reason").fill("Away in May.")
    proposed(editor).get_by_role("button", name="Turn down Tobias Wrenfield", exact=True).click()
    expect(proposed(editor)).to_have_count(0)
    writer.reload()
    expect(writer.locator("#board")).to_contain_text("turned down by Eleanor Marsh")
    expect(writer.locator("#board")).to_contain_text("Away in May.")


def test_a_double_click_confirms_once(writer, person):
    propose(writer, TWO[0])
    editor = person("editor")
    proposed(editor).get_by_role("button", name="Confirm Tobias Wrenfield").dblclick()
    expect(proposed(editor)).to_have_count(0)
    writer.reload()
    on_it = writer.locator("#board .panel-members:not(.ended) > li")
    expect(on_it).to_have_count(1)
    expect(on_it).to_contain_text("confirmed by Eleanor Marsh")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_presses_are_accessible_and_fit_the_screen(writer, person, scheme, width):
    propose(writer, *TWO)
    screen = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme, "bypass_csp": True}
    editor = person("editor", **screen)
    proposed(editor).locator("summary", has_text="Turn down Tobias Wrenfield").click()
    assert violations(editor) == []
    assert editor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    open_article(editor, TITLE)
    expect(editor.locator("#board").get_by_role("button", name="Confirm both")).to_be_visible()
    assert violations(editor) == []
