"""An advisor for whom nobody vouches, in a browser: what they read on a phone, and how an editor settles it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD
from tests.browser.test_board import PHONE, answer_all
from tests.browser.test_desk_refusals import AGAIN

FIELDS = ("advisor", "author", "account", "new_account", "new_address")
SHOWN: dict[str, tuple[str, ...]] = {
    "": (),
    "the account of an advisor": ("advisor", "new_account"),
    "the account of an author": ("author", "new_account"),
    "the email address of an account": ("account", "new_address"),
}
JOIN = f"""
from django.contrib.auth.models import Group
from accounts.models import User
from accounts.roles import ADVISORS
from advisors import disclosures, panel, reviews
from advisors.disclosures import Interest
from advisors.models import Advisor, Question, Review
from advisors.personal_data import consents
from articles.models import Article
account = User.objects.create_user("advisor9@example.org", "{PASSWORD}", name="Łucja Ørsted", is_staff=True)
account.groups.set(Group.objects.filter(name=ADVISORS))
member = Advisor.objects.create(name="Łucja Ørsted", slug="lucja-orsted", user=account, credentials="MD")
disclosures.disclose(advisor=member, actor=account, interests=dict.fromkeys(Question, Interest()))
consents.give(advisor=member, actor=account, digest=consents.digest_of(consents.current_words()))
article = Article.objects.get(slug="melatonin-for-jet-lag")
editor = User.objects.get(email="editor@example.org")
panel.assign(article=article, advisor=member, actor=editor)
review = Review.objects.get(advisor=member)
reviews.accept(review=review, actor=account)
print(review.pk, article.pk, member.pk)
"""


@pytest.fixture
def joined(asked) -> list[str]:
    """Return the keys of the review, the article and the advisor who joined an open round without a vouch."""
    asked(AGAIN)
    return asked(JOIN).split()[-3:]


def fits(page: Page) -> bool:
    """Return whether the page is no wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_approval_waits_for_a_vouch_and_counts_once_an_editor_gives_it(person, joined):
    review, article, advisor = joined
    phone = person("advisor9", **PHONE)
    phone.goto("/board/")
    expect(phone.get_by_text("An editor still has to vouch for who you are.")).to_be_visible()
    assert fits(phone)
    phone.goto(f"/board/reviews/{review}/?view=whole")
    answer_all(phone, "I approve it")
    expect(phone.get_by_text("an approval counts as soon as they have")).to_be_visible()
    phone.get_by_role("button", name="Give the verdict").click()
    expect(phone.locator(".given")).to_contain_text("counts as soon as an editor has vouched for who you are")
    assert fits(phone)

    editor = person("editor")
    expect(editor.get_by_role("heading", name="Reviewers for whom nobody vouches")).to_be_visible()
    editor.goto(f"/admin/articles/article/{article}/change/#board")
    panel = editor.locator("#board")
    expect(panel).to_contain_text("It counts as soon as somebody vouches for who they are.")
    panel.get_by_role("link", name="Vouch for Łucja Ørsted").click()
    editor.get_by_label("How have you checked who they are?").fill("Called the institute.")
    editor.get_by_role("button", name="I vouch for them").click()
    expect(editor.get_by_text("Recorded: you vouch for Łucja Ørsted.")).to_be_visible()
    editor.goto(f"/admin/articles/article/{article}/change/#board")
    expect(editor.locator("#board")).not_to_contain_text("vouches for who they are")
    phone.reload()
    expect(phone.locator(".given")).not_to_contain_text("Whether it counts")


def test_the_form_for_a_correction_shows_what_belongs_to_the_choice(person):
    editor = person("editor")
    editor.goto("/admin/advisors/accountcorrection/ask/")
    fields = {name: editor.locator(f"[data-for] #id_{name}, [data-for] #id_{name} + .select2").last for name in FIELDS}
    for choice, shown in SHOWN.items():
        if choice:
            editor.get_by_label(choice, exact=True).check()
        for name, field in fields.items():
            expect(field).to_be_visible(visible=name in shown)
