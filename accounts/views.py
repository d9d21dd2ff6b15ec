"""Decorators for the sign-in views."""

from functools import wraps
from typing import Any

from allauth.account.internal.stagekit import clear_login, unstash_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from core.http import View

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


def sign_in_page(view: View) -> View:
    """Mark a view as a sign-in page: its responses are not stored, and have their own policy and referrer rule.

    The headers are set by accounts.middleware.SignInPagesMiddleware, which also sees responses that allauth returns
    instead.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    wrapped.is_of_signing_in = True
    return wrapped


def requires_active_user(view: View) -> View:
    """Decorate the second step: a user who was deactivated after the first starts again, whatever code they send."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        begun = unstash_login(request, peek=True)
        if begun is not None and begun.user is not None and not begun.user.is_active:
            clear_login(request)
            return redirect("account_login")
        return view(request, *args, **kwargs)

    return wrapped


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """Return the response with the headers and the content security policy of the sign-in pages."""
    response.csp = "SIGN_IN"
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
