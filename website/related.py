"""What else a reader of an article may want to read."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from articles.models import Article, Publication
from website.topic_articles import newest_in

MOST = 3
NEWEST = 40  # of each topic, among which they are looked for

_Filed = Article.topics.through  # which article is filed under which topic


def near(topics: Sequence[int]) -> set[int]:
    """The articles, by key, among which those related to an article on these topics (keys) are looked for: the newest
    of each topic, so that the cost stays what it is, however large the archive. One query."""
    return {article for _, article in newest_in(topics, NEWEST)}


def related(
    slug: str, topics: Sequence[int], among: Collection[int], at: datetime | None = None
) -> QuerySet[Publication]:
    """What readers can open at that time on these topics (keys) of the article at `slug`: three at most, never itself,
    of those that are `near`.

    Those that share most topics come first, then the latest. Each has its `slug`, and its words in
    `approval.revision`.
    """
    shared = _Filed.objects.filter(article=OuterRef("article"), topic__in=topics).order_by().values("article")
    return (
        Publication.objects.visible(at or timezone.now())
        .filter(article__in=among)
        .exclude(article__slug=slug)
        .annotate(slug=F("article__slug"), shared=Subquery(shared.annotate(many=Count("pk")).values("many")))
        .select_related("approval__revision")
        .defer("approval__revision__body", "approval__revision__safety_note")
        .order_by("-shared", "-starts_at", "-pk")[:MOST]
    )
