"""Middleware: security headers, a limit on the length of queries, and sessions that leave public answers alone."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from core.http import POLICIES, build_policy, depends_on_the_visitor

logger = logging.getLogger(__name__)

MAX_QUERY_LENGTH = 16_000  # characters, percent-encoded as they are sent

_POLICIES = {name: build_policy(policy) for name, policy in POLICIES.items()}
_PERMISSIONS = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
    "gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
)


class SecurityHeaders:
    """Adds security headers to every answer. It stands outside the other middleware that changes answers.

    The policy is the one that the answer names (core.http.with_csp), ADMIN within the admin, and PUBLIC otherwise. A
    header that the answer has already is kept. Django's SecurityMiddleware adds those that the settings ask for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        in_admin = _is_in_admin(request)
        policy = getattr(response, "csp", None) or ("ADMIN" if in_admin else "PUBLIC")
        response.headers.setdefault("Content-Security-Policy", _POLICIES[policy])
        # For browsers without frame-ancestors. Assigned, because Django's middleware has already set DENY.
        response.headers["X-Frame-Options"] = "SAMEORIGIN" if policy in ("EMBED", "EMAIL") else "DENY"
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        _keep_private(request, response, in_admin)
        return response


class BoundedQuery:
    """Answers 414 to a request whose query is longer than any that the site's own pages send.

    The fields of posted forms have limits of their own; searches and lists, which read the query, have none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if len(request.META.get("QUERY_STRING", "")) > MAX_QUERY_LENGTH:
            return HttpResponse(_("This address is too long."), status=414, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class Sessions(SessionMiddleware):
    """Django's session middleware, but it leaves a public answer alone if the view has not read the session.

    Otherwise Django would add a Set-Cookie header for every visitor with an invalid session cookie, and no cache could
    store the page.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if getattr(response, "is_public", False) and not request.session.accessed:
            return response
        return super().process_response(request, response)


def _is_in_admin(request: HttpRequest) -> bool:
    match = getattr(request, "resolver_match", None)
    return bool(match) and "admin" in match.namespaces


def _keep_private(request: HttpRequest, response: HttpResponseBase, in_admin: bool) -> None:
    """Forbid caches to store answers of the admin, answers to signed-in people, and answers that depend on a cookie.

    Whether somebody is signed in is judged by the session cookie alone: looking up the user would cost readers a query
    and make the answer vary by cookie.
    """
    if getattr(response, "is_public", False):
        if not depends_on_the_visitor(response):
            return
        logger.error("%s is declared public but depends on a cookie, so it is not cached.", request.path)
        response.is_public = False
    else:
        is_file = request.path_info.startswith((settings.STATIC_URL, settings.MEDIA_URL))
        is_personal = in_admin or settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies
        if is_file or not is_personal:
            return
    if "no-store" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "no-store"
