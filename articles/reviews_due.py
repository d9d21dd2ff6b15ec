"""Live texts that have to come before the board again because of what became known of their sources."""

from django.db.models import CharField, DateTimeField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from articles.models import Approval, Citation, RetractionState, Source

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
        Citation.objects.exclude(source__retraction_state=RetractionState.NONE)
        .annotate(board_at=Subquery(approvals.values("approved_at")[:1], output_field=DateTimeField()))
        .annotate(
            known=Coalesce(Subquery(before.values("retraction_state")[:1]), Value(""), output_field=CharField()),
            marked_at=Subquery(after.values("history_date")[:1], output_field=DateTimeField()),
        )
        .exclude(known=RetractionState.RETRACTED)
        .exclude(known=F("source__retraction_state"))
    )
