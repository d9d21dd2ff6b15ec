"""What else a reader of an article may want to read."""

from datetime import datetime

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from articles.models import Article, Publication

MOST = 3

_Filed = Article.topics.through  # which article is filed under which topic; indexed by both


def related(slug: str, at: datetime | None = None) -> QuerySet[Publication]:
    """What readers can open at that time on the topics of the article at `slug`: three at most, and never itself.

    Those that share most topics come first, then the latest. One query, whatever there is: the three are found by
    their keys alone, through the index of `topic_id`, and only these three are read. Each has its `slug`, and its words
    in `approval.revision`.
    """
    own = _Filed.objects.filter(article__slug=slug).values("topic")
    visible = Publication.objects.visible(at or timezone.now()).exclude(article__slug=slug)
    found = (
        visible.filter(article__topics__in=own)
        .annotate(shared=Count("article__topics"))
        .order_by("-shared", "-starts_at", "-pk")
        .values("pk")[:MOST]
    )
    shared = _Filed.objects.filter(article=OuterRef("article"), topic__in=own).order_by().values("article")
    return (
        Publication.objects.filter(pk__in=found)
        .annotate(slug=F("article__slug"), shared=Subquery(shared.annotate(many=Count("pk")).values("many")))
        .select_related("approval__revision")
        .defer("approval__revision__body", "approval__revision__safety_note")
        .order_by("-shared", "-starts_at", "-pk")
    )
