"""The newsletter's pages. A GET changes nothing here, since mail scanners follow every link.

No view here sets a cookie or asks for a CSRF token: the form stands on pages that any cache may keep.
"""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core import origins
from core.http import with_csp
from core.rate_limits import content_length
from core.seo.social_cards import Card
from core.seo.structured_pages import of_page
from newsletter import limits, subscribing
from newsletter.addresses import digest, normalised
from newsletter.consent import WORDS
from newsletter.models import State
from newsletter.tokens import BadToken, read_confirm, read_unsubscribe
from pagecache.public import public

ABOUT = "News of our products, invitations to events, and ideas for mind and body, by email. Leave with one click."
LARGEST_FORM = 10_000  # bytes
CROWDED = "There were many sign-ups from your network just now. Please try again in an hour."

# The page and the status for a link that confirms, by what it finds.
FOUND_BY_A_LINK: dict[State | None, tuple[str, int]] = {
    State.PENDING: ("confirm", 200),
    State.CONFIRMED: ("confirmed", 200),
    State.UNSUBSCRIBED: ("left", 410),
    None: ("expired", 410),
}

_get_or_post = require_http_methods(["GET", "HEAD", "POST"])


# A page that any cache keeps holds no token, and there is no session to abuse: core.origins refuses other sites.
@csrf_exempt
@_get_or_post
@with_csp("PUBLIC")
@public(max_age=3600, parameters=())
def sign_up(request: HttpRequest) -> HttpResponse:
    """The form, and what it is sent to. The answer is the same whatever is known of the address.

    Exempt from the CSRF token, and safe without one: a token defends somebody's session, and there is none here. All
    that a forged request could do is to have a letter sent that asks "was it you?", which anybody can do by typing
    the address into the form; three a day are the most that an address gets. What other sites' pages send is refused
    all the same (core.origins).
    """
    if request.method != "POST":
        return _form(request)
    # Both before anything of the body is read.
    if content_length(request) > LARGEST_FORM:
        return _form(request, "This was too long. Please type your address once more.", status=413)
    if not origins.is_same_origin(request):
        return _form(request, "Please send the form from this page.", status=403)
    asked = HttpResponseRedirect(reverse("newsletter:asked"), status=303)
    if request.POST.get("homepage"):  # people neither see this field nor get to it
        return asked
    typed, consent = request.POST.get("address", ""), request.POST.get("consent", "")
    if consent not in WORDS:
        return _form(request, "Please read what you agree to, and send the form once more.", typed, status=400)
    try:
        address = normalised(typed)
    except ValidationError as error:
        return _form(request, error.message, typed, status=400)
    if not limits.network_has_room(request):
        return _form(request, CROWDED, typed, 429)
    if limits.address_has_room(digest(address)):
        subscribing.ask(address=address, consent=consent)
    return asked


@require_safe
@with_csp("PUBLIC")
@public(max_age=3600, parameters=())
def asked(request: HttpRequest) -> HttpResponse:
    """What everybody is told who has sent the form."""
    return render(request, "newsletter/asked.html")


# The signed token in the address is the proof here and below: a mail program has no cookie (RFC 8058).
@csrf_exempt
@_get_or_post
@never_cache
@with_csp("PUBLIC")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button by GET, the confirmation by POST. Whoever holds the token got the email: no other proof is needed.

    Where there is nothing to confirm, either says so at once.
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
    """A button by GET, the end by POST: from that button, or from a mail program on its own (RFC 8058).

    The same answer for whoever has left already or was erased. It is no redirect: RFC 8058 forbids one.
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
    context = {"error": error, "typed": typed[:254]}
    if status == 200:
        context["card"] = Card(title="Newsletter", path=reverse("newsletter:sign_up"), description=ABOUT)
        context["data"] = of_page(context["card"])
    return render(request, "newsletter/sign_up.html", context, status=status)


def _token_page(request: HttpRequest, name: str, status: int = 200) -> HttpResponse:
    """A page whose address is a secret: it is told to nobody by a Referer."""
    response = render(request, f"newsletter/{name}.html", status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
