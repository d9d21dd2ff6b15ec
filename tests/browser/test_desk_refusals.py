"""What the review desk refuses, in a browser: each time it says why, and nothing that was typed is lost."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_board import WIDE, answer_all

REMARKS = "Remarks on the whole"
WORDS = "A long and careful thought."
SAVED = re.compile(r"Saved \d\d:\d\d")
AGAIN = """
from accounts.models import User
from advisors.models import Advisor, Review
from advisors.personal_data import consents
from articles import workflow
from articles.models import Article
article = Article.objects.get(slug="melatonin-for-jet-lag")
helene = Advisor.objects.get(user__email="advisor1@example.org")
User.objects.filter(pk=helene.user_id).update(is_active=True)
if consents.in_force(helene) is None:
    digest = consents.digest_of(consents.current_words())
    consents.give(advisor=helene, actor=helene.user, digest=digest)
if article.stage == "in_review":
    workflow.recall(article=article, actor=article.created_by)
    article.refresh_from_db()
if article.stage == "draft":
    workflow.submit(article=article, actor=article.created_by)
from advisors import reviews
review = Review.objects.get(advisor=helene, submission__article=article, submission__outcome="")
reviews.accept(review=review, actor=helene.user)
print(review.pk)
"""
RECALL = """
from articles import workflow
from articles.models import Article
article = Article.objects.get(slug="melatonin-for-jet-lag")
workflow.recall(article=article, actor=article.created_by, reason="One more source.")
"""
SWITCH_OFF = """
from accounts.models import User
user = User.objects.get(email="advisor1@example.org")
user.is_active = False
user.save()
"""
WITHDRAW = """
from advisors.models import Advisor
from advisors.personal_data import consents
helene = Advisor.objects.get(user__email="advisor1@example.org")
consents.withdraw(advisor=helene, actor=helene.user)
"""
LINK = """
from advisors import invitations
from advisors.models import Review
print(invitations.issue(Review.objects.get(pk={})))
"""
RUN_OUT = """
from datetime import timedelta
from django.utils import timezone
from advisors.models import ReviewToken
ReviewToken.objects.filter(review={}).update(expires_at=timezone.now() - timedelta(seconds=1))
"""
GIVEN = """
from advisors.models import Review
first = Review.with_taken_back.get(pk={})
rows = Review.with_taken_back.of_the_request(first)
print([(row.verdict, row.conflict, row.taken_back_at is not None) for row in rows.order_by("pk")])
"""


@pytest.fixture
def review(asked) -> str:
    """Return the key of the first advisor's accepted review in a new round on the text on jet lag."""
    return asked(AGAIN).split()[-1]


@pytest.fixture
def page(person, review) -> Page:
    """Return the first advisor's window on that review, with all answered but not given."""
    page = person("advisor1", **WIDE)
    open_review(page, review)
    return page


def open_review(page: Page, review: str) -> None:
    page.goto(f"/board/reviews/{review}/?view=whole")
    page.wait_for_load_state("load")
    answer_all(page, "I approve it")
    page.get_by_label(REMARKS).fill(WORDS)
    expect(page.locator("#kept")).to_have_text(SAVED)


def give(page: Page) -> None:
    page.get_by_role("button", name="Give the verdict").click()


def second_tab(page: Page) -> Page:
    tab = page.context.new_page()
    tab.goto(page.url)
    tab.wait_for_load_state("load")
    return tab


def opened_by(page: Page) -> Page:
    """Return the page that a tab which is out of date opens to show the present one."""
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Open the page as it is now").click()
    return opened.value


def given(asked, review: str) -> str:
    return asked(GIVEN.format(review)).strip()


NOTHING = "[('', '', False)]"


def test_a_round_that_has_ended_meanwhile(page, review, asked):
    asked(RECALL)
    give(page)
    expect(page.get_by_role("alert").first).to_contain_text("The text was taken back from the board")
    expect(page.locator(".typed", has_text=WORDS).first).to_be_visible()
    assert given(asked, review) == NOTHING


def test_a_text_that_was_replaced_while_the_page_was_open(page, review, asked, person):
    asked(RECALL)
    asked(AGAIN)
    page.get_by_label(REMARKS).fill(f"{WORDS} And more.")
    expect(page.locator("#trouble")).to_contain_text("You have been asked about a newer revision")
    expect(page.get_by_label(REMARKS)).to_have_value(f"{WORDS} And more.")
    give(page)
    expect(page.locator("#trouble")).to_contain_text("You have been asked about a newer revision")
    expect(page.get_by_role("button", name="Send it all the same")).to_have_count(0)
    expect(page.get_by_label(REMARKS)).to_have_value(f"{WORDS} And more.")
    now = opened_by(page)
    expect(now.locator(".board-state")).to_contain_text("The text was taken back from the board")
    assert given(asked, review) == NOTHING


def test_a_second_tab_after_the_verdict_was_given_in_the_first(page, review, asked):
    other = second_tab(page)
    give(page)
    expect(page.locator(".given")).to_contain_text("You approved this revision")
    other.get_by_label(REMARKS).fill("Typed in the second tab.")
    expect(other.locator("#trouble")).to_contain_text("You have given your verdict. To change it, take it back first.")
    give(other)
    expect(other.get_by_role("button", name="Send it all the same")).to_have_count(0)
    expect(other.get_by_label(REMARKS)).to_have_value("Typed in the second tab.")
    expect(opened_by(other).locator("body")).to_contain_text("You approved this revision")
    assert given(asked, review) == "[('approve', 'none', False)]"


