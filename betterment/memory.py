"""What costs a long look at the whole database, and may be some minutes old: worked out once in a while.

For figures and orders, never for words: what is remembered is keys and counts, and what stands behind a key is read
anew each time, through the door of the readers' pages. Nothing here depends on who asks.
"""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

FOR = 600  # seconds

Value = TypeVar("Value")


def remembered(name: str, make: Callable[[], Value], seconds: int = FOR) -> Value:
    """What `make` gave under this name within the last minutes, else what it gives now. It may not give None."""
    value = cache.get(f"remembered:{name}")
    if value is None:
        value = make()
        cache.set(f"remembered:{name}", value, seconds)
    return value
