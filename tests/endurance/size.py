"""How much is tried: little in the suite, everything with `make endure`."""

import os

FULL = os.environ.get("ENDURE") == "full"


def size(small: int, full: int) -> int:
    """Return `small` in the suite and `full` with `make endure`."""
    return full if FULL else small
