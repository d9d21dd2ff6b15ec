"""Whole rounds of the board in a browser: links that no longer work, days without a run of the reminders, a decline and
a replacement, a conflict that does not count, and a second round after a wording was used.
"""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CSRF_COOKIE
from tests.browser.test_board import HELENE, MELATONIN, PHONE, THEANINE, WIDE, answer_all, select, words_of

LINK = """
from advisors import invitations
from advisors.models import Review
rows = Review.objects.waiting().filter(submission__article__slug="{}", advisor__user__email="{}@example.org")
print(rows.get().pk, invitations.issue(rows.get()))
"""
STORED = """
from advisors.models import Comment, Review, ReviewToken
reviews = Review.objects.order_by("pk").values_list("pk", "response", "verdict")
print(list(reviews), Comment.objects.count(), list(ReviewToken.objects.values_list("pk", "expires_at", "revoked_at")))
"""
RUN_OUT = """
from datetime import timedelta
from django.utils import timezone
from advisors.models import ReviewToken
print(ReviewToken.objects.filter(review={}).update(expires_at=timezone.now() - timedelta(seconds=1)))
"""
STAGE = "from articles.models import Article; print(Article.objects.get(slug='{}').stage)"
# The command as it runs by itself, on another day. It prints the emails instead of sending them.
SEND = """
from datetime import datetime, time, timedelta, UTC
import time_machine
from django.conf import settings
from django.core.management import call_command
from advisors.models import Review
settings.POST_OFFICE["BACKENDS"]["default"] = "django.core.mail.backends.console.EmailBackend"
due_on = Review.objects.waiting().get(pk={}).submission.due_on
with time_machine.travel(datetime.combine(due_on + timedelta(days={}), time(9), UTC), tick=False):
    call_command("send_due")
"""
ROWS = """
import json
from advisors.models import ScheduledEmail
rows = ScheduledEmail.objects.filter(review={}, sent_at__isnull=False).order_by("due_at", "pk")
print(json.dumps(list(rows.values_list("occasion", flat=True))))
"""


@pytest.fixture
def link(asked):
    """Create a link to the review that an advisor was asked for; return its key and the address."""

    def make(slug: str, name: str) -> tuple[str, str]:
        key, token = asked(LINK.format(slug, name)).split()
        return key, f"/board/r/{token}/"

    return make


def open_article(page: Page, title: str) -> None:
    page.goto("/admin/articles/article/")
    page.get_by_role("link", name=re.compile(title)).first.click()


def opens_nothing(page: Page, address: str, heading: str, status: int) -> None:
    answer = page.goto(address)
    assert answer.status == status
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.get_by_text("Melatonin for jet lag")).to_have_count(0)


def test_a_link_that_a_mail_scanner_has_fetched_still_waits_to_be_pressed(reader, link, asked):
    _, address = link(MELATONIN, "advisor3")
    before = asked(STORED)
    scanner = reader()
    for query in ("", "?answer=accept", "?answer=decline"):
        for headers in ({}, {"Purpose": "prefetch", "Sec-Purpose": "prefetch"}):
            assert scanner.request.get(address + query, headers=headers).status == 200
        assert scanner.request.head(address + query).status == 200
        scanner.goto(address + query)
    assert {cookie["name"] for cookie in scanner.context.cookies()} <= {CSRF_COOKIE}
    assert asked(STORED) == before
    expect(scanner.get_by_label("Why you decline")).to_be_visible()
    assert scanner.errors == []


