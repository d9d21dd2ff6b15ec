"""What every page of signing in says of itself, and what ends a sign-in that was begun."""

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


def guarded(view: View) -> View:
    """Mark a view: nobody keeps its answer, its policy is that of signing in, and its address travels nowhere else.

    The headers are set by accounts.middleware.SignInPages, which also sees what allauth answers in a view's place.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    wrapped.is_of_signing_in = True
    return wrapped


def while_switched_on(view: View) -> View:
    """Decorator of the second step: whoever is switched off after the first begins anew, whatever code they send."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        begun = unstash_login(request, peek=True)
        if begun is not None and begun.user is not None and not begun.user.is_active:
            clear_login(request)
            return redirect("account_login")
        return view(request, *args, **kwargs)

    return wrapped


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """The answer with the headers and the policy of signing in."""
    response.csp = "SIGN_IN"
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
