"""How much is tried: little in the suite, everything by `make endure`."""

import os

FULL = os.environ.get("ENDURE") == "full"


def size(small: int, full: int) -> int:
    """`small` in the suite, `full` in `make endure`."""
    return full if FULL else small
