"""Decorators for the sign-in views, and the headers of their responses."""

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
    """Decorate a view as a sign-in page, so that its responses get the headers of `keep_private`.

    accounts.middleware.SignInPagesMiddleware sets them, because it also sees the responses that allauth returns instead
    of those of the view.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    wrapped.is_of_signing_in = True
    return wrapped


def requires_active_user(view: View) -> View:
    """Decorate the view of the second step of signing in.

    A user who was deactivated after the first step is redirected to the sign-in form, even if their code is right.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        begun = unstash_login(request, peek=True)
        if begun is not None and begun.user is not None and not begun.user.is_active:
            clear_login(request)
            return redirect("account_login")
        return view(request, *args, **kwargs)

    return wrapped


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """Set HEADERS and the content security policy of the sign-in pages on the response, and return it."""
    response.csp = "SIGN_IN"
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
