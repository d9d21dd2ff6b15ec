"""What every page of signing in says of itself."""

from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from betterment.http import View, with_csp


def guarded(view: View) -> View:
    """Wrap a view: nobody keeps its answer, its policy is that of signing in, and its address travels nowhere else."""

    @wraps(view)
    @with_csp("SIGN_IN")
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped
