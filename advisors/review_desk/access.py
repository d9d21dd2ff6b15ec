"""Access to the review desk, for an advisor who has signed in or for the holder of the token of one review.

A token opens only its own review, and its holder acts as the advisor of that review. The browser sends it in a signed
cookie. It is looked up at every request, so that access ends when the token expires or is revoked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sessions import Means, means_of
from advisors import invitations
from advisors.models import AccessKind, Advisor, Review, ReviewToken
from advisors.personal_data import link_accesses
from advisors.quorum.signatures import Authentication
from core.http import PUBLIC, SELF, build_policy
from core.rate_limits import shortened_network_of

COOKIE = "__Secure-board" if settings.PRODUCTION else "board"
SALT = "advisors.review_desk"
PATH = "/board/"
# The fields whose text is shown again if access is refused to a form.
TEXT_FIELDS = ("passage", "text", "suggestion", "statement", "remarks", "reason")
# The reasons why access is refused, as sentences that the script of an open page shows.
REFUSALS = {
    "sign_in": _("You are no longer signed in on this device."),
    "over": _("Your link has expired, or an editor has ended it."),
    "another": _("Another link has been opened in this browser since then."),
    "somebody_else": _("Somebody else has signed in on this device."),
    "left": _("You are no longer on the board."),
    "no_advisor": _("The account that is signed in here is not a reviewer’s."),
}
View = Callable[..., HttpResponseBase]
# The policy of readers' pages, except that scripts may send requests to our own server, to save drafts.
POLICY = {**PUBLIC, "connect-src": [SELF]}
HEADERS = {
    "Content-Security-Policy": build_policy(POLICY),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True)
class ReviewAccess:
    """The access of a request to one review, as the user `actor`, and how they were authenticated."""

    review: Review
    actor: User
    authentication: Authentication

    @property
    def by_token(self) -> bool:
        """Return whether the request has a token instead of a sign-in."""
        return self.authentication.means == Means.LINK


class AccessRefused(Exception):
    """Raised if a request has no access to the review desk or to a review.

    `reason` is a key of REFUSALS, `status` the status of the response, and `context` is for the template of the page.
    """

    def __init__(self, reason: str, status: int = 403, **context: object) -> None:
        super().__init__(reason)
        self.reason, self.status, self.context = reason, status, context


def valid_token(raw: str | None) -> ReviewToken | None:
    """Return the token with this raw value if it opens its review now, else None."""
    return invitations.find(raw) if raw and len(raw) <= 200 else None


def token_of(request: HttpRequest) -> ReviewToken | None:
    """Return the valid token in this request's cookie, or None."""
    return valid_token(request.get_signed_cookie(COOKIE, None, salt=SALT))


def set_cookie(response: HttpResponse, raw: str, token: ReviewToken) -> None:
    """Set the cookie that opens this token's review on this device for as long as the token is valid."""
    response.set_signed_cookie(
        COOKIE,
        raw,
        salt=SALT,
        max_age=max(0, int((token.expires_at - timezone.now()).total_seconds())),
        path=PATH,
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",
    )


def refuse_other_user(request: HttpRequest, token: ReviewToken) -> None:
    """Raise AccessRefused, and record it, if somebody other than the advisor who was sent this token has signed in."""
    if request.user.is_authenticated and request.user.pk != token.review.advisor.user_id:
        record_access(request, token, AccessKind.REFUSED)
        raise AccessRefused("somebody_else", advisor=token.review.advisor_shown, person=str(request.user))


def record_access(request: HttpRequest, token: ReviewToken, kind: AccessKind) -> None:
    """Record in the log of accesses that this request came with this token."""
    network, user_agent = shortened_network_of(request), request.headers.get("User-Agent", "")
    link_accesses.record(token=token, kind=kind, network=network, user_agent=user_agent)


def access_to(request: HttpRequest, review_id: int) -> ReviewAccess:
    """Return the access of this request to this review.

    If the verdict of this review was taken back, the access is to the review that replaced it. A sign-in takes
    precedence over a token. Raise AccessRefused if nobody has signed in and no valid token opens the review, if its
    advisor has left the board, or if another user has signed in on a device with a token for it. Raise Http404 if the
    user who has signed in was not asked for this review.
    """
    review = _review(review_id)
    if request.user.is_authenticated:
        if review is not None and review.advisor.user_id == request.user.pk:
            if not review.advisor.is_active:
                raise AccessRefused("left")
            return ReviewAccess(review, request.user, Authentication(means_of(request)))
        token = token_of(request)
        if token is not None and _opens(token, review):
            refuse_other_user(request, token)
        raise Http404("There is no such review, or somebody else was asked for it.")
    if COOKIE not in request.COOKIES:
        raise AccessRefused("sign_in")
    token = token_of(request)
    if token is None:
        raise AccessRefused("over")
    if review is None or not _opens(token, review):
        raise AccessRefused("another")
    invitations.record_use(token)
    record_access(request, token, AccessKind.REVIEW)
    return ReviewAccess(review, review.advisor.user, Authentication(Means.LINK, token.sent_to))


def advisor_of(request: HttpRequest) -> Advisor:
    """Return the active advisor who has signed in. Raise AccessRefused if there is none; a token is not enough."""
    if not request.user.is_authenticated:
        raise AccessRefused("another" if COOKIE in request.COOKIES else "sign_in")
    advisor = Advisor.objects.filter(user=request.user).select_related("user").first()
    if advisor is None:
        raise AccessRefused("no_advisor", person=str(request.user))
    if not advisor.is_active:
        raise AccessRefused("left")
    return advisor


def guarded(view: View) -> View:
    """Decorate a view of the review desk so that AccessRefused becomes a response with the reason.

    Its responses get the security headers of the review desk, which also forbid storing them.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except AccessRefused as refusal:
            response = _refused(request, refusal)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return wrapped


def _refused(request: HttpRequest, refusal: AccessRefused) -> HttpResponse:
    """Return a page or JSON that says why access is refused, or a redirect to the sign-in page.

    The page repeats any text that the user had posted, so that it is not lost.
    """
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": REFUSALS[refusal.reason]}, status=403)
    if refusal.reason == "sign_in" and request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    typed = [words for name in TEXT_FIELDS for words in request.POST.getlist(name) if words] if request.POST else []
    context = {"reason": refusal.reason, "typed": typed, **refusal.context}
    return render(request, "advisors/access_refused.html", context, status=refusal.status)


def _opens(token: ReviewToken, review: Review | None) -> bool:
    """Return whether the token opens this review: it was sent to the same advisor for the same round."""
    if review is None:
        return False
    sent = token.review
    return (sent.submission_id, sent.advisor_id) == (review.submission_id, review.advisor_id)


def _review(review_id: int) -> Review | None:
    """Return the review with the related rows that its page needs, or None; if it was taken back, the one in its place.

    Makes one query, or two if it was taken back.
    """
    rows = Review.with_taken_back.select_related(
        "submission__revision__rendering", "submission__article", "advisor__user", "disclosure"
    )
    review = rows.filter(pk=review_id).first()
    if review is not None and review.taken_back_at:
        return rows.of_the_request(review).get(taken_back_at=None)
    return review
