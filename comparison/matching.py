"""Align the equal items of two sequences, in bounded time. Pure.

Patience matching: an item that occurs exactly once on each side is an anchor, and difflib compares the short stretches
between anchors. If even that would cost too much, repeated items are paired by their occurrence.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher

Pair = tuple[int, int]

# The number of steps after which a call returns a coarser result, and the most equal pairs that difflib may get.
MOST_STEPS = 1_500_000
MOST_PAIRS = 4_000


def matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Return an alignment of equal items as pairs of indexes (in `old`, in `new`), both strictly ascending."""
    ids: dict[Hashable, int] = {}
    a = [ids.setdefault(item, len(ids)) for item in old]
    b = [ids.setdefault(item, len(ids)) for item in new]
    found: list[Pair] = []
    steps = MOST_STEPS
    work = [(0, len(a), 0, len(b))]
    while work:
        low_a, high_a, low_b, high_b = work.pop()
        while low_a < high_a and low_b < high_b and a[low_a] == b[low_b]:
            found.append((low_a, low_b))
            low_a, low_b = low_a + 1, low_b + 1
        while low_a < high_a and low_b < high_b and a[high_a - 1] == b[high_b - 1]:
            high_a, high_b = high_a - 1, high_b - 1
            found.append((high_a, high_b))
        if low_a == high_a or low_b == high_b:
            continue
        steps -= high_a - low_a + high_b - low_b
        part_a, part_b = a[low_a:high_a], b[low_b:high_b]
        anchors = _unique(part_a, part_b) if steps > 0 else []
        if anchors:
            start_a, start_b = low_a, low_b
            for i, j in anchors:
                found.append((low_a + i, low_b + j))
                work.append((start_a, low_a + i, start_b, low_b + j))
                start_a, start_b = low_a + i + 1, low_b + j + 1
            work.append((start_a, high_a, start_b, high_b))
            continue
        pairs = _pairs(part_a, part_b)
        steps -= pairs * min(len(part_a), len(part_b), 50)
        inner = _closest(part_a, part_b) if steps > 0 and pairs <= MOST_PAIRS else _by_occurrence(part_a, part_b)
        found += [(low_a + i, low_b + j) for i, j in inner]
    return sorted(found)


def ascending(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the longest subsequence of pairs whose second indexes ascend. `pairs` are sorted by the first indexes."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(pairs):
        place = bisect_left(tails, j)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1], ends[place : place + 1] = [j], [index]
    chain, index = [], ends[-1] if ends else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def heaviest(weighted: list[tuple[Pair, float]], length: int) -> list[Pair]:
    """Return the non-crossing pairs with the greatest total weight, from pairs of indexes with their weights.

    `length` is the length of the second sequence. A Fenwick tree holds the best sums.
    """
    tree: list[tuple[float, int]] = [(0.0, -1)] * (length + 1)
    order = sorted(weighted, key=lambda item: (item[0][0], -item[0][1]))
    before: list[int] = []
    for index, ((_, j), share) in enumerate(order):
        best, place = (0.0, -1), j
        while place > 0:
            best, place = max(best, tree[place]), place & (place - 1)
        before.append(best[1])
        total, place = (best[0] + share, index), j + 1
        while place <= length:
            tree[place], place = max(tree[place], total), place + (place & -place)
    best, place = (0.0, -1), length
    while place > 0:
        best, place = max(best, tree[place]), place & (place - 1)
    chain, index = [], best[1]
    while index >= 0:
        chain.append(order[index][0])
        index = before[index]
    return chain[::-1]


def _unique(a: list[int], b: list[int]) -> list[Pair]:
    once_a, once_b = Counter(a), Counter(b)
    places = {item: j for j, item in enumerate(b) if once_b[item] == 1}
    return ascending([(i, places[item]) for i, item in enumerate(a) if once_a[item] == 1 and item in places])


def _pairs(a: list[int], b: list[int]) -> int:
    """Return the number of pairs of equal items, which determines the cost of difflib."""
    in_b = Counter(b)
    return sum(count * in_b[item] for item, count in Counter(a).items())


def _closest(a: list[int], b: list[int]) -> list[Pair]:
    found = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return [(block.a + k, block.b + k) for block in found for k in range(block.size)]


def _by_occurrence(a: list[int], b: list[int]) -> list[Pair]:
    """Return pairs of equal items, first with first, second with second and so on, without pairs that cross others."""
    seen: Counter[int] = Counter()
    places: dict[tuple[int, int], int] = {}
    for j, item in enumerate(b):
        places[item, seen[item]] = j
        seen[item] += 1
    seen.clear()
    pairs = []
    for i, item in enumerate(a):
        if (item, seen[item]) in places:
            pairs.append((i, places[item, seen[item]]))
        seen[item] += 1
    return ascending(pairs)
