"""Fixtures for the tests of the board's desk: a review that Ada was asked for, her browser, and her token."""

import pytest
from django.test import Client
from django.urls import reverse

from advisors import invitations, reviews
from advisors.models import ChecklistItem, Review
from articles import workflow
from articles.models import Article, Reason
from tests import newsroom

TITLE = "Of quokkas and magnesium"
BODY = '<h2>The trials</h2><p>Sleep was longer by {} minutes.<sup data-cite="doe2020"></sup></p>'


def place(name: str, review: Review, *more: int) -> str:
    return reverse(f"board:{name}", args=[review.pk, *more])


def typed(review: Review, **fields: str) -> dict[str, str]:
    """Return a complete verdict: no conflict, every question answered, approved."""
    return {
        "digest": review.submission.revision.digest,
        "conflict": "none",
        "verdict": "approve",
        **{f"tick_{item.pk}": "yes" for item in ChecklistItem.objects.all()},
        **fields,
    }


def arrive(review: Review, answer: str = "accept") -> Client:
    """Return a browser that has opened this review with its token and pressed a button."""
    browser = Client()
    browser.post(reverse("board:arrive", args=[invitations.issue(review)]), {"answer": answer})
    return browser


@pytest.fixture
def asked(cast) -> Review:
    """Return the review that Ada has been asked for; Ben has been asked, too."""
    newsroom.in_review(cast, title=TITLE)
    return Review.objects.get(advisor=cast.advisors[0])


@pytest.fixture
def reading(asked, cast) -> Review:
    return reviews.accept(review=asked, actor=cast.advisors[0].user)


@pytest.fixture
def ada(client, cast) -> Client:
    client.force_login(cast.advisors[0].user)
    return client


@pytest.fixture
def question(cast) -> ChecklistItem:
    return ChecklistItem.objects.create(question="Do the doses stand?", hint="Look at <b>each</b>.")


def asked_now(cast) -> Review:
    """Return Ada's review in the open round."""
    return Review.objects.get(advisor=cast.advisors[0], submission__outcome="")


def accepted(cast) -> Review:
    return reviews.accept(review=asked_now(cast), actor=cast.advisors[0].user)


@pytest.fixture
def third(cast, question) -> Review:
    """Ada approved the first text, which was published, and the second, and is asked about the third."""
    article = newsroom.published(cast, body=BODY.format(10))
    newsroom.rewrite(cast, article, body=BODY.format(20))
    newsroom.approve(newsroom.submit(cast, article))
    newsroom.rewrite(cast, article, body=BODY.format(30))
    newsroom.submit(cast, article)
    return asked_now(cast)


@pytest.fixture
def renewal(cast, third) -> Review:
    """Three texts were approved, the third is live, and Ada is asked to review it again, unchanged."""
    newsroom.approve(third.submission)
    article = Article.objects.get()
    newsroom.publish(cast, article)
    workflow.submit(article=article, actor=cast.editor, reason=Reason.RENEWAL)
    return asked_now(cast)
