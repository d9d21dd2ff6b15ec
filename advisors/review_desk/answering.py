"""An advisor answers: accepts, declines, and gives the verdict. And what they type is kept on the way."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from advisors import drafts, outcomes, reviews
from advisors.models import Response
from advisors.review_desk.access import Visit, guarded, visit
from advisors.review_desk.forms import DeclineForm, VerdictForm, kept
from advisors.review_desk.reading import page
from articles.exceptions import InvalidTransition
from core import times

UNSENT = "You began a comment or an answer and have not sent it. Send it, or clear its field, before the verdict."


@require_POST
@guarded
def accept(request: HttpRequest, review_id: int) -> HttpResponse:
    """The advisor will read it. Pressed twice, it is said once."""
    here = visit(request, review_id)
    if here.review.response == Response.ACCEPTED:
        return redirect("board:review", review_id)
    return _press(request, here, reviews.accept)


@require_POST
@guarded
def decline(request: HttpRequest, review_id: int) -> HttpResponse:
    """The advisor will not read it, says why, and may name somebody else."""
    here = visit(request, review_id)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return page(request, here, decline=form, refused="Say in a line why you decline.", status=400)
    try:
        reviews.decline(review=here.review, actor=here.actor, **form.cleaned_data)
    except InvalidTransition as error:
        return page(request, here, decline=form, refused=str(error), status=409)
    return redirect("board:review", review_id)


@require_POST
@guarded
def reopen(request: HttpRequest, review_id: int) -> HttpResponse:
    """Take a refusal back."""
    said = "Accepted. Thank you: you can read the text now, and the editors are told."
    return _press(request, visit(request, review_id), reviews.reopen, said)


@require_POST
@guarded
def more_time(request: HttpRequest, review_id: int) -> HttpResponse:
    """Ask the editors for a later due date. Pressed twice, it is asked once."""
    said = "The editors know that you need more time. You get an email when the date is changed."
    return _press(request, visit(request, review_id), reviews.ask_for_time, said)


def _press(request: HttpRequest, here: Visit, act: Callable[..., object], said: str = "") -> HttpResponse:
    """Do what one button says, and come back to the review; where it is refused, say why."""
    try:
        act(review=here.review, actor=here.actor)
    except InvalidTransition as error:
        return page(request, here, refused=str(error), status=409)
    if said:
        messages.success(request, said)
    return redirect("board:review", here.review.pk)


@require_POST
@guarded
def verdict(request: HttpRequest, review_id: int) -> HttpResponse:
    """The verdict on the revision whose digest was on the page. A double click gives it once."""
    here = visit(request, review_id)
    if here.review.verdict:
        is_same = (request.POST.get("verdict"), request.POST.get("digest")) == (here.review.verdict, here.review.digest)
        if is_same:
            return redirect("board:review", review_id)
    form = VerdictForm.for_review(here.review, request.POST)
    if not form.is_valid():
        return page(request, here, form=form, refused="Something is not answered yet. It is marked below.", status=400)
    if drafts.has_unsent(here.review):
        return page(request, here, form=form, refused=UNSENT, status=409)
    data = form.cleaned_data
    try:
        reviews.answer(
            review=here.review,
            actor=here.actor,
            digest=data["digest"],
            conflict=data["conflict"],
            statement=data["statement"],
            verdict=data["verdict"],
            remarks=data["remarks"],
            remarks_shown=data["remarks_shown"],
            ticks=form.ticked(),
            reasons=form.reasons(),
        )
    except InvalidTransition as error:
        return page(request, visit(request, review_id), form=form, refused=str(error), status=409)
    messages.success(request, "Your verdict is on record. Thank you.")
    return redirect("board:review", review_id)


@require_POST
@guarded
def typed(request: HttpRequest, review_id: int) -> HttpResponse:
    """Keep what is typed so far. JSON: when it was kept, and why it can be given no more where that is so (`over`); or
    why it was not kept; 409 with the words of another window."""
    here = visit(request, review_id)
    try:
        draft = drafts.keep(
            review=here.review, actor=here.actor, typed=kept(request.POST), seen=request.POST.get("seen", "")
        )
    except drafts.TypedElsewhere as error:
        other = {"typed": error.draft.typed, "seen": drafts.version_of(error.draft)}
        return JsonResponse({"error": str(error), **other}, status=409)
    except InvalidTransition as error:
        return JsonResponse({"error": str(error)}, status=409)
    kept_at = {"seen": drafts.version_of(draft), "at": times.clock(draft.saved_at)}
    return JsonResponse({**kept_at, "over": outcomes.why_closed(here.review)})
