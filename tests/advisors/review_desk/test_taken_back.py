"""The desk lists the verdicts that its advisor took back."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advisors.models import Review
from advisors.quorum import taking_back
from articles.models import Article
from core import times
from tests import newsroom
from tests.advisors.rounds import asked, words

HEADING = "Verdicts you took back"


@pytest.fixture
def article(cast) -> Article:
    """Return an article before the board; Ada has approved it, and Ben has not answered."""
    article = newsroom.in_review(cast)
    newsroom.verdict(asked(article, "ada"))
    return article


def take_back(article: Article) -> Review:
    """Let Ada take back her verdict; return the review in which she answers anew."""
    review = asked(article, "ada")
    return taking_back.take_back(review=review, actor=review.advisor.user)


def place(review: Review) -> str:
    return reverse("board:review", args=[review.pk])


def desk(client: Client) -> str:
    return words(client.get(reverse("board:desk")))


def test_the_desk_lists_what_the_advisor_took_back_with_the_date(client, cast, article):
    client.force_login(cast.advisors[0].user)
    assert HEADING not in desk(client)
    before = asked(article, "ada")
    anew = take_back(article)
    before.refresh_from_db()
    page = desk(client)
    assert HEADING in page and f"taken back {times.moment(before.taken_back_at)}." in page
    assert place(before) in page
    assert place(anew) in words(client.get(place(before), follow=True))  # leads to the new answer
    client.force_login(cast.advisors[1].user)
    assert HEADING not in desk(client)


def test_many_that_were_taken_back_take_as_many_queries_as_one(client, cast, article):
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            desk(client)
        return len(made)

    client.force_login(cast.advisors[0].user)
    take_back(article)
    few = queries()
    for _ in range(2):
        newsroom.verdict(asked(article, "ada"))
        take_back(article)
    assert queries() == few
