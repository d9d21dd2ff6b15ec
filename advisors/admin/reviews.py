"""An advisor's reviews: the text as readers would get it, and beside it accept, conflict, comment, verdict."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from advisors import reviews
from advisors.checklists import items_for
from advisors.forms import DeclineForm, ReviewForm
from advisors.models import Review
from articles import preflight, waivers
from articles.admin.verbs import preview
from articles.exceptions import InvalidTransition
from articles.readiness import draft_of_revision
from betterment.admin_lookups import DeclaredLookups
from betterment.text import whole_number

SAID = {
    "accept": "Thank you: the text is yours to read.",
    "decline": "Declined: the editors will ask somebody else.",
    "save": "Saved. Nothing is final before your verdict.",
    "verdict": "Your verdict is on record. Thank you.",
}


@admin.register(Review)
class ReviewAdmin(DeclaredLookups, admin.ModelAdmin):
    """An advisor sees what was asked of them; editors see all and answer for nobody."""

    list_display = ("article", "advisor_name", "revision", "due", "response", "conflict", "verdict", "round")
    list_display_links = ("article",)
    list_filter = ("submission__outcome", "response", "verdict", "advisor")
    search_fields = ("submission__revision__title", "advisor_name")
    list_select_related = ("submission__revision", "advisor")
    list_per_page = 50
    actions = None

    def get_queryset(self, request: HttpRequest):
        asked = super().get_queryset(request)
        return asked if request.user.has_perm("articles.edit_all_articles") else asked.of(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return super().has_change_permission(request, obj) and obj is None

    def has_delete_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:object_id>/text/", view(self.text), name="advisors_review_text"),
            path("<int:object_id>/step/<slug:step>/", view(self.step), name="advisors_review_step"),
            *super().get_urls(),
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """The review's own page in place of a form over its columns."""
        number = whole_number(object_id)
        if request.method not in ("GET", "HEAD") or number is None:
            raise Http404
        return self.page(request, self._review(request, number))

    def text(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The revision under review, as readers would get it."""
        return _text(request, self._review(request, object_id))

    def step(self, request: HttpRequest, object_id: int, step: str) -> HttpResponse:
        """One step of a review. What was typed comes back with the reason where it is refused."""
        if step not in SAID:
            raise Http404
        return _step(request, self, self._review(request, object_id), step)

    def page(
        self,
        request: HttpRequest,
        review: Review,
        form: ReviewForm | None = None,
        decline: DeclineForm | None = None,
        refused: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """The page of one review; bound forms bring back what was typed, as text where they can be sent no more."""
        is_mine = review.advisor.user_id == request.user.pk
        bound = next((sent for sent in (form, decline) if sent is not None), None)
        context = {
            **self.admin_site.each_context(request),
            "title": review.submission.revision.title,
            "opts": self.opts,
            "review": review,
            "form": form or ReviewForm.of(review),
            "decline": decline or DeclineForm(),
            "refused": refused,
            "is_mine": is_mine,
            "typed": [] if bound is None or (is_mine and review.is_waiting) else _typed(bound),
            "comments": review.comments.all(),
            "waivers": waivers.before_the_board(
                review.submission, preflight.run(draft_of_revision(review.submission.revision))
            ),
        }
        return render(request, "admin/advisors/review/page.html", context, status=status)

    def _review(self, request: HttpRequest, object_id: int) -> Review:
        review = (
            self.get_queryset(request)
            .select_related("submission__revision", "submission__article", "advisor")
            .filter(pk=object_id)
            .first()
        )
        if review is None:
            raise Http404
        if not self.has_view_permission(request, review):
            raise PermissionDenied
        return review

    @admin.display(description="article", ordering="submission__revision__title")
    def article(self, review: Review) -> str:
        return str(review.submission.revision.title)

    @admin.display(description="revision")
    def revision(self, review: Review) -> int:
        return review.submission.revision.number

    @admin.display(description="answer by", ordering="submission__due_on")
    def due(self, review: Review):
        return review.submission.due_on

    @admin.display(description="round")
    def round(self, review: Review) -> str:
        return review.submission.get_outcome_display()


def _typed(form: Form) -> list[tuple[str, str]]:
    """The words in a form, by label."""
    return [(field.label, field.value()) for field in form.visible_fields() if field.value()]


@xframe_options_sameorigin
@require_safe
def _text(request: HttpRequest, review: Review) -> HttpResponse:
    return preview(request, review.submission.revision)


@require_POST
def _step(request: HttpRequest, page_admin: ReviewAdmin, review: Review, step: str) -> HttpResponse:
    form = ReviewForm(request.POST, items=items_for(review.submission.article)) if step in ("save", "verdict") else None
    decline = DeclineForm(request.POST) if step == "decline" else None
    bound = form or decline
    if bound is not None and not bound.is_valid():
        return page_admin.page(request, review, form, decline, status=400)
    try:
        if step == "accept":
            reviews.accept(review=review, actor=request.user)
        elif step == "decline":
            reason = decline.cleaned_data["decline_reason"]
            reviews.decline(review=review, actor=request.user, reason=reason)
        else:
            reviews.answer(review=review, actor=request.user, final=step == "verdict", **form.arguments())
    except InvalidTransition as error:
        review = page_admin._review(request, review.pk)  # as it stands now
        return page_admin.page(request, review, form, decline, refused=str(error), status=409)
    messages.success(request, SAID[step])
    return redirect("admin:advisors_review_change", review.pk)
