"""Reviews in the admin, read-only. Advisors answer at their review desk (advisors.review_desk)."""

from datetime import date

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.sessions import signed_in
from advisors import panel
from advisors.admin.filters import TakenBackFilter
from advisors.models import LinkAccess, PersonFlag, Review, ReviewQuerySet
from advisors.personal_data.link_accesses import KEPT
from advisors.profiles.signed import signed_otherwise
from advisors.same_person import finding
from articles import waivers
from articles.admin.verbs import preview
from articles.permissions import people_of_the_text
from articles.readiness import draft_of_revision
from checks import preflight
from core.admin.lookups import DeclaredLookups
from core.paging import page_or_404
from core.text import whole_number

ACCESSES_PER_PAGE = 20


@admin.register(Review)
class ReviewAdmin(DeclaredLookups, admin.ModelAdmin):
    """A read-only list of reviews. Editors see all reviews, everybody else their own."""

    list_display = ("article", "reviewer", "revision", "due", "state", "conflict", "round")
    list_display_links = ("article",)
    list_filter = ("submission__outcome", "response", "verdict", "conflict", TakenBackFilter, "advisor")
    search_fields = ("submission__revision__title", "advisor__name")
    list_select_related = ("submission__revision", "advisor")
    list_per_page = 50
    actions = None

    def get_queryset(self, request: HttpRequest) -> ReviewQuerySet:
        """Return the reviews that this user may see, with those whose verdicts were taken back."""
        asked: ReviewQuerySet = Review.with_taken_back.order_by(*self.get_ordering(request))
        user = signed_in(request)
        return asked if user.has_perm("articles.edit_all_articles") else asked.of(user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:object_id>/text/", view(self.text), name="advisors_review_text"),
            *super().get_urls(),
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """Show the record of the review instead of a form.

        Raise Http404 for a review that is not the user's own unless they are an editor, for an unknown page of its
        accesses, and unless the method is GET or HEAD; raise PermissionDenied without the permission to view reviews.
        """
        number = whole_number(object_id)
        if request.method not in ("GET", "HEAD") or number is None:
            raise Http404
        return self.page(request, self._review(request, number))

    def text(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Show the revision under review as readers would see it.

        Raise Http404 for a review that is not the user's own unless they are an editor, and PermissionDenied without
        the permission to view reviews.
        """
        return _text(request, self._review(request, object_id))

    def page(self, request: HttpRequest, review: Review) -> HttpResponse:
        """Return the page of one review. Raise Http404 for an unknown page of its accesses."""
        context = {
            **self.admin_site.each_context(request),
            "title": review.submission.revision.title,
            "opts": self.opts,
            "review": review,
            "is_mine": review.advisor.user_id == request.user.pk,
            "ticks": review.ticks.all(),
            "steps": review.steps.all(),
            "differences": signed_otherwise([review]).get(review.pk, []),
            "comments": review.comments.all(),
            "accesses": page_or_404(request, LinkAccess.objects.to(review).select_related("token"), ACCESSES_PER_PAGE),
            "days_kept": KEPT.days,
            "person_flags": _person_flags(review) if panel.may_decide(signed_in(request)) else [],
            "waivers": waivers.before_the_board(
                review.submission, preflight.run(draft_of_revision(review.submission.revision))
            ),
        }
        return render(request, "admin/advisors/review/page.html", context)

    def _review(self, request: HttpRequest, object_id: int) -> Review:
        review = (
            self.get_queryset(request)
            .select_related(
                "submission__revision", "submission__article", "advisor", "signature__signed_name__shown_as"
            )
            .filter(pk=object_id)
            .first()
        )
        if review is None:
            raise Http404
        if not self.has_view_permission(request, review):
            raise PermissionDenied
        return review

    @admin.display(description=_("article"), ordering="submission__revision__title")
    def article(self, review: Review) -> str:
        return str(review.submission.revision.title)

    @admin.display(description=_("reviewer"), ordering="advisor__name")
    def reviewer(self, review: Review) -> str:
        return review.advisor_shown

    @admin.display(description=_("revision"))
    def revision(self, review: Review) -> int:
        return review.submission.revision.number

    @admin.display(description=_("due on"), ordering="submission__due_on")
    def due(self, review: Review) -> date:
        return review.submission.due_on

    @admin.display(description=_("state"))
    def state(self, review: Review) -> str:
        return review.state

    @admin.display(description=_("round"))
    def round(self, review: Review) -> str:
        return review.submission.get_outcome_display()


def _person_flags(review: Review) -> list[PersonFlag]:
    """Return the flags without a decision among this advisor, the other reviewers, and the people of the text."""
    if not PersonFlag.objects.undecided().exists():
        return []
    asked = Review.objects.filter(submission=review.submission_id).values_list("advisor__user", flat=True)
    article = review.submission.article
    authors = set(article.authors.filter(user=None).values_list("pk", flat=True))
    return finding.open_flags({*asked, *people_of_the_text(article)}, authors)


@xframe_options_sameorigin
@require_safe
def _text(request: HttpRequest, review: Review) -> HttpResponseBase:
    return preview(request, review.submission.revision)
