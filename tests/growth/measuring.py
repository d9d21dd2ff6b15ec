"""Measure how the cost of a piece of work grows when its input doubles.

Seconds say little on a busy machine, so none are asserted. The processor times of one thread are compared, the least of
several runs, at sizes at which the work takes milliseconds. A finding is checked again at the next doubling: work that
grows with the square of its input takes four times as long at every doubling, and a disturbance does not.
"""

import gc
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from types import FrameType

START = 1_000  # characters
ENOUGH = 0.001  # seconds of processor time from which a run can be compared with another
MOST_GROWTH = 2.5  # at each doubling
SUSPECT = 2.15  # growth at small sizes from which it is measured again at larger ones, where it shows clearly
SIZES, RUNS, VERDICTS = 4, 3, 2

Work = Callable[[], object]


def grows_too_fast(prepare: Callable[[int], Work | None], most: int) -> str:
    """Return a description of the growth if the cost more than doubles when the input doubles; otherwise return "".

    `prepare` makes the work for an input of a size in characters, unmeasured; it returns None if no such input gets
    that far. `most` is the largest size that anything accepts. Work that stays below ENOUGH at that size passes,
    because that limit bounds it.
    """
    size, judged = START, 0
    while size * 4 <= most:
        spent = _once(prepare(size))
        if spent >= ENOUGH:
            spent = min(spent, _once(prepare(size)))  # in the first run, caches are empty
            fourfold = _once(prepare(size * 4))
            if fourfold > SUSPECT**2 * spent:  # again, because larger sizes cost far more than a disturbance here
                fourfold, spent = min(fourfold, _once(prepare(size * 4))), min(spent, _once(prepare(size)))
            if fourfold <= SUSPECT**2 * spent:
                return ""
            largest = _largest(size, most)
            if largest != judged and (verdict := _verdict(prepare, largest)):
                return verdict
            judged = largest  # the next sizes may lead to the same four again
        size *= 2
    return ""


def _largest(size: int, most: int) -> int:
    """Return the largest size that a verdict about `size` measures.

    It is as far above `size` as `most` allows, because the growing part of the cost is clearer there.
    """
    largest = size * 2**SIZES
    while largest > most:
        largest //= 2
    return largest


def _verdict(prepare: Callable[[int], Work | None], largest: int) -> str:
    """Return the costs of `SIZES` sizes, each twice the one before, if each doubling costs too much; otherwise return
    "".
    """
    sizes = [largest >> halved for halved in reversed(range(SIZES))]
    for _ in range(VERDICTS):
        costs = {}
        for smaller, larger in pairwise(sizes):  # the smallest first: most are cleared by them, and they cost little
            # Both sizes take turns, so that they share a slower moment of the machine.
            rounds = [(_once(prepare(smaller)), _once(prepare(larger))) for _ in range(RUNS)]
            costs[smaller], costs[larger] = map(min, zip(*rounds, strict=True))
            if costs[larger] <= MOST_GROWTH * costs[smaller]:
                return ""
        if costs[sizes[-2]] < ENOUGH:
            return ""
    return ", ".join(f"{size} characters: {cost * 1000:.1f} ms" for size, cost in costs.items())


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
    """Return how many functions the work calls, including those written in C. The number is the same each time."""
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
