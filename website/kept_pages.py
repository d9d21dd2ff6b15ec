"""Pages that were rendered a while ago, in the cache that all workers share, under a digest of what they show.

The page cache of a worker drops a page whenever anything on the site changes. Most changes leave most pages as they
are, and then a page is not rendered again: its view reads the state of what it shows, at a fraction of the cost, and
finds the page that was made of the same state by the same code.
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
from core.house.memory import house
from pagecache import site_version
from pagecache.public import good_until

logger = logging.getLogger(__name__)

# Seconds. Pages kept for the site may show figures that are cached for as long.
KEPT_FOR, KEPT_FOR_THE_SITE = 24 * 3600, 600
FASTEST = 1  # level of zlib: a third larger than the smallest, in a tenth of the time


def kept_page(
    name: str,
    state: object,
    make: Callable[[], HttpResponse],
    is_still: Callable[[object], bool],
    seconds: int = KEPT_FOR,
) -> HttpResponse:
    """Return the page `name` as it was made of an equal `state`, else make it and keep it for so many seconds.

    `state` must hold everything that the page shows and that can change, except the code, its settings and the house
    settings; it is compared by its `repr`. `is_still` reads it again: what changes while the page is made is not kept
    under the old state. A page is not used after its `good_until`, an aware time at which it changes by the clock
    alone. Only pages with the status 200 are kept. Raises what `make` raises; a cache that fails costs time, never a
    page.
    """
    if settings.DEBUG:  # templates change while the server runs
        return make()
    shown = house()
    key = f"page:{hashlib.sha256(repr((build_digest(), shown, name, state)).encode()).hexdigest()}"
    kept: tuple[bytes, datetime | None] | None = _tried(cache.get, key)
    if kept is not None and (kept[1] is None or timezone.now() < kept[1]):
        response = HttpResponse(zlib.decompress(kept[0]))
        response.good_until = kept[1]
        return response
    response = make()
    if response.status_code == 200 and is_still(state) and house() == shown:
        value = zlib.compress(response.content, FASTEST), getattr(response, "good_until", None)
        _tried(cache.set, key, value, seconds)
    return response


def kept_for_the_site(name: str, at: datetime, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the page `name` as any worker made it since the last change of the site, else make it and keep it for ten
    minutes.

    For pages that show so much of the site that nearly every change shows on them. `at` is an aware time.
    """
    version = site_version.read(at)

    def make_until() -> HttpResponse:
        response = make()
        good_until(response, getattr(response, "good_until", None), version.until)
        return response

    return kept_page(
        name, version.changes, make_until, lambda before: site_version.read(at).changes == before, KEPT_FOR_THE_SITE
    )


def _tried(question: Callable[..., Any], *arguments: object) -> Any:
    """Return what the cache answers, None where it fails."""
    try:
        return question(*arguments)
    except Exception:
        logger.exception("The shared cache does not answer.")
        return None
