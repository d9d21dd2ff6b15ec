"""Related articles for the page of an article."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from articles.models import Article, Publication
from website.newest_lists import newest_in

MOST = 3
NEWEST = 40  # newest articles of each topic that are considered

_Filed = Article.topics.through


def near(topics: Sequence[int]) -> set[int]:
    """Return the keys of the articles that may be related to an article on these topics (keys).

    Only the newest articles of each topic are considered, so that the cost does not grow with the archive. One query.
    """
    return {article for _, article in newest_in(topics, NEWEST)}


def related(
    slug: str, topics: Sequence[int], among: Collection[int], at: datetime | None = None
) -> QuerySet[Publication]:
    """Return up to three published articles that share these topics (keys) with the article at `slug`, never that one.

    `among` are the keys that `near` returned, `at` is an aware time (default: now). Articles that share most topics
    come first, then the latest. Each publication has `slug`, and its text in `approval.revision`.
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
