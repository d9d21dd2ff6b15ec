"""Find live texts that need another review: the last review is too old, or a source was put in doubt after it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict, cast

from django.conf import settings
from django.db.models import BooleanField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.models import Approval, Article, Citation, Publication, Topic
from articles.models.visibility import in_force
from sources.models import RetractionState, Source

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    MarkedCitation = WithAnnotations[Citation, "MarkedColumns"]

_Past = Source.history.model
MARKS = (RetractionState.CONCERN, RetractionState.RETRACTED)
_SHOWN_BY = "revision__approvals__publications__"


class MarkedColumns(TypedDict):
    """The columns that `marked_since_approval` adds to a citation."""

    board_at: datetime
    marked_at: datetime | None


def marked_since_approval() -> "QuerySet[MarkedCitation]":
    """Return citations whose source was retracted or put in doubt after the newest approval of the citing revision.

    A state that the board knew when it approved is left out; a concern that has become a retraction since is not. Each
    citation has `board_at`, the time of that approval, and `marked_at`, the time at which the source got its present
    state (both UTC).
    """
    approvals = Approval.objects.filter(revision=OuterRef("revision")).order_by("-approved_at", "-pk")
    after = _Past.objects.filter(
        id=OuterRef("source"),
        history_date__gt=OuterRef("board_at"),
        retraction_state=OuterRef("source__retraction_state"),
    ).order_by("history_date", "history_id")
    cited = Citation.objects.filter(source__retraction_state__in=MARKS)
    cited = cited.annotate(board_at=Subquery(approvals.values("approved_at")[:1], output_field=DateTimeField()))
    cited = cited.annotate(marked_at=Subquery(after.values("history_date")[:1], output_field=DateTimeField()))
    return cast("QuerySet[MarkedCitation]", unknown_then(cited))


def in_doubt(at: datetime | None = None, most: int | None = None) -> "QuerySet[Publication]":
    """Return publications in force at `at` (default: now) that cite a source put in doubt after their newest approval.

    With `most`, at most that many are returned, chosen arbitrarily by an extra query, which is made immediately. The
    result agrees with `marked_since_approval`, but the query starts from the sources in doubt, so its
    cost does not grow with the archive.
    """
    # The marked sources are a subquery, because SQLite assumes that half of all sources are in a given state, and would
    # begin with all publications.
    marked = Source.objects.filter(retraction_state__in=MARKS)
    cited = Citation.objects.filter(in_force(at, _SHOWN_BY), source__in=marked.values("pk"))
    unknown = unknown_then(cited.annotate(board_at=F(f"{_SHOWN_BY}reviewed_at")))
    found = unknown.order_by().values_list(f"{_SHOWN_BY}pk", flat=True)
    return Publication.objects.filter(pk__in=set(found[:most]) if most else found)


def unknown_then(cited: "QuerySet[Citation]") -> "QuerySet[Citation]":
    """Return the citations whose source got its present retraction state after `board_at` and was not retracted before.

    `cited` are annotated with the aware time `board_at`.
    """
    before = _Past.objects.filter(id=OuterRef("source"), history_date__lte=OuterRef("board_at"))
    was_known = Q(retraction_state=RetractionState.RETRACTED) | Q(retraction_state=OuterRef("source__retraction_state"))
    last = before.order_by("-history_date", "-history_id").annotate(was_known=was_known).values("was_known")[:1]
    known = Coalesce(Subquery(last), Value(False), output_field=BooleanField())
    return cited.annotate(known=known).filter(known=False)


def due_apart(at: datetime) -> "tuple[QuerySet[Publication], QuerySet[Publication]]":
    """Return two querysets of live publications whose review is due by the aware time `at`: without and with an end.

    A review is due if the newest approval is older than the shortest interval among the article's topics or, if none is
    set, than the newsroom's own (articles.review_terms). Makes one query for the topics' intervals. Each queryset uses
    an index of its own; a single queryset would use neither index and read all publications.
    """
    named: dict[int, list[int]] = {}
    for topic, days in Topic.objects.exclude(review_interval_days=None).values_list("pk", "review_interval_days"):
        if days is not None:
            named.setdefault(days, []).append(topic)
    filed = Article.topics.through.objects.filter(article=OuterRef("article"))
    due = Q(reviewed_at__lte=at - timedelta(days=settings.REVIEW_INTERVAL_DAYS))
    if named:
        due &= Q(~Exists(filed.filter(topic__in=[topic for topics in named.values() for topic in topics])))
    for days, topics in named.items():
        due |= Q(Exists(filed.filter(topic__in=topics)), reviewed_at__lte=at - timedelta(days=days))
    now, oldest = timezone.now(), at - timedelta(days=min([settings.REVIEW_INTERVAL_DAYS, *named]))
    visible = Publication.objects.visible(now).filter(due, reviewed_at__lte=oldest)
    return visible.filter(ends_at=None), visible.filter(ends_at__gt=now)


def last_review_before(at: datetime) -> "QuerySet[Publication]":
    """Return the live publications whose review is due by the aware time `at`, those reviewed longest ago first.

    This is one queryset with the publications of both querysets of `due_apart`.
    """
    without_end, with_end = (found.order_by().values("pk") for found in due_apart(at))
    return Publication.objects.filter(pk__in=without_end.union(with_end, all=True)).order_by("reviewed_at", "pk")
