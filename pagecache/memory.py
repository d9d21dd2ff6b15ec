"""What costs a long look at the whole database, and may be some minutes old: worked out once in a while.

For figures and orders, never for words: what is remembered is keys and counts, and what stands behind a key is read
anew each time, through the door of the readers' pages. Nothing here depends on who asks.

Whoever keeps an answer that rests on it must not keep it for longer: `noted` tells until when.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TypeVar

from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone

logger = logging.getLogger(__name__)

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
    """What `make` gave under this name within the last minutes, else what it gives now.

    A cache that does not answer costs the look, and no reader their page; a silent database raises its own error.
    """
    key = f"remembered-until:{name}"
    kept: tuple[Value, datetime] | None = _asked(cache.get, key)
    if kept is None:
        kept = make(), timezone.now() + timedelta(seconds=seconds)
        _asked(cache.set, key, kept, seconds)
    value, until = kept
    moments = _noted.get()
    if moments is not None:
        moments.append(until)
    return value


def _asked(question: Callable[..., Value], *words: object) -> Value | None:
    """What the cache says; None where it says nothing. A failure of the database's own table is the database's."""
    try:
        return question(*words)
    except DatabaseError:
        raise
    except Exception as error:
        logger.error("The cache does not answer: %s", error)
        return None
