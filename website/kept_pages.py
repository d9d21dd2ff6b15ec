"""Rendered pages in the cache that all workers share, each under a digest of the state that it shows.

The page cache of a worker drops all pages whenever anything on the site changes, but most changes affect few pages. A
page that is not affected need not be rendered again: its view reads the state that the page shows, at a fraction of the
cost, and finds the page that the same code rendered from the same state.
"""

import hashlib
import logging
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.utils import timezone

from core.build import build_digest
from core.db import site_version
from core.house.memory import house
from core.public import good_until

logger = logging.getLogger(__name__)

# In seconds. Figures on pages of `kept_for_the_site` are cached for the same time (website.browse.FIGURES_FOR).
KEPT_FOR, KEPT_FOR_THE_SITE = 24 * 3600, 600
FASTEST = 1  # level of zlib


def kept_page(
    name: str,
    state: object,
    make: Callable[[], HttpResponse],
    is_still: Callable[[object], bool],
    seconds: int = KEPT_FOR,
) -> HttpResponse:
    """Return the cached page `name` for this state; if there is none, call `make` and cache its page for `seconds`.

    `state` must contain everything that the page shows and that can change, except the code, the settings and the house
    settings; states are compared by their `repr`. `is_still` reads the state again and reports whether it is unchanged:
    a page whose state changed while it was being rendered is not cached.

    If the page also depends on the clock (a review falling due, say), `good_until` of the response is the aware time at
    which it goes out of date, and it is not served from the cache after that. Nor is it served before the time at which
    it was rendered, if the clock was set back. Only pages with status 200 are cached, and nothing is cached if DEBUG is
    on. If the cache is unavailable, the page is rendered. Exceptions from `make` propagate.
    """
    if settings.DEBUG:  # templates change while the server runs
        return make()
    shown = house()
    key = f"page:{hashlib.sha256(repr((build_digest(), shown, name, state)).encode()).hexdigest()}"
    kept: tuple[bytes, datetime | None, datetime] | None = _tried(cache.get, key)
    now = timezone.now()
    if kept is not None and kept[2] <= now and (kept[1] is None or now < kept[1]):
        response = HttpResponse(zlib.decompress(kept[0]))
        response.good_until = kept[1]
        return response
    response = make()
    if response.status_code == 200 and is_still(state) and house() == shown:
        value = zlib.compress(response.content, FASTEST), getattr(response, "good_until", None), now
        _tried(cache.set, key, value, seconds)
    return response


def kept_for_the_site(name: str, at: datetime, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the page `name` if any worker has cached it since the last change to the site.

    If none has, call `make` and cache its page for KEPT_FOR_THE_SITE seconds. This is for pages that show so much of
    the site that nearly every change affects them. `at` is a timezone-aware time.
    """
    after_rendering: list[site_version.SiteVersion] = []

    def make_until() -> HttpResponse:
        response = make()
        after_rendering.append(site_version.read(at))
        good_until(response, getattr(response, "good_until", None), after_rendering[0].until)
        return response

    changes = site_version.read_changes()
    return kept_page(name, changes, make_until, lambda before: after_rendering[0].changes == before, KEPT_FOR_THE_SITE)


def cached(name: str, make: Callable[[], Any], seconds: int) -> Any:
    """Return the cached value `name`; if there is none, call `make` and cache its result for `seconds` seconds.

    If the cache is unavailable, call `make` each time. Exceptions from `make` propagate.
    """
    found = _tried(cache.get, name)
    if found is None:
        found = make()
        _tried(cache.set, name, found, seconds)
    return found


def _tried(question: Callable[..., Any], *arguments: object) -> Any:
    """Call a method of the cache and return its result, or log the exception and return None if the cache fails."""
    try:
        return question(*arguments)
    except Exception as error:
        logger.error("The cache does not answer: %s", error)
        return None
