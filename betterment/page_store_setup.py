"""The page store as the settings want it, around Django's own callable."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

from betterment import freshness
from betterment.page_store import Application, PageStore, Site
from betterment.page_store_clock import Clock

T = TypeVar("T")


def with_page_store(application: Application) -> Application:
    """The callable with a store of PAGE_STORE_MEGABYTES in front; as it is where that is nought, or DEBUG is on."""
    if not settings.PAGE_STORE_MEGABYTES or settings.DEBUG:
        return application
    clock = Clock(ask=lambda: _asked(freshness.state), next_change=_next_change)
    return PageStore(application, site(), clock, settings.PAGE_STORE_MEGABYTES * 1024 * 1024)


def site() -> Site:
    """The names that ALLOWED_HOSTS spells out; a pattern there stands for its own domain alone.

    What else a pattern allows is answered by Django: anybody could think of any number of such names.
    """
    names = {host.lower().removeprefix(".") for host in settings.ALLOWED_HOSTS} - {"*"}
    public = urlsplit(settings.SITE_URL)
    port = f":{public.port}" if public.port else ""
    return Site(
        hosts=frozenset(names | {f"{name}{port}" for name in names if name == public.hostname}),
        secure_header=settings.SECURE_PROXY_SSL_HEADER,
        redirects_to_https=settings.SECURE_SSL_REDIRECT,
    )


def _next_change(after: float) -> float | None:
    moment = _asked(lambda _: freshness.next_change(datetime.fromtimestamp(after, UTC)))
    return moment.timestamp() if moment else None


def _asked(question: Callable[..., T]) -> T:
    """The answer to a question put on this thread's connection, outside any request.

    What Django does at the start and the end of a request is done here: an old connection is not used, and one that
    failed is closed, so that the next question makes a new one.
    """
    connection = connections["default"]
    connection.close_if_unusable_or_obsolete()
    try:
        return question(connection)
    except Exception:
        connection.close()
        raise