def test_a_conflict_declared_in_another_tab(page, review, asked):
    other = second_tab(page)
    other.get_by_label("I have one, and describe it").check()
    other.get_by_label("What is it?").fill("My clinic was paid to test it.")
    expect(other.locator("#kept")).to_have_text(SAVED)
    give(other)
    expect(other.locator(".given")).to_contain_text("does not count")
    page.get_by_label(REMARKS).fill("Typed in the first tab.")
    give(page)
    expect(page.locator("#trouble")).to_contain_text("You have given your verdict")
    expect(page.get_by_label(REMARKS)).to_have_value("Typed in the first tab.")
    assert given(asked, review) == "[('approve', 'declared', False)]"


def test_a_tab_from_before_the_verdict_was_taken_back(page, review, asked):
    other = second_tab(page)
    give(page)
    page.get_by_role("button", name="Take back my verdict").click()
    expect(page.get_by_text("Your verdict is taken back, and the editors know.")).to_be_visible()
    expect(page.get_by_label(REMARKS)).to_have_value(WORDS)
    expect(page.get_by_label("I approve it")).not_to_be_checked()
    expect(page.locator(".taken-back")).to_contain_text("Approval of")
    give(other)
    expect(other.get_by_role("alert").first).to_contain_text("You have taken back your verdict since")
    expect(other.get_by_label(REMARKS)).to_have_value(WORDS)
    assert given(asked, review) == "[('approve', 'none', True), ('', '', False)]"
    give(other)
    expect(other.locator(".given")).to_contain_text("You approved this revision")


def test_a_double_press_of_taking_back(page, review, asked):
    give(page)
    page.get_by_role("button", name="Take back my verdict").dblclick()
    expect(page.get_by_role("button", name="Give the verdict")).to_be_visible()
    assert given(asked, review) == "[('approve', 'none', True), ('', '', False)]"


def test_a_double_press_of_the_verdict(page, review, asked):
    page.get_by_role("button", name="Give the verdict").dblclick()
    expect(page.locator(".given")).to_contain_text("You approved this revision")
    assert given(asked, review) == "[('approve', 'none', False)]"


def test_an_account_that_was_switched_off_meanwhile(page, review, asked, sessions):
    asked(SWITCH_OFF)
    page.get_by_label(REMARKS).fill(f"{WORDS} And more.")
    expect(page.locator("#trouble")).to_contain_text("You are no longer signed in on this device.")
    give(page)
    page.get_by_role("button", name="Send it all the same").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to go on")
    expect(page.locator(".typed")).to_contain_text("And more.")
    assert given(asked, review) == NOTHING
    sessions.clear()  # the next test signs in anew


def test_a_consent_that_was_withdrawn_meanwhile(page, review, asked):
    asked(WITHDRAW)
    give(page)
    expect(page.get_by_role("alert").first).to_contain_text("Something is not answered yet")
    expect(page.get_by_text("Readers see an approval with your name. Tick this if you agree.")).to_be_visible()
    expect(page.get_by_label(REMARKS)).to_have_value(WORDS)
    expect(page.get_by_label("I approve it")).to_be_checked()
    page.get_by_label("I agree that").check()
    give(page)
    expect(page.locator(".given")).to_contain_text("You approved this revision")
    assert given(asked, review) == "[('approve', 'none', False)]"


def test_a_link_that_ran_out_while_the_page_was_open(reader, review, asked):
    page = reader(**WIDE)
    page.goto(f"/board/r/{asked(LINK.format(review)).strip()}/")
    page.get_by_role("button", name=re.compile("Open the review|Accept")).click()
    open_review(page, review)
    asked(RUN_OUT.format(review))
    page.get_by_label(REMARKS).fill(f"{WORDS} And more.")
    expect(page.locator("#trouble")).to_contain_text("Your link has expired, or an editor has ended it.")
    give(page)
    page.get_by_role("button", name="Send it all the same").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This link no longer works")
    expect(page.locator(".typed")).to_contain_text("And more.")
    assert given(asked, review) == NOTHING


def test_the_link_of_somebody_else(person, review, asked):
    page = person("advisor2", **WIDE)
    answer = page.goto(f"/board/r/{asked(LINK.format(review)).strip()}/")
    assert answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_contain_text("This invitation is for Helene Marchetti-Oduya")
    assert page.goto(f"/board/reviews/{review}/").status == 404
    assert given(asked, review) == NOTHING


def test_a_lost_network(page, review, asked):
    def lose(route: Route) -> None:
        route.abort("internetdisconnected")

    page.route("**/board/**", lose)
    page.get_by_label(REMARKS).fill(f"{WORDS} And more.")
    expect(page.locator("#trouble")).to_contain_text("There is no connection.")
    give(page)
    expect(page.get_by_label(REMARKS)).to_have_value(f"{WORDS} And more.")
    assert given(asked, review) == NOTHING
    page.unroute("**/board/**", lose)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#kept")).to_have_text(SAVED)
    give(page)
    expect(page.locator(".given")).to_contain_text("And more.")
    assert given(asked, review) == "[('approve', 'none', False)]"
