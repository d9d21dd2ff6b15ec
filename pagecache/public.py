"""How a view declares that its response is the same for everyone, so that any cache may keep it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, set_response_etag

from core.http import FOR_THE_CACHE, View, depends_on_the_visitor
from pagecache.request_key import declared

KEEPABLE = {200, 301, 304, 308, 404, 410}
STALE_FOR = 600  # seconds for which a browser may show the old page while it asks for the new one


@dataclass(frozen=True)
class Declaration:
    """What a view declares of its response: `max_age` in seconds, the query parameters on which it depends (None: not
    declared), and the aware time at which it changes without a commit (`good_until`).
    """

    max_age: int
    parameters: tuple[str, ...] | None
    until: datetime | None


def public(max_age: int = 60, parameters: Sequence[str] | None = None) -> Callable[[View], View]:
    """Decorator: the view's responses to GET and HEAD are the same for everyone.

    `parameters` names the query parameters that the view reads. It sees no others, and one value of each, so that a
    campaign's `utm_source` neither changes a page nor fills the cache. Without it, only addresses without a query are
    kept.

    Sets Cache-Control and an ETag, responds 304 to a client that has the page, and sets `is_public = True` and
    `declaration` on the response. Other methods, refusals and errors are left as they are. Raises AssertionError if the
    view sets a cookie or varies by cookie; core.middleware.SecurityHeaders finds what middleware adds later.
    """
    names = None if parameters is None else tuple(parameters)

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD"):
                return view(request, *args, **kwargs)
            _hide_the_rest(request, names)
            response = view(request, *args, **kwargs)
            if response.status_code not in KEEPABLE:
                return response
            if depends_on_the_visitor(response):
                raise AssertionError(f"{view.__qualname__} is declared public but depends on a cookie.")
            until = getattr(response, "good_until", None)
            left = max_age if until is None else min(max_age, (until - timezone.now()).total_seconds())
            # The view does not know the next scheduled start or end; the page cache does, and sets the header anew.
            response.headers["Cache-Control"] = cache_control(max_age, left)
            response = _conditional(request, response)
            response.is_public, response.declaration = True, Declaration(max_age, names, until)
            return response

        wrapped.public_parameters = names
        return wrapped

    return decorator


def good_until(response: HttpResponseBase, *moments: datetime | None) -> None:
    """Declare that the response changes without a commit at the first of these aware times; None is no time.

    Starts and ends of publications need not be declared (website.watched_tables).
    """
    response.good_until = min((moment for moment in moments if moment is not None), default=None)


def cache_control(max_age: int, left: float | None = None) -> str:
    """Return the value of Cache-Control for a response that is right for `left` more seconds (None: for ever)."""
    if left is None or left >= max_age + STALE_FOR:
        return f"public, max-age={max_age}, stale-while-revalidate={STALE_FOR}"
    return f"public, max-age={max(0, min(max_age, int(left)))}"


def _conditional(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return the response with an ETag, or a 304 if the client has it.

    Dates are not compared: if the newest row of a list is withdrawn, the date of the list goes back.
    """
    if response.status_code != 200 or (response.streaming and not response.has_header("ETag")):
        return response
    if not response.has_header("ETag"):
        set_response_etag(response)
    return get_conditional_response(request, etag=response.headers["ETag"], response=response)


def _hide_the_rest(request: HttpRequest, names: tuple[str, ...] | None) -> None:
    """Remove from the request what the response must not depend on."""
    if names is not None and request.META.get("QUERY_STRING"):
        query = declared(request.META["QUERY_STRING"], names)
        if query is None:  # the response is not kept, but it is given
            query = urlencode([(name, request.GET[name]) for name in names if name in request.GET])
        request.META["QUERY_STRING"], request.GET = query, QueryDict(query)
    if request.META.get(FOR_THE_CACHE):  # which keeps the whole response, and answers conditional requests from it
        for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE"):
            request.META.pop(name, None)
