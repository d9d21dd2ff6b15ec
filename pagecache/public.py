"""What a view says of an answer that is the same for everyone: that any cache may keep it, for how long, and what it
depends on."""

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

from core.http import View, depends_on_the_visitor
from pagecache import memory
from pagecache.request_key import TooMuch, declared

# Answers that are the same for everyone, and stay so for a minute.
_KEEPABLE = {200, 301, 304, 308, 404, 410}
STALE_FOR = 600
MOST_PARTS = 250
# In a request's META where the page store asks: no header can set a name without HTTP_ before it.
FOR_THE_STORE = "pagecache.store"


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

    Starts and ends of publications need not be given: the whole site knows them (website.watched_tables). Nor does what
    is remembered (pagecache.memory): `public` adds that.
    """
    known = [moment for moment in moments if moment is not None]
    response.good_until = min(known, default=None)


def rests_on(response: HttpResponseBase, parts: Sequence[str]) -> None:
    """Say that the answer shows nothing but what changes under the name of one of these parts of the site, or of every
    page (pagecache.site_version): then it is not made anew when something else has changed.

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
