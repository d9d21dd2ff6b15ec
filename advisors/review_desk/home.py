"""The start page of the review desk: open reviews, and the results of earlier ones."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from advisors import disclosures
from advisors.models import Review, Verdict, waiting_now
from advisors.personal_data import consents
from advisors.profiles.changes import by_others
from advisors.quorum import vouching
from advisors.review_desk.access import advisor_of, guarded
from articles.models import Article

GIVEN = 30


@require_safe
@guarded
def desk(request: HttpRequest) -> HttpResponse:
    """Show the advisor's open reviews, the results of earlier ones, the yearly disclosure, and the profile."""
    advisor = advisor_of(request)
    mine = Review.objects.filter(advisor=advisor).select_related("submission__revision", "submission__article", "draft")
    waiting = list(mine.waiting().order_by("submission__due_on", "pk"))
    taken_back = Review.with_taken_back.filter(advisor=advisor).exclude(taken_back_at=None)
    shown = Article.objects.visible().filter(submissions__reviews__advisor=advisor)
    today = timezone.localdate()
    context = {
        "advisor": advisor,
        "waiting": [(review, review.is_overdue(today)) for review in waiting],
        "given": mine.exclude(verdict="").order_by("-verdict_at")[:GIVEN],
        "taken_back": taken_back.select_related("submission__revision").order_by("-taken_back_at", "-pk")[:GIVEN],
        "live": set(shown.values_list("pk", flat=True)),
        "declined": mine.filter(verdict=Verdict.NONE).exclude(waiting_now()).order_by("-invited_at", "-pk")[:5],
        "is_unvouched": bool(vouching.without_vouch([advisor])),
        "consent": consents.in_force(advisor),
        "standing": disclosures.standing(advisor),
        "last": advisor.disclosures.first(),
        "specialties": advisor.specialties.all(),
        "changed_by_others": by_others(advisor),
    }
    return render(request, "advisors/review_desk.html", context)
