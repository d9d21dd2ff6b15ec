"""What every page of signing in says of itself."""

from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from betterment.http import View

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


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """The answer with the headers and the policy of signing in."""
    response.csp = "SIGN_IN"
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
