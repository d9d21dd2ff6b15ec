"""Two reviewers and an editor in a browser: changes requested while a colleague is typing, and a mistaken refusal."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_board import PHONE, WIDE, answer_all

PREPARE = """
import json
from accounts.models import User
from advisors import invitations, panel, reviews
from advisors.models import Advisor, ChecklistItem, Review
from articles.models import Article
ChecklistItem.objects.get_or_create(question="Do the claims match their sources?")
article = Article.objects.get(slug="melatonin-for-jet-lag")
editor = User.objects.get(email="editor@example.org")
panel.assign_all(article=article, advisors=Advisor.objects.filter(is_active=True), actor=editor)
rows = Review.objects.waiting().filter(submission__article=article).select_related("advisor__user")
print(json.dumps([
    [row.advisor.user.email.split("@")[0], row.pk, invitations.issue(row)] for row in rows
]))
"""
STATE = "from advisors.models import Review; r = Review.objects.get(pk={}); print(r.response, r.verdict)"
CLOSED = "from articles.models import Article; print(Article.objects.get(slug='melatonin-for-jet-lag').is_locked)"


@pytest.fixture(scope="module")
def waiting(asked) -> dict[str, tuple[int, str]]:
    """Return the open reviews of the text on jet lag by advisor: their keys, and a token for each."""
    return {name: (key, token) for name, key, token in json.loads(asked(PREPARE))}


def test_one_declines_by_mistake_and_finishes_after_a_colleague_has_requested_changes(reader, waiting, asked):
    names = sorted(waiting)[:2]
    (first, first_token), (_, second_token) = waiting[names[0]], waiting[names[1]]

    # The first one presses the wrong button, and undoes it.
    page = reader(**PHONE)
    page.goto(f"/board/r/{first_token}/?answer=decline")
    page.get_by_label("Why you decline").fill("The wrong button.")
    page.get_by_role("button", name="Decline", exact=True).tap()
    expect(page.locator(".board-state")).to_contain_text("You have declined this review.")
    page.get_by_role("button", name="I will review it after all").tap()
    expect(page.get_by_role("button", name="Give the verdict")).to_be_visible()
    page.get_by_role("button", name="I need more time").tap()
    expect(page.locator(".board-head")).to_contain_text("You have asked for more time")

    # While they type, a colleague requests changes.
    page.get_by_label("Remarks on the whole").fill("A careful text, and one question.")
    expect(page.locator("#kept")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    colleague = reader(**WIDE)
    colleague.goto(f"/board/r/{second_token}/")
    colleague.get_by_role("button", name="Accept").click()
    colleague.get_by_label("Comment", exact=True).fill("In whom was this?")
    colleague.get_by_role("button", name="Save this comment").click()
    answer_all(colleague, "I request changes")
    question = colleague.locator(".tick").first
    question.get_by_label("No", exact=True).check()
    expect(question.get_by_label("What is not right?")).to_be_visible()
    colleague.get_by_role("button", name="Give the verdict").click()
    expect(colleague.locator(".given")).to_contain_text("You requested changes")
    assert asked(CLOSED) == "True"

    # They continue, see the request after reloading, and give their verdict.
    page.get_by_label("Remarks on the whole").fill("A careful text, and one question more.")
    expect(page.locator("#kept")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    page.reload()
    expect(page.locator(".board-head")).to_contain_text("Another reviewer has requested changes")
    expect(page.get_by_label("Remarks on the whole")).to_have_value("A careful text, and one question more.")
    answer_all(page, "I approve it")
    page.get_by_role("button", name="Give the verdict").tap()
    expect(page.locator(".given")).to_contain_text("You approved this revision")
    assert asked(STATE.format(first)) == "accepted approve"
    assert page.errors == [] and colleague.errors == []


def test_the_editor_sees_the_answers_and_the_state_of_the_round(person, waiting, asked):
    page = person("editor", **WIDE)
    page.goto("/admin/articles/article/?q=melatonin")
    page.get_by_role("link", name="Melatonin").first.click()
    board = page.locator("#board")
    expect(board.locator(".answers[open]").first).to_contain_text("Do the claims match their sources?")
    assert page.errors == []
