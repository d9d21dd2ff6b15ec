"""The accesses through the links in an advisor's emails, as the advisor sees them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from advisors.models import LinkAccess, Review
from advisors.personal_data.link_accesses import KEPT
from advisors.review_desk.access import advisor_of, guarded
from core.house.memory import house
from core.paging import page_or_404

PER_PAGE = 50
MOST_SHOWN = 5  # on the page of one review


def latest_accesses(review: Review) -> dict[str, object]:
    """Return the template context for the latest accesses to this review. Makes one query."""
    rows = list(LinkAccess.objects.to(review).select_related("token")[: MOST_SHOWN + 1])
    return {
        "accesses": rows[:MOST_SHOWN],
        "has_more_accesses": len(rows) > MOST_SHOWN,
        "days_kept": KEPT.days,
        "contact": house().contact,
    }


@require_safe
@guarded
def accesses(request: HttpRequest) -> HttpResponse:
    """Show a page of the accesses through this advisor's links, the latest first. Raise Http404 for an unknown page."""
    advisor = advisor_of(request)
    rows = LinkAccess.objects.of(advisor).select_related("token__review__submission__revision")
    context = {"advisor": advisor, "days_kept": KEPT.days, "contact": house().contact}
    return render(request, "advisors/link_accesses.html", {**context, "page": page_or_404(request, rows, PER_PAGE)})
