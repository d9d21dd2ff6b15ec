"""What a view says of its answer: which content security policy it has, and whether anyone may keep it."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, has_vary_header, set_response_etag

View = Callable[..., HttpResponseBase]
Policy = Mapping[str, Sequence[str]]

NONE, SELF, UNSAFE_INLINE = "'none'", "'self'", "'unsafe-inline'"

# Shaped like Django 6's SECURE_CSP, so that all this can go when the house moves there.
PUBLIC: Policy = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
# A page as readers get it, which the admin shows in a frame of its own.
EMBED: Policy = {**PUBLIC, "frame-ancestors": [SELF]}
# Signing in: passkeys ask our own server, and the picture of a new authenticator's secret is never a file.
SIGN_IN: Policy = {**PUBLIC, "connect-src": [SELF], "img-src": [SELF, "data:"]}
ADMIN: Policy = {
    "default-src": [SELF],
    "object-src": [NONE],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
# CKEditor writes scripts and styles into its pages: these pages only, and only for those who have signed in.
EDITOR: Policy = {
    **ADMIN,
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "frame-src": [SELF],
}
# A letter's HTML, in a frame of the admin: its own styles, and nothing else of any kind.
LETTER: Policy = {
    "sandbox": [],
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}
POLICIES: dict[str, Policy] = {
    **{"PUBLIC": PUBLIC, "EMBED": EMBED, "SIGN_IN": SIGN_IN},
    **{"ADMIN": ADMIN, "EDITOR": EDITOR, "LETTER": LETTER},
}

# Answers that are the same for everyone, and stay so for a minute.
_KEEPABLE = {200, 301, 304, 308, 404, 410}


def build_policy(policy: Policy) -> str:
    """Return the value of the Content-Security-Policy header for `policy` (directive to sources)."""
    return "; ".join(" ".join((directive, *sources)) for directive, sources in policy.items())


def with_csp(name: str) -> Callable[[View], View]:
    """Decorator: the view's answers have the policy `name`, one of `POLICIES`.

    Raises ValueError, when the module is loaded, for a name that is none.
    """
    if name not in POLICIES:
        raise ValueError(f"There is no policy {name!r}. Choose one of: {', '.join(POLICIES)}.")

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(*args, **kwargs)
            response.csp = name
            return response

        return wrapped

    return decorator


def depends_on_the_visitor(response: HttpResponseBase) -> bool:
    """Whether the answer sets a cookie or differs by cookie, so that nobody else may be given it."""
    return bool(response.cookies) or has_vary_header(response, "Cookie")


def public(max_age: int = 60) -> Callable[[View], View]:
    """Decorator: what the view answers to GET and HEAD is the same for everyone, and any cache may keep it.

    Sets Cache-Control and an ETag, answers 304 to who has the page already, and sets `is_public = True` on the
    answer, which is what a page store asks for. Refusals, errors and answers to other methods stay as they are.
    Raises AssertionError where the view sets a cookie or varies by cookie; what middleware adds later is caught by
    `middleware.SecurityHeaders`.
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            if request.method not in ("GET", "HEAD") or response.status_code not in _KEEPABLE:
                return response
            if depends_on_the_visitor(response):
                raise AssertionError(f"{view.__qualname__} is declared public but depends on a cookie.")
            response.headers["Cache-Control"] = f"public, max-age={max_age}, stale-while-revalidate=600"
            response = _conditional(request, response)
            response.is_public = True
            return response

        return wrapped

    return decorator


def _conditional(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer with an ETag, or 304 where the visitor has this very one (RFC 9110, 13.1).

    By the ETag alone: what is withdrawn makes the last change of a list earlier, so that a date would answer "as you
    have it" to somebody who still has the withdrawn words. A view that streams says its ETag by itself.
    """
    if response.status_code != 200:
        return response
    if not response.has_header("ETag"):
        if response.streaming:
            return response
        set_response_etag(response)
    return get_conditional_response(request, etag=response.headers["ETag"], response=response)
