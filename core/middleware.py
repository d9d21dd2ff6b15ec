"""Headers that every answer has, whichever view, error page or middleware gave it."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core.http import POLICIES, build_policy, depends_on_the_visitor

logger = logging.getLogger(__name__)

LONGEST_QUERY = 16_000  # characters as they are sent

_POLICIES = {name: build_policy(policy) for name, policy in POLICIES.items()}
_PERMISSIONS = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
    "gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
)


class SecurityHeaders:
    """First of all middleware that adds to an answer, so that it also sees what the others answer or add.

    The policy is the one that the answer names (`http.with_csp`), else ADMIN inside the admin, else PUBLIC. A
    header that an answer has already is left alone; Django's own SecurityMiddleware does what is set there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        in_admin = _is_in_admin(request)
        policy = getattr(response, "csp", None) or ("ADMIN" if in_admin else "PUBLIC")
        response.headers.setdefault("Content-Security-Policy", _POLICIES[policy])
        # For browsers that do not know frame-ancestors. Set, not proposed: Django's middleware said DENY.
        response.headers["X-Frame-Options"] = "SAMEORIGIN" if policy in ("EMBED", "EMAIL") else "DENY"
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        _keep_private(request, response, in_admin)
        return response


class BoundedQuery:
    """Refuses an address whose query is longer than any page of ours makes one, before anybody looks at it.

    What is posted has limits field by field; a query goes to searches and lists that have none of their own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
            return HttpResponse("This address is too long.", status=414, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class Sessions(SessionMiddleware):
    """Django's own, which has nothing to say of a public answer that asked for no session.

    Without this, whoever sends a session's cookie that is none is told to forget it on every page, and that answer is
    theirs alone: a page that anybody may keep would be kept by nobody.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if getattr(response, "is_public", False) and not request.session.accessed:
            return response
        return super().process_response(request, response)


def _is_in_admin(request: HttpRequest) -> bool:
    match = getattr(request, "resolver_match", None)
    return bool(match) and "admin" in match.namespaces


def _keep_private(request: HttpRequest, response: HttpResponseBase, in_admin: bool) -> None:
    """Nobody keeps what the admin answers, what a signed-in person is answered, or what depends on a cookie.

    Goes by the session's cookie alone: asking who it is would cost readers a query and make answers vary.
    """
    if getattr(response, "is_public", False):
        if not depends_on_the_visitor(response):
            return
        logger.error("%s is declared public but depends on a cookie, so it is not kept.", request.path)
        response.is_public = False
    else:
        is_file = request.path_info.startswith((settings.STATIC_URL, settings.MEDIA_URL))
        is_personal = in_admin or settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies
        if is_file or not is_personal:
            return
    if "no-store" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "no-store"
