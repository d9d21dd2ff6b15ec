"""How the cost of a piece of work grows when its input doubles.

Seconds say little on a busy machine, so none are asserted. What is compared is the processor time of one thread, the
least of several runs, at sizes where the work takes milliseconds. A verdict is repeated at the next doubling: work that
grows with the square of its input takes four times as long at every doubling, and a disturbance does not.
"""

import gc
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from types import FrameType

START = 1_000  # characters
ENOUGH = 0.001  # seconds of the processor from which on a run can be compared with another
MOST_GROWTH = 2.5  # at each doubling
SUSPECT = 2.15  # from which on growth at small sizes, where it may not show yet, is looked at again at larger ones
SIZES, RUNS, VERDICTS = 4, 3, 2

Work = Callable[[], object]


def grows_too_fast(prepare: Callable[[int], Work | None], most: int) -> str:
    """Return how the cost grows, in words for a failure, where doubling the input more than doubles it; else "".

    `prepare` makes the work for an input of a size in characters, unmeasured; None says that no such input gets that
    far. `most` is the largest size that anything lets through. Work that stays below ENOUGH at that size passes: its
    limit is what bounds it.
    """
    size = START
    while size * 4 <= most:
        spent = _once(prepare(size))
        if spent >= ENOUGH:
            spent = min(spent, _once(prepare(size)))  # the first time, caches are cold
            if _once(prepare(size * 4)) <= SUSPECT**2 * spent:
                return ""
            if verdict := _verdict(prepare, size, most):
                return verdict
        size *= 2
    return ""


def _verdict(prepare: Callable[[int], Work | None], size: int, most: int) -> str:
    """Return the costs of `SIZES` sizes, each twice the one before, where each doubling costs too much; else "".

    They are larger than this size, as far as may be: the more there is, the less the share counts that grows with it.
    """
    largest = size * 2**SIZES
    while largest > most:
        largest //= 2
    sizes = [largest >> halved for halved in reversed(range(SIZES))]
    if _once(prepare(sizes[-1])) <= MOST_GROWTH * _once(prepare(sizes[-2])):
        return ""
    for _ in range(VERDICTS):
        # In turns, so that a slower moment of the machine is shared by all sizes.
        rounds = [[_once(prepare(each)) for each in sizes] for _ in range(RUNS)]
        costs = list(map(min, zip(*rounds, strict=True)))
        if costs[-2] < ENOUGH or any(later <= MOST_GROWTH * earlier for earlier, later in pairwise(costs)):
            return ""
    return ", ".join(f"{each} characters: {cost * 1000:.1f} ms" for each, cost in zip(sizes, costs, strict=True))


def _once(work: Work | None) -> float:
    """Return the processor time of this thread, in seconds, that the work took."""
    if work is None:
        return 0.0
    gc.collect(0)
    gc.disable()
    try:
        began = time.thread_time()
        work()
        return time.thread_time() - began
    finally:
        gc.enable()


def steps(work: Work) -> int:
    """Return how many functions are called while the work is done, those written in C included: the same each time."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
