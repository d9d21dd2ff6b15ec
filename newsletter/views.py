"""Public pages of the newsletter. A GET changes nothing, because mail scanners open every link.

No view sets a cookie or needs a CSRF token, because the form is on cached pages.
"""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core import origins
from core.http import with_csp
from core.public import public
from core.rate_limits import content_length
from core.seo.social_cards import Card
from core.seo.structured_pages import of_page
from newsletter import subscribing
from newsletter.addresses import address_has_room, digest, network_has_room, normalised
from newsletter.consent import words_of
from newsletter.models import State
from newsletter.tokens import BadToken, read_confirm, read_unsubscribe

ABOUT = "News of our products, invitations to events, and ideas for mind and body, by email. Leave with one click."
LARGEST_FORM = 10_000  # bytes
CROWDED = _("There were many sign-ups from your network just now. Please try again in an hour.")

# The template and the status of the response to a confirmation link, by the state of its sign-up (`standing`).
FOUND_BY_A_LINK: dict[State | None, tuple[str, int]] = {
    State.PENDING: ("confirm", 200),
    State.CONFIRMED: ("confirmed", 200),
    State.UNSUBSCRIBED: ("left", 410),
    None: ("expired", 410),
}

_get_or_post = require_http_methods(["GET", "HEAD", "POST"])


# The page is cached and so has no CSRF token; there is no session to protect, and core.origins refuses other sites.
@csrf_exempt
@_get_or_post
@with_csp("PUBLIC")
@public(max_age=3600, parameters=())
def sign_up(request: HttpRequest) -> HttpResponse:
    """Show the sign-up form, or store a submitted sign-up. The response does not reveal whether the address is known.

    The view is exempt from CSRF protection, which protects a session, and there is no session here. A forged request
    could only cause an email that asks for confirmation, and anybody can cause that email with the form. An address
    gets at most three a day. Respond 403 to a request from a page of another site (core.origins), 413 to a form of more
    than LARGEST_FORM bytes, 400 to an invalid one, and 429 if the network has sent too many.
    """
    if request.method != "POST":
        return _form(request)
    # Both checks are made before any of the body is read.
    if content_length(request) > LARGEST_FORM:
        return _form(request, gettext("This was too long. Please type your address once more."), status=413)
    if not origins.is_same_origin(request):
        return _form(request, gettext("Please send the form from this page."), status=403)
    asked = HttpResponseRedirect(reverse("newsletter:asked"), status=303)
    if request.POST.get("homepage"):  # a hidden field that only bots fill in
        return asked
    typed, consent = request.POST.get("address", ""), request.POST.get("consent", "")
    if words_of(consent) is None:
        return _form(request, gettext("Please read what you agree to, and send the form once more."), typed, status=400)
    try:
        address = normalised(typed)
    except ValidationError as error:
        return _form(request, error.message, typed, status=400)
    if not network_has_room(request):
        return _form(request, CROWDED, typed, 429)
    if address_has_room(digest(address)):
        subscribing.ask(address=address, consent=consent)
    return asked


@require_safe
@with_csp("PUBLIC")
@public(max_age=3600, parameters=())
def asked(request: HttpRequest) -> HttpResponse:
    """Show the page after the sign-up form, which is the same for every address and says to look for an email."""
    return render(request, "newsletter/asked.html")


# In this view and the next, the signed token in the URL authorises the request, because a mail program sends no
# cookie (RFC 8058).
@csrf_exempt
@_get_or_post
@never_cache
@with_csp("PUBLIC")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button (GET) or confirm the sign-up (POST). The token proves that the person received the email.

    If there is nothing to confirm, show a page that says so, with status 410 unless the sign-up is confirmed already.
    """
    try:
        pk, nonce = read_confirm(token)
    except BadToken:
        return _token_page(request, "expired", status=410)
    if request.method == "POST" and subscribing.confirm(pk=pk, nonce=nonce):
        return _token_page(request, "confirmed")
    stands = subscribing.standing(pk=pk, nonce=nonce)
    return _token_page(request, *FOUND_BY_A_LINK[stands])


@csrf_exempt
@_get_or_post
@never_cache
@with_csp("PUBLIC")
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button (GET) or unsubscribe (POST). The POST comes from that button or from a mail program (RFC 8058).

    The response is the same if the subscriber has already left or been erased. It is not a redirect, which RFC 8058
    forbids. Respond 410 to an invalid token.
    """
    try:
        whose = read_unsubscribe(token)
    except BadToken:
        return _token_page(request, "expired", status=410)
    if request.method != "POST":
        return _token_page(request, "unsubscribe")
    subscribing.unsubscribe(digest=whose)
    return _token_page(request, "unsubscribed")


def _form(request: HttpRequest, error: str = "", typed: str = "", status: int = 200) -> HttpResponse:
    """Return the sign-up page with the form, the error message and the address that was typed."""
    context = {"error": error, "typed": typed[:254]}
    if status == 200:
        context["card"] = Card(title="Newsletter", path=reverse("newsletter:sign_up"), description=ABOUT)
        context["data"] = of_page(context["card"])
    return render(request, "newsletter/sign_up.html", context, status=status)


def _token_page(request: HttpRequest, name: str, status: int = 200) -> HttpResponse:
    """Return a page whose URL contains a token, with a Referrer-Policy that does not send the URL to other sites."""
    response = render(request, f"newsletter/{name}.html", status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
