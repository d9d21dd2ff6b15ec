"""What each room has for the sitemap. A room hands in a function in its AppConfig's `ready`; the sitemap asks them all.

So the room that writes the sitemap need not know the rooms above it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

Page = tuple[str, datetime | None]  # a path of this site, and when it last changed where somebody knows

_sources: list[Callable[[], Iterable[Page]]] = []


def register(source: Callable[[], Iterable[Page]]) -> None:
    """`source` yields the pages of a room that everybody may find now. Handing it in again changes nothing."""
    if source not in _sources:
        _sources.append(source)


def everything() -> Iterator[Page]:
    """The pages of every room, room by room in the order in which they registered."""
    for source in _sources:
        yield from source()
