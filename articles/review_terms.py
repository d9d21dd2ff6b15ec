"""On which terms an article is reviewed: the strictest of its topics, and the newsroom's own where they are silent."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from articles.models import Article, Topic


@dataclass(frozen=True)
class ReviewTerms:
    """Approvals needed; days for an answer; days until the next review; topics that need a specialist's approval."""

    quorum: int
    due_days: int
    interval_days: int
    specialists: tuple[Topic, ...] = ()


def terms_of(article: Article) -> ReviewTerms:
    """The terms as the topics stand now: one query, none where they were prefetched.

    The highest quorum and the shortest interval among the topics count, and the shortest time for an answer. A
    topic can ask for more than the newsroom's own quorum, never for less.
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
    """Days until the next review of a text on these topics: the shortest that one of them names, else the usual."""
    intervals = [topic.review_interval_days for topic in topics if topic.review_interval_days]
    return min(intervals, default=settings.REVIEW_INTERVAL_DAYS)
