"""The page that the link in an email about a correction opens. Opening it changes nothing; its buttons do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from advisors.corrections import deciding, links
from advisors.models import AccountCorrection, CorrectionEnd
from advisors.review_desk.access import guarded
from articles.exceptions import InvalidTransition

LONGEST = 500  # characters of a token
# The answers that a second click repeats.
SAME = {("confirm", CorrectionEnd.BY_LINK), ("refuse", CorrectionEnd.REFUSED)}


@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def correction(request: HttpRequest, token: str) -> HttpResponse:
    """Show what would be changed (GET), or confirm or refuse it (POST, `answer` “confirm” or “refuse”).

    Respond 404 if the token opens nothing, 403 if the editor who asked for it has signed in on this device, 400 to any
    other answer, and 409 to a refusal. If the request has ended, respond 410 (GET) or 409 (POST) with how it ended. The
    link proves that its holder receives mail at the address; nobody has to sign in, because the old account may be
    lost.
    """
    found = links.find(token) if len(token) <= LONGEST else None
    if found is None:
        return _ended(request, links.ended(token) if len(token) <= LONGEST else None)
    if request.user.is_authenticated and request.user.pk == found.asked_by_id:
        return _page(request, 403, ended=_("You asked for this correction, so somebody else has to confirm it."))
    if request.method != "POST":
        return _page(request, 200, correction=found)
    answer = request.POST.get("answer")
    try:
        if answer == "confirm":
            outcome = deciding.confirm_by_link(token=token)
        elif answer == "refuse":
            outcome = deciding.refuse_by_link(token=token)
        else:
            return _page(request, 400, correction=found, refused=_("Confirm it, or refuse it."))
    except InvalidTransition as error:
        return _page(request, 409, correction=found, refused=str(error))
    return _page(request, 200, outcome=outcome, over=found)


def _ended(request: HttpRequest, correction: AccountCorrection | None) -> HttpResponse:
    """Return the page of a request that has ended, or of no request: how it ended, when, and what follows."""
    if correction is None:
        return _page(request, 404, ended=_("This link opens nothing. Copy the whole address from the email."))
    outcome = getattr(correction, "outcome", None)
    is_again = outcome is not None and (request.POST.get("answer"), outcome.ended) in SAME
    if is_again:  # a second click on the same button
        return _page(request, 200, outcome=outcome, over=correction)
    return _page(request, 409 if request.method == "POST" else 410, over=correction, earlier=outcome)


def _page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """Return the page. Its address holds the token, so it is left out of referrers."""
    response = render(request, "advisors/account_correction.html", context, status=status)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
