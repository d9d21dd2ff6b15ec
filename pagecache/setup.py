"""The page store as the settings want it, around Django's own callable."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

from pagecache import site_version
from pagecache.build import build
from pagecache.clock import Clock, Parts
from pagecache.folder import Folder
from pagecache.store import Application, PageStore, Site

T = TypeVar("T")

MEGABYTE = 1024 * 1024


def with_page_store(application: Application) -> Application:
    """The callable with a store of PAGE_STORE_MEGABYTES in front, and PAGE_STORE_FOLDER beneath it; as it is where
    there is neither, or DEBUG is on.
    """
    shelf = folder()
    if settings.DEBUG or not (settings.PAGE_STORE_MEGABYTES or shelf):
        return application
    return PageStore(application, site(), Clock(_look), settings.PAGE_STORE_MEGABYTES * MEGABYTE, shelf, PARTS)


def folder() -> Folder | None:
    """The folder of the settings, for pages of this very code and these settings; None where none is wanted."""
    if not (settings.PAGE_STORE_FOLDER and settings.PAGE_STORE_FOLDER_MEGABYTES):
        return None
    return Folder(
        Path(settings.PAGE_STORE_FOLDER),
        settings.PAGE_STORE_FOLDER_MEGABYTES * MEGABYTE,
        build=build(),
        secret=settings.SECRET_KEY,
    )


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


def _look(now: float) -> tuple[str, float | None]:
    found = _asked(lambda connection: site_version.look(datetime.fromtimestamp(now, UTC), connection))
    return found.mark, found.until.timestamp() if found.until else None


def _mark(parts: Sequence[str]) -> str:
    return _asked(lambda connection: site_version.parts_mark(parts, connection))


def _until(parts: Sequence[str], after: float) -> float | None:
    found = _asked(lambda connection: site_version.parts_until(parts, datetime.fromtimestamp(after, UTC), connection))
    return found.timestamp() if found else None


PARTS = Parts(_mark, _until)


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
