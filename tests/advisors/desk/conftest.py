"""What the desk's tests share: a review that Ada has been asked for, her browser, and her token."""

import pytest
from django.test import Client
from django.urls import reverse

from advisors import invitations, reviews
from advisors.models import ChecklistItem, Review
from tests import newsroom

TITLE = "Of quokkas and magnesium"


def place(name: str, review: Review, *more: int) -> str:
    return reverse(f"board:{name}", args=[review.pk, *more])


def typed(review: Review, **fields: str) -> dict[str, str]:
    """A whole verdict: no conflict, every question answered, approved."""
    return {
        "digest": review.submission.revision.digest,
        "conflict": "none",
        "verdict": "approve",
        **{f"tick_{item.pk}": "yes" for item in ChecklistItem.objects.all()},
        **fields,
    }


def arrive(review: Review, answer: str = "accept") -> Client:
    """A browser that has come in by this review's token and pressed a button."""
    browser = Client()
    browser.post(reverse("board:arrive", args=[invitations.issue(review)]), {"answer": answer})
    return browser


@pytest.fixture
def asked(cast) -> Review:
    """What Ada has been asked; Ben has been asked, too."""
    newsroom.in_review(cast, title=TITLE)
    return Review.objects.get(advisor=cast.advisors[0])


@pytest.fixture
def reading(asked, cast) -> Review:
    return reviews.accept(review=asked, actor=cast.advisors[0].user)


@pytest.fixture
def ada(client, cast) -> Client:
    client.force_login(cast.advisors[0].user)
    return client
