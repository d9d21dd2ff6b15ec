"""What costs a long look at the whole database, and may be some minutes old: worked out once in a while.

For figures and orders, never for words: what is remembered is keys and counts, and what stands behind a key is read
anew each time, through the door of the readers' pages. Nothing here depends on who asks.

Whoever keeps an answer that rests on it must not keep it for longer: `noted` tells until when.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TypeVar

from django.core.cache import cache
from django.utils import timezone

FOR = 600  # seconds

Value = TypeVar("Value")


_noted: ContextVar[list[datetime] | None] = ContextVar("noted", default=None)


@contextmanager
def noted() -> Iterator[list[datetime]]:
    """Gives a list to which everything that is remembered within the block adds the time at which it is forgotten."""
    moments: list[datetime] = []
    token = _noted.set(moments)
    try:
        yield moments
    finally:
        _noted.reset(token)


def remembered(name: str, make: Callable[[], Value], seconds: int = FOR) -> Value:
    """What `make` gave under this name within the last minutes, else what it gives now."""
    key = f"remembered-until:{name}"
    kept: tuple[Value, datetime] | None = cache.get(key)
    if kept is None:
        kept = make(), timezone.now() + timedelta(seconds=seconds)
        cache.set(key, kept, seconds)
    value, until = kept
    moments = _noted.get()
    if moments is not None:
        moments.append(until)
    return value
