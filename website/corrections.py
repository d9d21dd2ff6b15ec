"""The page that lists all corrections and withdrawals, newest first, each with its reason and time."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import ChangeKind, Publication, with_notices
from core.paging import page_or_404, path_of_page
from core.public import public
from core.seo.social_cards import Card
from core.seo.structured_pages import of_page

PER_PAGE = 20
ABOUT = "What we got wrong, what was changed or taken off the site, why and when."


@dataclass(frozen=True)
class CorrectionNotice:
    """One correction or withdrawal of an article.

    `what` is "correction" or "withdrawal", `at` its aware time and `why` its reason. `has_record` is False if readers
    can no longer open the article or its record. `is_back` is True for a withdrawal if the article is published again
    now. `corrected_at` is when the text of the notice was last corrected, or None.
    """

    what: str
    at: datetime
    title: str
    why: str
    slug: str
    has_record: bool
    is_back: bool
    corrected_at: datetime | None = None

    @property
    def is_withdrawal(self) -> bool:
        """Return whether this is a withdrawal rather than a correction."""
        return self.what == "withdrawal"


@require_safe
@public(max_age=60, parameters=("page",))
def corrections(request: HttpRequest) -> HttpResponse:
    """List every published correction and every withdrawal, newest first, PER_PAGE on a page.

    Raise Http404 for a page that does not exist.
    """
    now = timezone.now()
    page = page_or_404(request, _events(now), PER_PAGE)
    path = path_of_page(reverse("website:corrections"), page)
    context = {"page": page, "notices": _notices(page.object_list, now), "path": path}
    context["card"] = Card(title="Corrections and withdrawals", path=path, description=ABOUT)
    context["data"] = of_page(context["card"])
    return render(request, "website/corrections.html", context)


def _events(at: datetime):
    """Return a queryset of (primary key of the publication, time, "correction" or "withdrawal"), newest first.

    It has all events up to the time `at`. The time of a correction is the start of its publication, and the time of a
    withdrawal is the end of the publication that was withdrawn.
    """
    read = Publication.objects.begun(at).order_by()
    corrected = read.filter(kind=ChangeKind.CORRECTION).annotate(at=F("starts_at"), what=Value("correction"))
    withdrawn = read.exclude(notice="").annotate(at=F("ends_at"), what=Value("withdrawal"))
    fields = ("pk", "at", "what")
    return corrected.values_list(*fields).union(withdrawn.values_list(*fields), all=True).order_by("-at", "-pk")


def _notices(events: list[tuple[int, datetime, str]], now: datetime) -> list[CorrectionNotice]:
    """Return the notices of these events, in the same order. Makes one query."""
    others = Publication.objects.begun(now).filter(article=OuterRef("article"))
    rows = (
        with_notices(Publication.objects.filter(pk__in={pk for pk, _, _ in events}))
        .annotate(
            slug=F("article__slug"),
            title=F("approval__revision__title"),
            is_live=Exists(others.visible(now)),
            last_notice=others.order_by("-starts_at", "-pk").values("notice")[:1],
        )
        .in_bulk()
    )
    return [
        CorrectionNotice(
            what=what,
            at=at,
            title=rows[pk].title,
            why=rows[pk].notice_now if what == "withdrawal" else rows[pk].note_now,
            slug=rows[pk].slug,
            has_record=rows[pk].is_live or bool(rows[pk].last_notice),
            is_back=what == "withdrawal" and rows[pk].is_live,
            corrected_at=rows[pk].notice_corrected_at if what == "withdrawal" else rows[pk].note_corrected_at,
        )
        for pk, at, what in events
    ]
