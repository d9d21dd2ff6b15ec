"""The decorator for views whose response is the same for everyone, so that any cache may store it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, set_response_etag

from core.http import FOR_THE_CACHE, View, depends_on_the_visitor

MAX_FIELDS, MAX_QUERY = 64, 4096
KEEPABLE = {200, 301, 304, 308, 404, 410}
STALE_FOR = 600  # seconds for which a browser may show the old page while it asks for the new one


@dataclass(frozen=True)
class Declaration:
    """The properties that a view decorated with `public` declares for its response.

    `max_age` is in seconds. `parameters` are the query parameters on which the response depends (None: not declared).
    `until` is the aware time at which the response goes out of date although nothing in the database has changed (set
    by `good_until`), or None.
    """

    max_age: int
    parameters: tuple[str, ...] | None
    until: datetime | None


class PublicResponse(HttpResponse):
    """A response from a view decorated with `public`, for type annotations: no response is of this class itself."""

    is_public: bool
    declaration: Declaration


def public(max_age: int = 60, parameters: Sequence[str] | None = None) -> Callable[[View], View]:
    """Return a decorator which declares that a view's responses to GET and HEAD are the same for everyone.

    `max_age` is in seconds. `parameters` names the query parameters that the view reads. The view gets no others and
    only the last value of each, so that a campaign's `utm_source` neither changes a page nor fills the cache. Without
    `parameters`, responses to requests with a query string are not cached.

    The decorated view sets Cache-Control and an ETag, responds 304 to a client that has the page, and sets `is_public =
    True` and `declaration` on the response. Responses to other methods and with other statuses than those in KEEPABLE
    are left unchanged. It raises AssertionError if the response sets a cookie or varies by cookie;
    core.middleware.SecurityHeaders checks again after all other middleware.
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
            # The view does not know the next scheduled start or end. The page cache does, and replaces the header.
            response.headers["Cache-Control"] = cache_control(max_age, left)
            answer = cast(PublicResponse, _conditional(request, response))
            answer.is_public, answer.declaration = True, Declaration(max_age, names, until)
            return answer

        wrapped.public_parameters = names  # type: ignore[attr-defined]  # for the tests of all public views
        return wrapped

    return decorator


def declared(query: str, parameters: Sequence[str]) -> str | None:
    """Return the query string reduced to these parameters, in this order, with the last value given for each.

    `query` is bytes decoded as Latin-1, as in WSGI. Return None if it is too long, or has too many fields, to be a
    cache key.
    """
    if not query or not parameters:
        return ""
    text = query.encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        given = dict(parse_qsl(text[: 2 * MAX_QUERY + 1], keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError:
        return None
    found = urlencode([(name, given[name]) for name in parameters if name in given], errors="replace")
    return found if len(found) <= MAX_QUERY and len(text) <= 2 * MAX_QUERY else None


def good_until(response: HttpResponseBase, *moments: datetime | None) -> None:
    """Declare that the response goes out of date at the earliest of these aware times, without anything being saved.

    None is ignored. Starts and ends of publications need not be declared (website.watched_tables).
    """
    earliest = min((moment for moment in moments if moment is not None), default=None)
    response.good_until = earliest  # type: ignore[attr-defined]  # read by `public`


def cache_control(max_age: int, left: float | None = None) -> str:
    """Return the value of Cache-Control for a response that stays correct for `left` seconds (None: indefinitely)."""
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
    etag, answer = response.headers["ETag"], cast(HttpResponse, response)  # the stubs leave out streaming responses
    return get_conditional_response(request, etag=etag, response=answer) or response


def _hide_the_rest(request: HttpRequest, names: tuple[str, ...] | None) -> None:
    """Remove undeclared query parameters from the request and, for the page cache, conditional and range headers.

    The response must not depend on any of them.
    """
    if names is not None and request.META.get("QUERY_STRING"):
        query = declared(request.META["QUERY_STRING"], names)
        if query is None:  # the response is not cached, but it is served
            query = urlencode([(name, request.GET[name]) for name in names if name in request.GET])
        request.META["QUERY_STRING"], request.GET = query, QueryDict(query)
    if request.META.get(FOR_THE_CACHE):  # the page cache handles these headers itself
        for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE"):
            request.META.pop(name, None)
