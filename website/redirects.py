"""Middleware that redirects requests for old addresses (core.redirects)."""

import logging
import re
from collections.abc import Callable

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase

from core.models import Redirect
from core.public import public
from core.redirects.models import MAX_PATH_LENGTH
from core.redirects.paths import any_view, is_internal

logger = logging.getLogger(__name__)

# The addresses below that of an article: its record, its versions, and the files of its sources.
_OF_ARTICLE = re.compile(r"(/articles/[\w-]+/)(.+)", re.ASCII)
_ADDRESS = re.compile(r"/[\w./-]*", re.ASCII)


class Redirects:
    """Responds 301 instead of 404 to a request for an address that has moved.

    Requests for other pages cost nothing, because the table is read only if a view raises Http404 or no view has the
    address. This takes one query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # If a view has the address, `process_exception` has read the table.
        if response.status_code != 404 or request.resolver_match:
            return response
        return _answer(request) or response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Return the redirect for Http404, before an error page is rendered; return None if there is none.

        Return None for any other exception.
        """
        return _answer(request) if isinstance(exception, Http404) else None


def target_of(path: str) -> str:
    """Return the path to which an old path redirects, or "" if it does not redirect. Makes at most one query.

    A path without a trailing slash leads to the target of the path with one, in one hop, unless it is itself an old
    address. A path below an old address of an article leads to the same path below the new one.
    """
    if len(path) > MAX_PATH_LENGTH or not _ADDRESS.fullmatch(path) or is_internal(path):
        return ""
    with_slash = path if path.endswith("/") else f"{path}/"
    below = _OF_ARTICLE.fullmatch(path)
    paths = {path, with_slash, *([below[1]] if below else [])}
    rows = Redirect.objects.leading_elsewhere().filter(from_path__in=paths)
    found = dict(rows.values_list("from_path", "to_path"))
    if target := found.get(path) or found.get(with_slash):
        return target
    if below and _OF_ARTICLE.fullmatch(f"{found.get(below[1], '')}{below[2]}"):
        target = f"{found[below[1]]}{below[2]}"
        return target if any_view(target) else f"{target.rstrip('/')}/"
    return ""


def _answer(request: HttpRequest) -> HttpResponseBase | None:
    """Return the redirect for this request, or None if its path leads nowhere or the database does not answer."""
    try:
        target = target_of(request.path_info) if request.method in ("GET", "HEAD") else ""
    except DatabaseError as error:  # the page for the status 404 needs no database
        logger.error("The redirects cannot be read: %s", error)
        return None
    return _moved(request, target) if target else None


@public(max_age=60, parameters=())
def _moved(request: HttpRequest, target: str) -> HttpResponsePermanentRedirect:
    return HttpResponsePermanentRedirect(target)
