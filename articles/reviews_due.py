"""Live texts that have to come before the board again: their last review is too long ago, or a source has fallen."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from articles.models import Approval, Article, Citation, Publication, RetractionState, Source, Topic

_Past = Source.history.model


def marked_since_approval() -> "QuerySet[Citation]":
    """Citations whose source was marked after the newest approval of the revision that cites it.

    What the board knew when it approved asks for nothing; a concern that has become a retraction does. Each has
    `board_at`, the time of that approval, and `marked_at`, when the source got the state it has now (both UTC).
    """
    approvals = Approval.objects.filter(revision=OuterRef("revision")).order_by("-approved_at", "-pk")
    past = _Past.objects.filter(id=OuterRef("source"))
    before = past.filter(history_date__lte=OuterRef("board_at")).order_by("-history_date", "-history_id")
    after = past.filter(
        history_date__gt=OuterRef("board_at"), retraction_state=OuterRef("source__retraction_state")
    ).order_by("history_date", "history_id")
    return (
        Citation.objects.filter(source__retraction_state__in=(RetractionState.CONCERN, RetractionState.RETRACTED))
        .annotate(board_at=Subquery(approvals.values("approved_at")[:1], output_field=DateTimeField()))
        .annotate(
            known=Coalesce(Subquery(before.values("retraction_state")[:1]), Value(""), output_field=CharField()),
            marked_at=Subquery(after.values("history_date")[:1], output_field=DateTimeField()),
        )
        .exclude(known=RetractionState.RETRACTED)
        .exclude(known=F("source__retraction_state"))
    )


def last_review_before(at: datetime) -> "QuerySet[Publication]":
    """Live publications whose review falls due by that aware time: the newest approval of their revision is older
    than the shortest interval among the article's topics, or, where these name none, than the newsroom's own
    (articles.review_terms). Two queries: one for the intervals that topics name."""
    named: dict[int, list[int]] = {}
    for topic, days in Topic.objects.exclude(review_interval_days=None).values_list("pk", "review_interval_days"):
        named.setdefault(days, []).append(topic)
    filed = Article.topics.through.objects.filter(article=OuterRef("article"))
    due = _no_approval_since(at - timedelta(days=settings.REVIEW_INTERVAL_DAYS))
    if named:
        due = Q(~Exists(filed.filter(topic__in=[topic for topics in named.values() for topic in topics])), due)
    for days, topics in named.items():
        due |= Q(Exists(filed.filter(topic__in=topics)), _no_approval_since(at - timedelta(days=days)))
    return Publication.objects.visible().filter(due)


def _no_approval_since(at: datetime) -> Exists:
    return ~Exists(Approval.objects.filter(revision=OuterRef("approval__revision"), approved_at__gt=at))
