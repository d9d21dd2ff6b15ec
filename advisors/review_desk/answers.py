"""The views for an advisor's answers (accept, decline, ask for time, give the verdict) and for saving the draft.

Each raises Http404 if the user who has signed in was not asked for the review; `access.guarded` refuses everybody else.
After an answer, the response is a redirect to the review; an incomplete form is shown again with status 400, and a
refused action with status 409.
"""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from advisors import drafts, outcomes, reviews
from advisors.models import Response
from advisors.quorum import taking_back
from advisors.review_desk.access import ReviewAccess, access_to, guarded
from advisors.review_desk.forms import DeclineForm, VerdictForm, draft_fields
from advisors.review_desk.review_page import page
from articles.exceptions import InvalidTransition
from core import times


@require_POST
@guarded
def accept(request: HttpRequest, review_id: int) -> HttpResponse:
    """Accept the invitation, and redirect to the review. A second click gets the same response.

    Raise Http404 if the user was not asked for the review.
    """
    here = access_to(request, review_id)
    if here.review.response == Response.ACCEPTED:
        return redirect("board:review", review_id)
    return _answer(request, here, reviews.accept)


@require_POST
@guarded
def decline(request: HttpRequest, review_id: int) -> HttpResponse:
    """Decline the review, with a reason and optionally the name of somebody else to ask, and redirect to the review.

    Raise Http404 if the user was not asked for the review.
    """
    here, form = access_to(request, review_id), DeclineForm(request.POST)
    if not form.is_valid():
        return page(request, here, decline=form, refused=_("Say in a line why you decline."), status=400)
    return _answer(request, here, partial(reviews.decline, **form.cleaned_data), decline=form)


@require_POST
@guarded
def reopen(request: HttpRequest, review_id: int) -> HttpResponse:
    """Accept a review that was declined before, and redirect to it.

    Raise Http404 if the user was not asked for the review.
    """
    success = _("Accepted. Thank you: you can read the text now, and the editors get an email.")
    return _answer(request, access_to(request, review_id), reviews.reopen, success)


@require_POST
@guarded
def more_time(request: HttpRequest, review_id: int) -> HttpResponse:
    """Ask the editors for a later due date, and redirect to the review. A second click adds no second request.

    Raise Http404 if the user was not asked for the review.
    """
    success = _("The editors know that you need more time. You get an email when the date is changed.")
    return _answer(request, access_to(request, review_id), reviews.ask_for_time, success)


@require_POST
@guarded
def verdict(request: HttpRequest, review_id: int) -> HttpResponse:
    """Give the verdict on the revision whose digest was on the page, and redirect to the review.

    A second click gets the same response. Raise Http404 if the user was not asked for the review.
    """
    here = access_to(request, review_id)
    if here.review.pk != review_id:  # the page was opened before the verdict was taken back
        return _taken_back_meanwhile(request, here)
    given = (here.review.verdict, here.review.digest)
    if here.review.verdict and given == (request.POST.get("verdict"), request.POST.get("digest")):
        return redirect("board:review", review_id)
    form = VerdictForm(here.review, request.POST)
    if not form.is_valid():
        refused = (
            _("Something is not answered yet. It is marked below.")
            if form.unanswered
            else _("A text is too long. It is marked below.")
            if form.too_long
            else _("The form is not complete. Load the page again.")
        )
        return page(request, here, form=form, refused=refused, status=400)
    success = _("Your verdict is on record. Thank you.")
    give = partial(reviews.give_verdict, authentication=here.authentication, **form.cleaned_data)
    return _answer(request, here, give, success, form=form)


@require_POST
@guarded
def take_back(request: HttpRequest, review_id: int) -> HttpResponse:
    """Take back the verdict and redirect to the new review. A second click gets the same response.

    Raise Http404 if the user was not asked for the review.
    """
    here = access_to(request, review_id)
    if here.review.pk != review_id:
        return redirect("board:review", here.review.pk)
    try:
        anew = taking_back.take_back(review=here.review, actor=here.actor)
    except InvalidTransition as error:
        return page(request, access_to(request, review_id), refused=str(error), status=409)
    messages.success(request, _("Your verdict is taken back, and the editors know. You can answer again below."))
    return redirect("board:review", anew.pk)


def _taken_back_meanwhile(request: HttpRequest, here: ReviewAccess) -> HttpResponse:
    """Return the page of the review that replaced the one that was answered, with what was typed; status 409."""
    refused = _("You have taken back your verdict since you opened this page. Check your answer, and give it again.")
    return page(request, here, form=VerdictForm(here.review, request.POST), refused=refused, status=409)


def _answer(
    request: HttpRequest,
    here: ReviewAccess,
    action: Callable[..., object],
    success: str = "",
    *,
    form: VerdictForm | None = None,
    decline: DeclineForm | None = None,
) -> HttpResponse:
    """Call `action` and redirect to the review.

    If the action is refused, return the page with status 409, the reason and the bound form.
    """
    try:
        action(review=here.review, actor=here.actor)
    except InvalidTransition as error:
        # The review may have changed since it was read, so it is read again.
        here = access_to(request, here.review.pk)
        return page(request, here, form=form, decline=decline, refused=str(error), status=409)
    if success:
        messages.success(request, success)
    return redirect("board:review", here.review.pk)


@require_POST
@guarded
def typed(request: HttpRequest, review_id: int) -> HttpResponse:
    """Save the draft and respond with JSON.

    The response has the version (`seen`) and the time (`at`) of the draft and, if the review can no longer be given,
    the reason (`over`). If the draft was not saved, the status is 409 and `error` is the reason; if it was saved in
    another window, the response also has that draft (`typed`) and its version. Raise Http404 if the user was not asked
    for the review.
    """
    here = access_to(request, review_id)
    try:
        draft = drafts.save(
            review=here.review, actor=here.actor, typed=draft_fields(request.POST), seen=request.POST.get("seen", "")
        )
    except drafts.DraftConflict as error:
        other = {"typed": error.draft.typed, "seen": drafts.version_of(error.draft)}
        return JsonResponse({"error": str(error), **other}, status=409)
    except InvalidTransition as error:
        return JsonResponse({"error": str(error)}, status=409)
    kept_at = {"seen": drafts.version_of(draft), "at": times.clock(draft.saved_at)}
    return JsonResponse({**kept_at, "over": outcomes.why_closed(here.review)})
