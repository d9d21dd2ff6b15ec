"""What a view says of its answer: which content security policy it has, and whether anyone may keep it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, has_vary_header, set_response_etag

from betterment import memory
from betterment.page_store_asked import TooMuch, declared

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
    # No script of ours asks for anything, but instruments that look at a page from within it ask for robots.txt.
    "connect-src": [SELF],
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
STALE_FOR = 600
MOST_PARTS = 250
# In a request's META where the page store asks: no header can set a name without HTTP_ before it.
FOR_THE_STORE = "betterment.page_store"


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


@dataclass(frozen=True)
class Kept:
    """What a public view says of its answers to a store of pages.

    `parameters`: the fields of the query that the answer depends on; None where the view has not said, and then only
    an answer to an address without a query is kept. `until`: see `good_until`; `parts`: see `rests_on`.
    """

    max_age: int
    parameters: tuple[str, ...] | None
    until: datetime | None = None
    parts: tuple[str, ...] = ()


def public(max_age: int = 60, parameters: Sequence[str] | None = None) -> Callable[[View], View]:
    """Decorator: what the view answers to GET and HEAD is the same for everyone, and any cache may keep it.

    `parameters` names the fields of the query that the view reads. The view sees no others, each with one value, so
    that what is kept under them cannot depend on anything else; a campaign's or a tracker's field costs nothing.

    Sets Cache-Control and an ETag, answers 304 to who has the page already, and sets on the answer `is_public = True`
    and `kept` (`Kept`), which is what a page store asks for. Refusals, errors and answers to other methods stay as
    they are. Raises AssertionError where the view sets a cookie or varies by cookie; what middleware adds later is
    caught by `middleware.SecurityHeaders`.
    """
    names = None if parameters is None else tuple(parameters)

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in ("GET", "HEAD"):
                _show_only_what_counts(request, names)
            with memory.noted() as forgotten:
                response = view(request, *args, **kwargs)
            if request.method not in ("GET", "HEAD") or response.status_code not in _KEEPABLE:
                return response
            if depends_on_the_visitor(response):
                raise AssertionError(f"{view.__qualname__} is declared public but depends on a cookie.")
            good_until(response, getattr(response, "good_until", None), *forgotten)
            kept = Kept(max_age, names, response.good_until, getattr(response, "parts", ()))
            response.headers["Cache-Control"] = cache_control(max_age, _surely_good_for(max_age, response.good_until))
            response = _conditional(request, response)
            response.is_public = True
            response.kept = kept
            return response

        wrapped.public_parameters = names
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


def good_until(response: HttpResponseBase, *moments: datetime | None) -> None:
    """Say that the answer changes by the clock alone at the first of these aware times; None is no time.

    Publications need not be told here: their starts and ends are known to the whole site (articles.shown). Nor need
    what is remembered (betterment.memory): `public` sees to it.
    """
    known = [moment for moment in moments if moment is not None]
    response.good_until = min(known, default=None)


def rests_on(response: HttpResponseBase, parts: Sequence[str]) -> None:
    """Say that the answer shows nothing but what changes under the name of one of these parts of the site, or of every
    page (betterment.freshness): then it is not made anew when something else has changed.

    The question grows with them: what rests on very many is said to rest on the whole site.
    """
    response.parts = tuple(parts) if len(parts) <= MOST_PARTS else ()


def cache_control(max_age: int, left: float | None = None) -> str:
    """The header's value: how long any cache may keep an answer that is good for `left` more seconds.

    While there is plenty of time left, a cache may show the old answer as it asks for the new one.
    """
    if left is None or left >= max_age + STALE_FOR:
        return f"public, max-age={max_age}, stale-while-revalidate={STALE_FOR}"
    return f"public, max-age={max(0, min(max_age, int(left)))}"


def _surely_good_for(max_age: int, until: datetime | None) -> float:
    """Seconds that a cache may keep what no store stands behind: a store knows of starts and ends, a view does not."""
    return max_age if until is None else min(max_age, (until - timezone.now()).total_seconds())


def _show_only_what_counts(request: HttpRequest, names: tuple[str, ...] | None) -> None:
    """Take from the request what the answer must not depend on."""
    if names is not None and request.META.get("QUERY_STRING"):
        try:
            query = declared(request.META["QUERY_STRING"], names)
        except TooMuch:  # nothing will be kept of it, but it is answered
            query = urlencode([(name, request.GET[name]) for name in names if name in request.GET])
        request.META["QUERY_STRING"] = query
        request.GET = QueryDict(query)
    if request.META.get(FOR_THE_STORE):
        # The store answers these itself, from the whole answer.
        for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE"):
            request.META.pop(name, None)
