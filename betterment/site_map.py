"""Pages that rooms have for readers, beyond what the articles' sitemap knows: each room adds its own."""

from collections.abc import Callable, Iterable, Iterator

Source = Callable[[], Iterable[str]]
_SOURCES: list[Source] = []


def add(source: Source) -> Source:
    """Decorator: this function gives the paths of pages that may be found, in a steady order and in a few queries."""
    _SOURCES.append(source)
    return source


def paths() -> Iterator[str]:
    """The paths that every room gives, room by room."""
    for source in _SOURCES:
        yield from source()
