"""The page that the link in an invitation opens. Opening it changes nothing; its buttons do."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from advisors import invitation_reasons, invitations, outcomes, reviews
from advisors.models import AccessKind, Response, Review, ReviewToken
from advisors.review_desk.access import (
    AccessRefused,
    guarded,
    record_access,
    refuse_other_user,
    set_cookie,
    valid_token,
)
from advisors.review_desk.forms import DeclineForm
from articles.exceptions import InvalidTransition
from articles.pages import page_of


@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the advisor is asked to review and by when (GET), or accept, decline or open the review (POST).

    A POST also sets the cookie that gives this device access to the review. An incomplete form for declining is shown
    again with status 400. Respond 404 if the token is not valid, and 403 if somebody other than the advisor has signed
    in (`guarded`).
    """
    found = valid_token(token)
    if found is None:
        raise AccessRefused("over", status=404)
    refuse_other_user(request, found)
    invitations.record_use(found)
    record_access(request, found, AccessKind.REVIEW if request.method == "POST" else AccessKind.INVITATION)
    if request.method != "POST":
        return _page(request, found)
    step, review = request.POST.get("answer", "open"), _standing_review(found)
    form = DeclineForm(request.POST) if step == "decline" else None
    if form is not None and not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        if form is not None:
            reviews.decline(review=review, actor=review.advisor.user, **form.cleaned_data)
        elif step == "accept" and review.response == Response.NONE:
            reviews.accept(review=review, actor=review.advisor.user)
    except InvalidTransition as error:
        messages.error(request, str(error))
    response = redirect("board:review", review.pk)
    set_cookie(response, token, found)
    return _no_referrer(response)


def _page(
    request: HttpRequest, found: ReviewToken, decline: DeclineForm | None = None, status: int = 200
) -> HttpResponse:
    review = _standing_review(found)
    revision = review.submission.revision
    before, page = invitation_reasons.earlier_review(review), page_of(revision)
    context = {
        "review": review,
        "submission": review.submission,
        "why": invitation_reasons.reason_for(review, before),
        "has_changes": before is not None and before.revision.digest != revision.digest,
        "page": page,
        "written_by": get_text_list([str(byline) for byline in page.bylines], gettext("and")),
        "wants_to_decline": request.GET.get("answer") == "decline",
        "others": invitation_reasons.other_advisors(review),
        "decline": decline or DeclineForm(),
        "expires_at": found.expires_at,
        "closed": outcomes.why_closed(review),
    }
    return _no_referrer(render(request, "advisors/invitation.html", context, status=status))


def _standing_review(token: ReviewToken) -> Review:
    """Return the review that the token opens: that of its email or, if it was taken back, the one in its place."""
    if not token.review.taken_back_at:
        return token.review
    rows = Review.objects.select_related("advisor__user", "submission__revision", "submission__article")
    return rows.of_the_request(token.review).get()


def _no_referrer(response: HttpResponse) -> HttpResponse:
    """Set a Referrer-Policy that keeps the page's URL, which gives access to anybody who has it, out of referrers.

    With `no-referrer` browsers would not send the origin with the form, and core.origins would refuse it.
    """
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
