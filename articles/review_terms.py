"""The terms on which an article is reviewed: the strictest of its topics, else the newsroom's own."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from articles.models import Article, Topic


@dataclass(frozen=True)
class ReviewTerms:
    """The approvals needed, the days for an answer and until the next review, and the topics that need a specialist."""

    quorum: int
    due_days: int
    interval_days: int
    specialists: tuple[Topic, ...] = ()


def terms_of(article: Article) -> ReviewTerms:
    """Return the terms set by the article's topics. Make one query, or none if the topics are prefetched.

    The highest quorum, the shortest interval and the shortest time for an answer among the topics apply. A topic can
    ask for more approvals than the newsroom's own quorum, but not for fewer.
    """
    topics = list(article.topics.all())
    quorums = [topic.review_quorum for topic in topics if topic.review_quorum]
    due_days = [topic.review_due_days for topic in topics if topic.review_due_days]
    return ReviewTerms(
        quorum=max([settings.REVIEW_QUORUM, *quorums]),
        due_days=min(due_days, default=settings.REVIEW_DUE_DAYS),
        interval_days=interval_of(topics),
        specialists=tuple(topic for topic in topics if topic.needs_specialist),
    )


def interval_of(topics: Iterable[Topic]) -> int:
    """Return the days until the next review of a text on these topics: the shortest set, else the newsroom's own."""
    intervals = [topic.review_interval_days for topic in topics if topic.review_interval_days]
    return min(intervals, default=settings.REVIEW_INTERVAL_DAYS)
