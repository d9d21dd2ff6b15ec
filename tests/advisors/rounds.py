"""Helpers for tests of rounds: a round with three advisors, and what its people see and receive."""

from datetime import datetime, timedelta
from html import unescape

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from advisors import invitations, reviews
from advisors.models import Review, Verdict
from articles.models import Article, Submission
from tests import newsroom


def before_the_board(cast) -> Article:
    """Return an article before the board with three reviewers: Ada and Ben have accepted, and Cleo has not answered."""
    article = newsroom.draft(cast, panel=3)
    newsroom.submit(cast, article)
    for name in ("ada", "ben"):
        reviews.accept(review=asked(article, name), actor=asked(article, name).advisor.user)
    return Article.objects.get(pk=article.pk)


def asked(article: Article, name: str) -> Review:
    """Return an advisor's review in the newest round."""
    found = Review.objects.select_related("submission__revision", "advisor__user")
    return found.filter(submission__article=article, advisor__slug=name).order_by("-submission_id").first()


def request_changes(article: Article, name: str = "ada") -> Submission:
    newsroom.verdict(asked(article, name), Verdict.CHANGES)
    return article.submissions.first()


def after_the_due_date(submission: Submission) -> datetime:
    midnight = datetime.combine(submission.due_on + timedelta(days=1), datetime.min.time())
    return timezone.make_aware(midnight)


def desk(review: Review) -> Client:
    """Return a browser in which the advisor of this review has opened the link of an email."""
    browser = Client()
    browser.post(reverse("board:arrive", args=[invitations.issue(review)]), {"answer": "open"})
    return browser


def words(answer) -> str:
    return unescape(answer.content.decode())


def esubjects_to(name: str) -> list[Email]:
    return [row for row in Email.objects.order_by("pk") if row.to == [f"{name}@example.org"]]


def email_to(name: str) -> Email:
    (row,) = esubjects_to(name)
    return row


def subjects_to(name: str) -> list[str]:
    return [row.subject for row in esubjects_to(name)]
