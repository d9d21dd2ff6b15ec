"""The pages of each app for the sitemap. An app registers a function, and the sitemap calls all registered functions.

The app that writes the sitemap therefore does not depend on the apps above it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

Page = tuple[str, datetime | None]  # a path of this site, and when the page last changed, if that is known

_sources: list[Callable[[], Iterable[Page]]] = []


def register(source: Callable[[], Iterable[Page]]) -> None:
    """Register a function that returns the indexable pages of an app. Apps call this in `AppConfig.ready`.

    Registering the same function again has no effect.
    """
    if source not in _sources:
        _sources.append(source)


def all_pages() -> Iterator[Page]:
    """Yield the pages of all apps, in the order in which their functions were registered."""
    for source in _sources:
        yield from source()
