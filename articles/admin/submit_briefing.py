"""What the form of a submission tells the writer: what is missing, who will be asked, and by when they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from articles.review_terms import terms_of
from articles.signals import expected_reviewers_wanted
from checks.preflight import Finding, blockers, unanswered


@dataclass(frozen=True)
class ExpectedReviewer:
    """A reviewer of an article before its submission. `facts` are their specialties and how busy they are.

    `hindrance` says why a submission would not ask them, or is empty.
    """

    name: str
    facts: str = ""
    hindrance: str = ""


# Where the form has what a finding without a passage is about, by the finding's id or its field.
PLACES = {"REV01": "panel-group", "authors": "authorships-group", "sources": "article_sources-group"}


@dataclass(frozen=True)
class MissingPart:
    """Something that prevents a submission, and the address of its place in the form (without a script)."""

    finding: Finding
    url: str


@dataclass(frozen=True)
class SubmitBriefing:
    """The facts of a submission that has not been made. `specialists` are topics that need one among the approvals."""

    missing: Sequence[MissingPart]
    to_answer: Sequence[Finding]
    asked: Sequence[ExpectedReviewer]
    not_asked: Sequence[ExpectedReviewer]
    quorum: int
    specialists: Sequence[str]
    due_on: date


def submit_briefing(article: Article, found: list[Finding]) -> SubmitBriefing:
    """Return what the writer should know before they submit the article, with these findings on it."""
    terms = terms_of(article)
    answers = expected_reviewers_wanted.ask(sender=Article, article=article)
    reviewers = [reviewer for answer in answers for reviewer in answer]
    return SubmitBriefing(
        missing=[MissingPart(finding, _place_of(article, finding)) for finding in blockers(found)],
        to_answer=unanswered(found),
        asked=[reviewer for reviewer in reviewers if not reviewer.hindrance],
        not_asked=[reviewer for reviewer in reviewers if reviewer.hindrance],
        quorum=terms.quorum,
        specialists=[topic.name for topic in terms.specialists],
        due_on=timezone.localdate() + timedelta(days=terms.due_days),
    )


def _place_of(article: Article, finding: Finding) -> str:
    place = PLACES.get(finding.id) or PLACES.get(finding.field) or f"id_{finding.field}"
    return f"{reverse('admin:articles_article_change', args=[article.pk])}#{place}"
