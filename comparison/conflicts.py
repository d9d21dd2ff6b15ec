"""Compare a saved text with another person's unsaved version, in pieces that a script can transfer. Pure.

A piece is one passage from both sides. If the common earlier text is known, each piece says who changed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.safestring import SafeString

from comparison.aligning import UNCHANGED, PassageChange, align
from comparison.marking import Sides
from comparison.showing import fold_label, in_folds, side
from comparison.versions import FieldKind, read
from comparison.words import DELETE, INSERT

THEM, YOU, BOTH = "them", "you", "both"


@dataclass(frozen=True)
class Piece:
    """A passage from both sides as HTML, saved (`theirs`) and unsaved (`mine`), with its index (`place`, from 0).

    `state` is that of the PassageChange. `who` says who changed the passage: "them", "you" or "both", or "" if unknown.
    `begins` is the beginning of its text, for messages.
    """

    place: int
    state: str
    theirs: SafeString
    mine: SafeString
    who: str
    begins: str

    @property
    def differs(self) -> bool:
        return self.state != UNCHANGED


@dataclass(frozen=True)
class Fold:
    """Consecutive pieces. With a label, they are unchanged and can be folded away."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Difference:
    """A field of a form whose value differs from the one saved in the meantime.

    `theirs` and `mine` are plain text for people. `script` is for the page's script: the kind of field, the whole saved
    value, and each passage from both sides (None on a side that lacks it).
    """

    name: str
    label: str
    theirs: str
    mine: str
    folds: list[Fold]
    script: dict[str, object]

    @property
    def script_id(self) -> str:
        """Return the id of the element that holds `script` as JSON."""
        return f"conflict-{self.name}"

    @property
    def is_only_markup(self) -> bool:
        """Return whether every passage has the same words on both sides."""
        return not any(piece.differs for fold in self.folds for piece in fold.pieces)

    @property
    def theirs_alone(self) -> int:
        """Return the number of passages that only the other person changed."""
        return sum(piece.who == THEM for fold in self.folds for piece in fold.pieces)


def difference(
    name: str, label: str, kind: FieldKind, theirs: str, mine: str, names: Sides, base: str | None = None
) -> Difference:
    """Return the difference between the two sides of a field. `base` is the text both started from, if it is known."""
    changes = align(read(theirs, kind), read(mine, kind), moves=False)
    known = None if base is None else {block.key for block in read(base, kind)}
    pieces = [_piece(place, change, names, known) for place, change in enumerate(changes)]
    rest = iter(pieces)
    folds = [
        Fold(fold_label(run) if is_hidden else "", list(islice(rest, len(run)))) for is_hidden, run in in_folds(changes)
    ]
    return Difference(name, label, theirs, mine, folds, _script(kind, theirs, changes))


def _piece(place: int, change: PassageChange, names: Sides, known: set[tuple] | None) -> Piece:
    text = change.block.text
    return Piece(
        place,
        change.state,
        side(change, DELETE, names),
        side(change, INSERT, names),
        "" if known is None or change.state == UNCHANGED else _who(change, known),
        text if len(text) <= 40 else f"{text[:40]}…",
    )


def _who(change: PassageChange, known: set[tuple]) -> str:
    """Return THEM, YOU or BOTH for the people who changed a passage, judged by the earlier passages (`known`)."""
    if change.old is None:
        return THEM if change.block.key in known else YOU
    if change.new is None:
        return YOU if change.block.key in known else THEM
    by_them, by_you = change.old.key not in known, change.new.key not in known
    if by_them and by_you:
        return BOTH
    return THEM if by_them else YOU


def _script(kind: FieldKind, theirs: str, changes: Sequence[PassageChange]) -> dict[str, object]:
    blocks = [block for change in changes for block in (change.old, change.new) if block]
    is_readable = kind != FieldKind.VALUE and (kind == FieldKind.TEXT or all(block.kind != "line" for block in blocks))
    pieces = [
        {
            "theirs": change.old.html if change.old else None,
            "mine": change.new.html if change.new else None,
            "theirsWithin": change.old.within if change.old else "",
            "mineWithin": change.new.within if change.new else "",
        }
        for change in changes
    ]
    return {"kind": kind, "whole": theirs, "pieces": pieces if is_readable else []}
