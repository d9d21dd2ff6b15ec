"""Pair the passages of two texts: unchanged, edited, moved, added or removed. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from comparison.blocks import Block, Cell
from comparison.likeness import ALONE, EDITED, MOVED, candidates
from comparison.matching import Pair, heaviest, matches
from comparison.words import Segment, segments

UNCHANGED, CHANGED, ADDED, REMOVED, AWAY = "unchanged", "changed", "added", "removed", "away"
# If there is just one passage on each side between the same neighbours, and both are of the same one of these kinds,
# they are paired whatever their words.
SINGLE = {"h2", "h3", "h4", "line", "value", "row", "caption", "figure"}


@dataclass(frozen=True, slots=True)
class CellChange:
    """A table cell, or the whole text of another block, before and after. `old` or `new` is None if there is no such
    cell.

    `segments` are both texts as one sequence of common, removed and added parts.
    """

    old: Cell | None
    new: Cell | None
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class PassageChange:
    """A passage before and after, with the changes in its cells.

    `state` is "unchanged", "changed", "added", "removed" or "away". "away" marks the former place of a moved passage
    and is not counted as a change; the passage itself has `moved` set at its new place. `old_place` and `new_place` are
    the indexes of the passage in the two texts, from 0.
    """

    state: str
    old: Block | None
    new: Block | None
    old_place: int | None
    new_place: int | None
    cells: tuple[CellChange, ...]
    moved: bool = False

    @property
    def block(self) -> Block:
        return self.new or cast(Block, self.old)  # one of them is there

    @property
    def words_added(self) -> int:
        return self._words("insert")

    @property
    def words_removed(self) -> int:
        return self._words("delete")

    def _words(self, op: str) -> int:
        if self.state == AWAY:
            return 0
        return sum(segment.words for cell in self.cells for segment in cell.segments if segment.op == op)


def align(old: Sequence[Block], new: Sequence[Block], moves: bool = True) -> tuple[PassageChange, ...]:
    """Return the changes of all passages in the order of the new text; removed passages are at their former place.

    With `moves`, a passage that has moved is returned twice: as "away" at its former place, and at its new one. Without
    `moves`, it is returned as one removed and one added.
    """
    same = matches([block.key for block in old], [block.key for block in new])
    close = candidates(old, new, same)
    paired = sorted(same + _edited(old, new, same, close))
    moved = _moved(paired, close) if moves else {}
    return tuple(_in_order(old, new, paired, moved))


def _in_order(old: Sequence[Block], new: Sequence[Block], paired: list[Pair], moved: dict) -> Iterator[PassageChange]:
    gone = set(moved.values())
    columns: dict[tuple, list[Pair]] = {}
    next_old = next_new = 0
    for i, j in [*paired, (len(old), len(new))]:
        for place in range(next_old, i):
            yield _change(old[place], None, (place, None), state=AWAY if place in gone else REMOVED)
        for place in range(next_new, j):
            source = moved.get(place)
            before = None if source is None else old[source]
            yield _change(before, new[place], (source, place), state="" if before else ADDED, moved=bool(before))
        if i < len(old):
            if old[i].kind != "row":
                columns.clear()
            yield _change(old[i], new[j], (i, j), columns=columns)
        next_old, next_new = i + 1, j + 1


def _change(
    old: Block | None,
    new: Block | None,
    places: tuple[int | None, int | None],
    state: str = "",
    moved: bool = False,
    columns: dict[tuple, list[Pair]] | None = None,
) -> PassageChange:
    if old and new:
        state = UNCHANGED if old.key == new.key else CHANGED
    pairs = _columns(old.cells if old else (), new.cells if new else (), {} if columns is None else columns)
    return PassageChange(
        state, old, new, *places, tuple(_cells(old.cells if old else (), new.cells if new else (), pairs)), moved
    )


def _columns(old: Sequence[Cell], new: Sequence[Cell], known: dict[tuple, list[Pair]]) -> list[Pair]:
    """Return pairs of indexes of cells that belong together.

    If the number of cells has changed, the first such row of a table decides for all its rows.
    """
    if len(old) == len(new):
        return [(i, i) for i in range(len(old))]
    shape = len(old), len(new)
    if shape not in known:
        known[shape] = matches([cell.text for cell in old], [cell.text for cell in new])
    return known[shape]


def _cells(old: Sequence[Cell], new: Sequence[Cell], pairs: list[Pair]) -> Iterator[CellChange]:
    """Yield a CellChange for each pair of cells and for the unpaired cells between the pairs, in order.

    The n-th unpaired cell of one side is put next to the n-th of the other side in the same gap, or next to None.
    """
    next_old = next_new = 0
    for i, j in [*pairs, (len(old), len(new))]:
        spare_old, spare_new = old[next_old:i], new[next_new:j]
        for place in range(max(len(spare_old), len(spare_new))):
            yield _cell(
                spare_old[place] if place < len(spare_old) else None,
                spare_new[place] if place < len(spare_new) else None,
            )
        if i < len(old):
            yield _cell(old[i], new[j])
        next_old, next_new = i + 1, j + 1


def _cell(old: Cell | None, new: Cell | None) -> CellChange:
    return CellChange(old, new, segments(old.tokens if old else (), new.tokens if new else ()))


def _edited(old: Sequence[Block], new: Sequence[Block], same: list[Pair], close: dict[Pair, float]) -> list[Pair]:
    """Return pairs of passages between the same neighbours that are alike enough to be one edited passage."""
    firsts, seconds = [i for i, _ in same], [j for _, j in same]
    here = [
        (pair, share)
        for pair, share in close.items()
        if share >= EDITED and bisect_left(firsts, pair[0]) == bisect_left(seconds, pair[1])
    ]
    chosen = heaviest(here, len(new))
    anchors = sorted(same + chosen)
    start_old = start_new = 0
    for i, j in [*anchors, (len(old), len(new))]:
        if i - start_old == 1 == j - start_new:
            kinds = {old[start_old].kind, new[start_new].kind}
            is_one = len(kinds) == 1 and kinds <= SINGLE
            if is_one or close.get((start_old, start_new), 0) >= ALONE:
                chosen.append((start_old, start_new))
        start_old, start_new = i + 1, j + 1
    return chosen


def _moved(paired: list[Pair], close: dict[Pair, float]) -> dict[int, int]:
    """Return the former place of each moved passage by its new place."""
    taken_old, taken_new = {i for i, _ in paired}, {j for _, j in paired}
    found: dict[int, int] = {}
    for (i, j), share in sorted(close.items(), key=lambda item: -item[1]):
        if share >= MOVED and i not in taken_old and j not in taken_new:
            found[j] = i
            taken_old.add(i)
            taken_new.add(j)
    return found
