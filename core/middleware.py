"""Middleware: security headers, a limit on query strings, and sessions that add no cookie to public responses."""

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
    """Adds security headers to every response.

    It must come before all other middleware that changes headers, except for Compression. The content security policy
    is the one that the response names (core.http.with_csp), else ADMIN in the admin and PUBLIC everywhere else. Headers
    that are already set are kept, except X-Frame-Options, which follows from the policy, and Cache-Control, which
    becomes “no-store” for responses that must stay private. Django's SecurityMiddleware adds the headers that the
    settings ask for.
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
    """Responds with 414 if the query string is longer than any that the site's own pages send.

    Posted fields have their own limits; this is the only limit on the query strings that searches and lists read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if len(request.META.get("QUERY_STRING", "")) > MAX_QUERY_LENGTH:
            return HttpResponse(_("This address is too long."), status=414, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class Sessions(SessionMiddleware):
    """Django's session middleware, except that it leaves a public response alone if nothing has read the session.

    Django's own would add a Set-Cookie header for every visitor with an invalid session cookie, and no cache could
    store the page.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if getattr(response, "is_public", False) and not request.session.accessed:
            return response
        return super().process_response(request, response)


def _is_in_admin(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and "admin" in match.namespaces


def _keep_private(request: HttpRequest, response: HttpResponseBase, in_admin: bool) -> None:
    """Prevent caches from storing responses that are for one visitor.

    These are responses in the admin, responses to signed-in users and responses that set a cookie, except for static
    and media files. The session cookie alone decides whether a user counts as signed in, because looking up the user
    would cost readers a query and make the response vary by cookie. A response that is declared public but depends on a
    cookie is made private, and an error is logged.
    """
    if getattr(response, "is_public", False):
        if not depends_on_the_visitor(response):
            return
        logger.error("%s is declared public but depends on a cookie, so it is not cached.", request.path)
        response.is_public = False  # type: ignore[attr-defined]  # set by core.public
    else:
        is_file = request.path_info.startswith((settings.STATIC_URL, settings.MEDIA_URL))
        is_personal = in_admin or settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies
        if is_file or not is_personal:
            return
    if "no-store" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "no-store"
