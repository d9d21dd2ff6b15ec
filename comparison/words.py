"""Compare two passages word by word. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from comparison.blocks import Token
from comparison.matching import Pair, matches

EQUAL, DELETE, INSERT = "equal", "delete", "insert"
# Fewer common words than this between larger changes count as changed: showing them makes a comparison hard to read.
ISLAND = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of tokens that are in both texts ("equal"), only in the old ("delete") or only in the new one ("insert").

    The equal and deleted segments together are the old text, the equal and inserted ones the new text. A `restyled`
    pair of delete and insert has the same words in other elements: made bold, or linked elsewhere.
    """

    op: str
    tokens: tuple[Token, ...]
    restyled: bool = False

    @property
    def text(self) -> str:
        return "".join(token.text for token in self.tokens)

    @property
    def words(self) -> int:
        """Return the number of words in the segment, or 0 if only their style has changed."""
        return 0 if self.restyled else sum(token.is_word for token in self.tokens)


def segments(old: Sequence[Token], new: Sequence[Token]) -> tuple[Segment, ...]:
    """Return both passages as one sequence of segments: common, removed and added tokens."""
    if old == new:
        return (Segment(EQUAL, tuple(old)),) if old else ()
    a, b = _units(old), _units(new)
    pairs = matches([_key(unit) for unit in a], [_key(unit) for unit in b])
    pairs = _without_islands(a, b, pairs)
    out = _SegmentWriter()
    next_a = next_b = 0
    for i, j in [*pairs, (len(a), len(b))]:
        out.change(chain.from_iterable(a[next_a:i]), chain.from_iterable(b[next_b:j]))
        if i < len(a):
            out.pair(a[i], b[j])
        next_a, next_b = i + 1, j + 1
    return out.finished()


def _units(tokens: Sequence[Token]) -> list[tuple[Token, ...]]:
    """Return each token with the white space after it, so that texts are not matched on spaces alone."""
    units: list[tuple[Token, ...]] = []
    for token in tokens:
        if token.is_space and units and len(units[-1]) == 1:
            units[-1] = (units[-1][0], token)
        else:
            units.append((token,))
    return units


def _key(unit: tuple[Token, ...]) -> tuple[str, str, str]:
    return unit[0][:3]


def _without_islands(a: list, b: list, pairs: list[Pair]) -> list[Pair]:
    """Return the pairs, leaving out short runs of common words between larger changes."""
    while True:
        runs: list[list[Pair]] = []
        for i, j in pairs:
            if runs and runs[-1][-1] == (i - 1, j - 1):
                runs[-1].append((i, j))
            else:
                runs.append([(i, j)])
        ends = [(-1, -1), *(run[-1] for run in runs), (len(a), len(b))]
        starts = [*(run[0] for run in runs), (len(a), len(b))]
        gaps = [
            max(_length(a[left[0] + 1 : right[0]]), _length(b[left[1] + 1 : right[1]]))
            for left, right in zip(ends, starts, strict=False)
        ]
        kept = [
            run
            for place, run in enumerate(runs)
            if not _is_island([a[i] for i, _ in run], gaps[place], gaps[place + 1])
        ]
        if len(kept) == len(runs):
            return pairs
        pairs = list(chain.from_iterable(kept))


def _is_island(run: list[tuple[Token, ...]], before: int, after: int) -> bool:
    if any(unit[0].atom for unit in run) or sum(unit[0].is_word for unit in run) >= ISLAND:
        return False
    return _length(run) <= min(before, after)


def _length(units: Iterable[tuple[Token, ...]]) -> int:
    return sum(len(token.text) or 1 for unit in units for token in unit)


class _SegmentWriter:
    """Joins tokens into as few segments as possible, with deletions before insertions."""

    def __init__(self) -> None:
        self.out: list[Segment] = []
        self.state = ""
        self.deleted: list[Token] = []
        self.inserted: list[Token] = []

    def _enter(self, state: str) -> None:
        if state == self.state:
            return
        restyled = self.state == "restyled"
        if self.state == EQUAL:
            self.out.append(Segment(EQUAL, tuple(self.inserted)))
        else:
            shared = self._shared_space()
            if self.deleted:
                self.out.append(Segment(DELETE, tuple(self.deleted), restyled))
            if self.inserted:
                self.out.append(Segment(INSERT, tuple(self.inserted), restyled))
            if shared and state == EQUAL:
                self.deleted, self.inserted, self.state = [], shared, state
                return
            if shared:
                self.out.append(Segment(EQUAL, tuple(shared)))
        self.deleted, self.inserted, self.state = [], [], state

    def _shared_space(self) -> list[Token]:
        """Remove and return the white space at the end of both the deleted and the inserted tokens: it is unchanged."""
        if self.state != "changed" or not self.deleted or not self.inserted:
            return []
        if self.deleted[-1] != self.inserted[-1] or not self.inserted[-1].is_space:
            return []
        self.deleted.pop()
        return [self.inserted.pop()]

    def change(self, deleted: Iterable[Token], inserted: Iterable[Token]) -> None:
        deleted, inserted = list(deleted), list(inserted)
        if deleted or inserted:
            self._enter("changed")
            self.deleted += deleted
            self.inserted += inserted

    def pair(self, old: tuple[Token, ...], new: tuple[Token, ...]) -> None:
        self._same(old[0], new[0])
        if [token.text for token in old[1:]] != [token.text for token in new[1:]]:
            self.change(old[1:], new[1:])
        elif len(old) > 1:
            self._same(old[1], new[1])

    def _same(self, old: Token, new: Token) -> None:
        if old.style == new.style:
            self._enter(EQUAL)
            self.inserted.append(new)
        else:
            self._enter("restyled")
            self.deleted.append(old)
            self.inserted.append(new)

    def finished(self) -> tuple[Segment, ...]:
        self._enter("end")
        return tuple(self.out)
