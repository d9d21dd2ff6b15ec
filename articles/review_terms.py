"""The terms on which an article is reviewed: the strictest of its topics, else the newsroom's own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings

from articles.models import Article, Topic


@dataclass(frozen=True)
class ReviewTerms:
    """The number of approvals needed, two intervals in days, and the topics that need a specialist.

    Reviewers have `due_days` to answer, and the next review is due after `interval_days`.
    """

    quorum: int
    due_days: int
    interval_days: int
    specialists: tuple[Topic, ...] = ()


def lowest_quorum() -> int:
    """Return the fewest approvals that any round may need: the newsroom's own quorum, and never less than one."""
    return max(1, settings.REVIEW_QUORUM)


def terms_of(article: Article) -> ReviewTerms:
    """Return the terms set by the article's topics. Makes one query, or none if the topics are prefetched.

    The highest quorum, the shortest review interval and the fewest days for an answer among the topics apply. A topic
    can ask for more approvals than the newsroom's own quorum, but not for fewer.
    """
    topics = list(article.topics.all())
    quorums = [topic.review_quorum for topic in topics if topic.review_quorum]
    due_days = [topic.review_due_days for topic in topics if topic.review_due_days]
    return ReviewTerms(
        quorum=max([lowest_quorum(), *quorums]),
        due_days=min(due_days, default=settings.REVIEW_DUE_DAYS),
        interval_days=interval_of(topics),
        specialists=tuple(topic for topic in topics if topic.needs_specialist),
    )


def terms_in_force(article: Article) -> ReviewTerms:
    """Return the terms set by the article's topics, with the quorum and the specialists of its open round, if any."""
    submission, terms = article.submissions.open().first(), terms_of(article)
    if submission is None:
        return terms
    now = submission.terms_now()
    return replace(terms, quorum=now.quorum, specialists=now.specialists)


def interval_of(topics: Iterable[Topic]) -> int:
    """Return the number of days until the next review: the shortest of these topics' intervals, else the newsroom's."""
    intervals = [topic.review_interval_days for topic in topics if topic.review_interval_days]
    return min(intervals, default=settings.REVIEW_INTERVAL_DAYS)
