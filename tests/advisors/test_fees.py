"""Fees from this publication are part of the yearly disclosure, and readers see them in its words."""

import pytest
from django.urls import reverse

from advisors import disclosures
from advisors.disclosures import Interest
from advisors.models import Advisor, Question
from articles.exceptions import InvalidTransition
from articles.models import Signatory
from tests import newsroom

NOTHING = dict.fromkeys(Question, Interest())
FEE = str(Question.FEES.label)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, "No fees from this publication.\nNo interests to declare."),
        ({Question.FEES: "80 euros a review."}, f"{FEE}: 80 euros a review.\nNo other interests to declare."),
        ({Question.STOCK: "Shares."}, "No fees from this publication.\nShares or share options: Shares."),
        (
            {Question.FEES: "A flat yearly sum.", Question.OTHER: "Wrote a book."},
            f"{FEE}: A flat yearly sum.\nWrote a book.",
        ),
    ],
)  # fmt: skip
def test_the_first_line_says_whether_the_publication_pays(answers, expected):
    interests = NOTHING | {question: Interest(words) for question, words in answers.items()}
    assert disclosures.in_words(interests) == expected


def test_the_longest_answers_leave_room_for_the_fees():
    interests = {question: Interest("x" * 1000) for question in Question}
    words = disclosures.in_words(interests)
    assert len(words) == 2000 and words.startswith(f"{FEE}: xxx")


def test_the_question_cannot_be_left_out(cast):
    member = cast.advisors[0]
    answers = {question: answer for question, answer in NOTHING.items() if question != Question.FEES}
    with pytest.raises(InvalidTransition, match="Fees from this publication"):
        disclosures.disclose(advisor=member, actor=member.user, interests=answers)


def test_an_advisor_states_them_on_the_form_and_readers_find_them(client, cast):
    client.force_login(cast.advisors[0].user)
    form = client.get(reverse("board:disclosure")).content.decode()
    assert FEE in form and "How much, and for each review or each year" in form
    posted = {f"{question.value}-has": "no" for question in Question}
    posted |= {"fees-has": "yes", "fees-statement": "80 euros for each review."}
    assert client.post(reverse("board:disclosure"), posted).url == reverse("board:desk")
    assert Advisor.objects.get(slug="ada").disclosure.startswith(f"{FEE}: 80 euros for each review.")
    article = newsroom.published(cast)
    client.logout()
    assert "80 euros for each review." in Signatory.objects.get(user=cast.advisors[0].user).disclosure
    for place in (reverse("website:article", args=[article.slug]), reverse("experts:expert", args=["ada"])):
        assert "80 euros for each review." in client.get(place).content.decode()
