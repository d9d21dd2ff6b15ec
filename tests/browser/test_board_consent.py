"""The consent to be named in a browser: asked in the form of the verdict, beside a draft that saves itself."""

import re

from playwright.sync_api import expect

from tests.browser.test_accessibility import violations
from tests.browser.test_board import PHONE, STATE, THEANINE, answer_all

PREPARE = """
from advisors import invitations
from advisors.personal_data import consents
from advisors.models import Review
rows = Review.objects.waiting().filter(submission__article__slug="{}").select_related("advisor__user")
review = rows.order_by("pk").first()
consents.withdraw(advisor=review.advisor, actor=review.advisor.user)
print(review.pk, invitations.issue(review))
"""


def test_consent_is_not_part_of_the_draft_and_goes_with_the_verdict(reader, asked):
    key, token = asked(PREPARE.format(THEANINE)).split()
    page = reader(**PHONE, color_scheme="dark")
    saved: list[str] = []
    page.on("request", lambda request: saved.append(request.post_data or "") if "/typed/" in request.url else None)
    page.goto(f"/board/r/{token}/")
    page.locator(".acts button").first.tap()
    expect(page).to_have_url(re.compile(f"/board/reviews/{key}/$"))
    page.goto(f"/board/reviews/{key}/#verdict")
    page.get_by_label("Remarks on the whole (optional)").fill("A careful text.")
    expect(page.locator("#kept")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    assert saved and not [words for words in saved if "consent" in words]
    page.reload()
    expect(page.get_by_label("Remarks on the whole (optional)")).to_have_value("A careful text.")
    answer_all(page, "I approve it")
    page.get_by_role("button", name="Give the verdict").tap()
    expect(page.get_by_text("Tick this if you agree.")).to_be_visible()
    assert not violations(page)
    page.get_by_label("I agree that").check()
    page.get_by_role("button", name="Give the verdict").tap()
    expect(page.get_by_text("You approved this revision.")).to_be_visible()
    assert asked(STATE.format(key)).split() == ["accepted", "approve", "none"]