def test_a_link_that_is_old_revoked_somebody_elses_or_for_another_article(reader, person, link, asked):
    key, address = link(MELATONIN, "advisor3")
    other, _ = link(THEANINE, "advisor3")
    helene = re.search(r"\d+", asked(HELENE))[0]
    page = reader(**PHONE)

    # Used for another article, or for another advisor's review of the same article.
    page.goto(address)
    page.get_by_role("button", name="Accept").tap()
    expect(page).to_have_url(re.compile(f"/board/reviews/{key}/$"))
    for wrong in (other, helene):
        opens_nothing(page, f"/board/reviews/{wrong}/", "This link opens another page", 403)

    # Somebody else's link.
    tobias = person("advisor2", **WIDE)
    opens_nothing(tobias, address, "This invitation is for Priya Sundarekar, PharmD", 403)
    assert tobias.goto(f"/board/reviews/{key}/").status == 404

    # An editor revokes it while the page is open: nothing more is accepted, and what was typed is shown again.
    page.goto(f"/board/reviews/{key}/")
    page.get_by_label("Comment", exact=True).fill("Said too late.")
    expect(page.locator("#kept")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    editor = person("editor", **WIDE)
    open_article(editor, "Melatonin for jet lag")
    row = editor.locator("#board .round-answers > li", has_text="Priya Sundarekar")
    row.locator("summary", has_text="Their link").click()
    row.get_by_role("button", name="End their links").click()
    expect(editor.get_by_text("Their links no longer work")).to_be_visible()
    page.get_by_label("Comment", exact=True).fill("Said too late. And more.")
    expect(page.locator("#trouble")).to_contain_text("Your link has expired, or an editor has ended it.")
    expect(page.get_by_label("Comment", exact=True)).to_have_value("Said too late. And more.")
    opens_nothing(page, address, "This link no longer works", 404)

    # An old link. What was typed with the first link is there with the next one.
    _, newer = link(MELATONIN, "advisor3")
    page.goto(newer)
    page.get_by_role("button", name="Open the review").tap()
    expect(page.get_by_label("Comment", exact=True)).to_have_value("Said too late.")
    page.get_by_role("button", name="Throw them away").tap()
    assert asked(RUN_OUT.format(key)) != "0"
    opens_nothing(page, newer, "This link no longer works", 404)
    assert asked(f"from advisors.models import Comment; print(Comment.objects.filter(review={key}).count())") == "0"


def test_a_clock_moved_through_reminders_with_days_missed(reader, person, link, asked):
    key, _ = link(MELATONIN, "advisor3")
    asked(SEND.format(key, -20))
    assert json.loads(asked(ROWS.format(key))) == ["invitation"]
    asked(SEND.format(key, -3))
    asked(SEND.format(key, -2))
    assert json.loads(asked(ROWS.format(key))) == ["invitation", "before_due"]
    # After nine days without a run, the reminders of the second and of the ninth day are sent as one email, once.
    emails = asked(SEND.format(key, 9))
    assert emails.count("To: advisor3@example.org") == 2  # for each of the two texts that she has to review
    asked(SEND.format(key, 9))
    assert json.loads(asked(ROWS.format(key))) == ["invitation", "before_due", "overdue"]
    editor = person("editor", **WIDE)
    editor.goto("/admin/advisors/scheduledemail/?state=sent&occasion__exact=overdue")
    expect(editor.get_by_role("cell", name="Priya Sundarekar").first).to_be_visible()

    # The reminder's own link opens the review, with the unfinished draft still in it.
    (email,) = [
        words
        for words in emails.split("Subject: ")
        if "To: advisor3@example.org" in words and "Your review of “Melatonin for jet lag" in words
    ]
    phone = reader(**PHONE)
    phone.goto(re.search(r"/board/r/[\w-]{43}/", email)[0])
    phone.get_by_role("button", name=re.compile("Accept, and read it|Open the review")).tap()
    expect(phone).to_have_url(re.compile(f"/board/reviews/{key}/$"))
    assert phone.errors == []


def test_an_advisor_declines_names_somebody_and_an_editor_asks_them(reader, person, link, asked):
    key, address = link(MELATONIN, "advisor3")
    page = reader(**PHONE)
    page.goto(f"{address}?answer=decline")
    expect(page.locator("#board-members option[value='Tobias Wrenfield']")).to_have_count(1)
    expect(page.locator("#board-members option[value='Priya Sundarekar']")).to_have_count(0)
    page.get_by_label("Why you decline").fill("I am on leave until May.")
    page.get_by_label("Whom would you ask instead?").fill("Tobias Wrenfield, perhaps")
    page.get_by_role("button", name="Decline").tap()
    expect(page.locator(".board-state")).to_contain_text("You have declined this review")
    expect(page).to_have_url(re.compile(f"/board/reviews/{key}/$"))
    expect(page.get_by_role("button", name="Give the verdict")).to_have_count(0)

    editor = person("editor", **WIDE)
    open_article(editor, "Melatonin for jet lag")
    row = editor.locator("#board .round-answers > li", has_text="Priya Sundarekar")
    expect(row).to_contain_text("I am on leave until May.")
    row.get_by_role("button", name="Ask Tobias Wrenfield").click()
    expect(editor.get_by_text("is a reviewer now and has been asked")).to_be_visible()
    tobias = person("advisor2", **WIDE)
    tobias.goto("/board/")
    expect(tobias.locator(".reviews").first).to_contain_text("Melatonin for jet lag")
    assert [error for window in (editor, tobias) for error in window.errors] == []


def test_a_conflict_takes_an_approval_out_of_the_quorum(person, asked):
    helene = person("advisor1", **WIDE)
    helene.goto(f"/board/reviews/{re.search(r'[0-9]+', asked(HELENE))[0]}/")
    answer_all(helene, "I approve it")
    helene.get_by_label("I have one, and describe it").check()
    helene.get_by_role("button", name="Give the verdict").click()
    expect(helene.get_by_role("alert").first).to_contain_text("Describe the conflict of interest")
    helene.get_by_label("What is it?").fill("My clinic was paid to test it.")
    helene.get_by_role("button", name="Give the verdict").click()
    expect(helene.locator(".given")).to_contain_text("does not count")

    tobias = person("advisor2", **WIDE)
    tobias.goto("/board/")
    tobias.get_by_role("link", name=re.compile("Melatonin")).first.click()
    tobias.get_by_role("button", name="Accept").click()
    answer_all(tobias, "I approve it")
    tobias.get_by_role("button", name="Give the verdict").click()
    expect(tobias.locator(".given")).to_contain_text("The round is still open")
    assert asked(STAGE.format(MELATONIN)) == "in_review"
    editor = person("editor", **WIDE)
    open_article(editor, "Melatonin for jet lag")
    row = editor.locator("#board .round-answers > li", has_text="Helene Marchetti-Oduya")
    expect(row).to_contain_text("declared a conflict of interest: does not count")
    expect(editor.locator(".stepper .here")).to_have_text("In review")


def test_two_rounds_with_wording_that_the_writer_takes_with_one_click(person, link, asked):
    key, _ = link(THEANINE, "advisor3")
    priya = person("advisor3", **WIDE)
    priya.goto(f"/board/reviews/{key}/?view=whole")
    chosen = words_of(priya, 1)
    select(priya, chosen)
    priya.get_by_role("button", name="Comment on these words").click()
    priya.get_by_label("Comment", exact=True).fill("Softer, please.")
    priya.get_by_text("Suggest other wording").click()
    priya.get_by_label("Wording you suggest").fill("words of the board")
    priya.get_by_role("button", name="Save this comment").click()
    expect(priya.locator(".thread", has_text="Softer, please.")).to_contain_text("words of the board")
    answer_all(priya, "I request changes")
    priya.get_by_role("button", name="Give the verdict").click()
    expect(priya.locator(".given")).to_contain_text("You requested changes")

    writer = person("writer", **WIDE)
    open_article(writer, "L-theanine")
    thread = writer.locator("#board .thread", has_text="Softer, please.")
    thread.get_by_role("button", name="Use this wording").click()
    expect(writer.get_by_text("The wording is in the text, as a new revision.")).to_be_visible()
    closed = writer.locator("#board details", has_text="Resolved, or wording used").last
    closed.locator("summary").first.click()
    closed.locator(".thread", has_text="Softer, please.").locator("summary", has_text="Answer").click()
    closed.get_by_label("Your answer").last.fill("Taken as you said it.")
    with writer.expect_navigation():
        closed.locator(".thread", has_text="Softer, please.").get_by_role("button", name="Answer").click()
    sheet = writer.locator("details.verb", has=writer.locator("summary", has_text="Submit to the board"))
    sheet.locator("summary").click()
    sheet.get_by_role("button", name="Submit to the board").click()
    expect(writer.locator(".stepper .here")).to_have_text("In review")

    priya.goto("/board/")
    priya.get_by_role("link", name=re.compile("L-theanine")).first.click()
    priya.get_by_role("button", name="Accept").click()
    expect(priya.locator(".cmp ins", has_text="words of the board").first).to_be_visible()
    earlier = priya.locator(".thread", has_text="Softer, please.")
    expect(earlier).to_contain_text("Wording used by Amira Okafor")
    expect(earlier).to_contain_text("Taken as you said it.")
    # A source opens in the text if the script has loaded, and beside it otherwise.
    priya.wait_for_load_state("load")
    priya.locator(".cmp-cite a:visible").first.click()
    expect(priya.locator(".source-here")).to_contain_text("The writer says it supports")
    answer_all(priya, "I approve it")
    priya.get_by_role("button", name="Give the verdict").click()
    expect(priya.locator(".given")).to_contain_text("You approved this revision")
    assert priya.errors + writer.errors == []
