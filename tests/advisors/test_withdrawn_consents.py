"""A withdrawn consent to be named: the editors are told what it means, and no approval is signed without it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from post_office.models import Email

from advisors.models import Conflict, Review
from advisors.personal_data import consents
from advisors.quorum import signatures
from advisors.quorum.standing import standing
from articles import workflow
from articles.exceptions import InvalidTransition
from articles.models import Article, Signatory, Stage
from tests import mailing, newsroom
from tests.admin_forms import address
from tests.advisors.rounds import asked, words


@pytest.fixture(autouse=True)
def queue(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE


def withdraw(advisor) -> None:
    consents.withdraw(advisor=advisor, actor=advisor.user)


def agree(advisor) -> None:
    consents.give(advisor=advisor, actor=advisor.user, digest=consents.digest_of(consents.current_words()))


def emails_about_it() -> list[Email]:
    return list(Email.objects.filter(subject__contains="no longer agrees to be named"))


def panel(client):
    found = client.get(reverse("admin:index")).context["panels"]
    return next((one for one in found if one.title == "Consent to be named withdrawn"), None)


@pytest.fixture
def article(cast) -> Article:
    """Return an article before the board; Ada has approved it, and Ben has not answered."""
    article = newsroom.in_review(cast)
    newsroom.verdict(asked(article, "ada"))
    return article


# The editors are told


def test_the_editors_get_one_email_that_says_what_it_means_for_each_open_round(cast, article):
    withdraw(cast.advisors[0])
    [email] = emails_about_it()
    assert email.to == [cast.editor.email]
    for said in (
        "Magnesium and sleep: Their approval does not count until they agree again.",
        "0 of 2 approvals; only Dr Ben can still approve.",
        f"{address(article)}#board",
    ):
        assert said in email.message


def test_of_somebody_who_has_not_answered_yet_it_says_that_they_cannot_approve(cast, article):
    withdraw(cast.advisors[1])
    [email] = emails_about_it()
    assert "They cannot approve until they agree again." in email.message


def test_without_an_open_round_it_says_so(cast):
    withdraw(cast.advisors[0])
    [email] = emails_about_it()
    assert "No open round needs their name." in email.message


def test_a_verdict_with_a_conflict_needs_no_name(client, cast):
    article = newsroom.in_review(cast)
    newsroom.verdict(asked(article, "ada"), conflict=Conflict.DECLARED)
    withdraw(cast.advisors[0])
    assert "No open round needs their name." in emails_about_it()[0].message
    client.force_login(cast.editor)
    assert panel(client) is None


def test_the_dashboard_and_the_panel_of_the_article_show_it_until_they_agree_again(client, cast, article):
    client.force_login(cast.editor)
    assert panel(client) is None
    withdraw(cast.advisors[0])
    [row] = panel(client).rows
    assert row.text == "Magnesium and sleep" and row.note.startswith("Dr Ada, PhD: Their approval does not count")
    assert "They no longer agree to be named, so it does not count." in words(client.get(address(article)))
    client.force_login(cast.writer)
    assert panel(client) is None
    agree(cast.advisors[0])
    client.force_login(cast.editor)
    assert panel(client) is None


def test_the_dashboard_takes_as_many_queries_for_three_rounds_as_for_one(
    client, cast, article, django_assert_max_num_queries
):
    withdraw(cast.advisors[0])
    client.force_login(cast.editor)
    client.get(reverse("admin:index"))
    with django_assert_max_num_queries(200) as one:
        client.get(reverse("admin:index"))
    for _ in range(2):
        newsroom.in_review(cast)
    with django_assert_max_num_queries(200) as three:
        client.get(reverse("admin:index"))
    assert len(panel(client).rows) == 3
    assert len(three) == len(one)


def test_the_list_of_advisors_shows_who_agrees(client, cast):
    withdraw(cast.advisors[0])
    client.force_login(cast.editor)
    rows = client.get(reverse("admin:advisors_advisor_changelist")).context["cl"].result_list
    assert {row.name: row.consents for row in rows} == {"Dr Ada": False, "Dr Ben": True, "Dr Cleo": True}


# The decision


def test_the_board_decides_as_soon_as_they_agree_again(cast, article):
    withdraw(cast.advisors[0])
    newsroom.verdict(asked(article, "ben"))
    article.refresh_from_db()
    assert article.stage == Stage.IN_REVIEW
    agree(cast.advisors[0])
    article.refresh_from_db()
    assert article.stage == Stage.APPROVED


def test_no_signatory_is_made_of_somebody_who_no_longer_agrees(cast, article):
    review = Review.objects.select_related("signature").get(advisor=cast.advisors[0])
    row = signatures.signatory(review)
    withdraw(cast.advisors[0])
    with pytest.raises(InvalidTransition, match="no longer agrees to be named"):
        signatures.signatory(review)
    # Nor by a signatory that was made before.
    newsroom.verdict(asked(article, "ben"))
    ben = signatures.signatory(Review.objects.select_related("signature").get(advisor=cast.advisors[1]))
    refused = pytest.raises(IntegrityError, match="has to agree to be named when the board decides")
    with refused, transaction.atomic():
        workflow.approve(submission=article.submissions.get(), actor=cast.advisors[1].user, signatories=[row, ben])
    assert not Signatory.objects.exists() and len(standing(article.submissions.get()).counted) == 1
