"""A comparison as HTML: one text with its changes marked, or two side by side. Pure.

Words are made HTML by `articles.comparison.marking`; this puts passages around them.
"""

from collections.abc import Callable, Sequence
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.comparison.aligning import AWAY, UNCHANGED, CellChange, PassageChange
from articles.comparison.marking import PLAIN, Sides, inline, joined, marked, words
from articles.comparison.versions import FieldChange
from articles.comparison.words import DELETE, EQUAL, INSERT

# Unchanged passages that stay in sight on either side of a change, and how many more are worth a fold.
CONTEXT, FOLD = 1, 2
KINDS = {
    "p": "paragraph",
    "h2": "heading",
    "h3": "subheading",
    "h4": "minor heading",
    "li": "list item",
    "row": "row",
    "caption": "caption",
    "figure": "picture",
    "quote": "quotation",
    "note": "note box",
    "hr": "dividing line",
    "line": "line",
    "value": "value",
}
LISTS = {"ul": "in a bulleted list", "ol": "in a numbered list", "table": "in a table", "": "on its own"}
SAID = {"added": "Added", "removed": "Removed", "changed": "Changed", "moved": "Moved", "away": "Former place of a"}
SIGNS = {"added": "+", "removed": "−", "changed": "~", "away": "↕", "unchanged": ""}


def merged(field: FieldChange, names: Sides = PLAIN) -> SafeString:
    """One text in which both versions can be read, unchanged passages folded."""
    return format_html('<div class="cmp cmp-merged">{}</div>', _folded(field.changes, names, _passage))


def side_by_side(field: FieldChange, names: Sides = PLAIN) -> SafeString:
    """Both versions beside each other, passage by passage, unchanged ones folded."""
    head = format_html(
        '<div class="cmp-pair cmp-head" aria-hidden="true"><div>{}</div><div>{}</div></div>', names.old, names.new
    )
    return format_html('<div class="cmp cmp-sides">{}{}</div>', head, _folded(field.changes, names, pair))


def pair(change: PassageChange, names: Sides) -> SafeString:
    """One passage, its old words and its new ones beside each other."""
    return format_html(
        '<div class="cmp-pair is-{}">{}{}</div>',
        _class(change),
        side(change, DELETE, names),
        side(change, INSERT, names),
    )


def side(change: PassageChange, op: str, names: Sides) -> SafeString:
    """One side of a passage: what is in both, and of the changes only those of `op` ("delete" or "insert")."""
    is_old = op == DELETE
    block, name = (change.old, names.old) if is_old else (change.new, names.new)
    if block is None:
        return format_html('<div class="cmp-side cmp-none"><span class="cmp-say">{}: nothing here</span></div>', name)
    cells = [
        _side_of_cell(cell, op, names, change.state == AWAY)
        for cell in change.cells
        if (cell.old if is_old else cell.new) is not None
    ]
    note = "" if is_old and change.state != AWAY else _note(change)
    return format_html(
        '<div class="cmp-side cmp-{}"><span class="cmp-who">{}</span>{}{}</div>',
        "old" if is_old else "new",
        name,
        _text(block.kind, block.within, cells),
        note,
    )


def _side_of_cell(cell: CellChange, op: str, names: Sides, is_away: bool) -> SafeString:
    if is_away:
        return joined(inline(segment.tokens) for segment in cell.segments)
    kept = [segment for segment in cell.segments if segment.op in (EQUAL, op) or (segment.restyled and op == INSERT)]
    return words(kept, names) if op == INSERT else joined(marked(segment, names) for segment in kept)


def _passage(change: PassageChange, names: Sides) -> SafeString:
    """One passage with both versions in it."""
    if change.state == AWAY:
        body = format_html('<p class="cmp-away">{}</p>', _beginning(change.block.text))
    else:
        cells = [words(cell.segments, names) for cell in change.cells]
        body = _text(change.block.kind, change.block.within, cells)
    said = SAID.get(_class(change))
    return format_html(
        '<div class="cmp-block is-{}"><span class="cmp-sign" aria-hidden="true">{}</span>'
        '<div class="cmp-body">{}{}{}</div></div>',
        _class(change),
        "↕" if change.moved else SIGNS[change.state],
        format_html('<span class="cmp-say">{} {}: </span>', said, KINDS.get(change.block.kind, "")) if said else "",
        body,
        _note(change),
    )


def _class(change: PassageChange) -> str:
    return "moved" if change.moved and change.state == UNCHANGED else change.state


def _text(kind: str, within: str, cells: Sequence[str]) -> SafeString:
    """The words in a frame that shows what kind of passage they are."""
    if kind == "row":
        between = format_html('<span class="cmp-say">{}</span>', "; ")
        inner = format_html_join(between, '<span class="cmp-cell">{}</span>', ((cell,) for cell in cells))
    else:
        inner = joined(cells)
    return format_html('<div class="cmp-text cmp-{} cmp-in-{}">{}</div>', kind, within or "none", inner)


def _note(change: PassageChange) -> str:
    """What is to be said of a passage besides its words."""
    notes = []
    if change.state == AWAY:
        notes.append("moved to another place")
    elif change.moved:
        notes.append("moved here")
    if change.old and change.new and change.state == "changed":
        if change.old.kind != change.new.kind:
            notes.append(f"was a {KINDS.get(change.old.kind)}, now a {KINDS.get(change.new.kind)}")
        elif change.old.within != change.new.within:
            notes.append(f"was {LISTS[change.old.within]}, now {LISTS[change.new.within]}")
        elif all(segment.op == EQUAL for cell in change.cells for segment in cell.segments):
            notes.append("the same words, set differently")
    return format_html('<p class="cmp-remark">{}</p>', "; ".join(notes)) if notes else ""


def _beginning(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79].rsplit(' ', 1)[0]}…"


# Folding


def _folded(
    changes: Sequence[PassageChange], names: Sides, show: Callable[[PassageChange, Sides], SafeString]
) -> SafeString:
    parts = []
    for is_hidden, group in in_folds(changes):
        shown = joined(show(change, names) for change in group)
        if is_hidden:
            shown = format_html('<details class="cmp-fold"><summary>{}</summary>{}</details>', fold_label(group), shown)
        parts.append(shown)
    return joined(parts)


def in_folds(changes: Sequence[PassageChange]) -> list[tuple[bool, list[PassageChange]]]:
    """Runs of passages, each with whether it may be folded away: unchanged, and not right beside a change."""
    quiet = [change.state == UNCHANGED and not change.moved for change in changes]
    near = [not all(quiet[max(0, place - CONTEXT) : place + CONTEXT + 1]) for place in range(len(changes))]
    runs = [(not key, [changes[i] for i in places]) for key, places in groupby(range(len(changes)), near.__getitem__)]
    return [(is_hidden and len(run) >= FOLD, run) for is_hidden, run in runs]


def fold_label(changes: Sequence[PassageChange]) -> str:
    """“12 unchanged paragraphs”."""
    kinds = {change.block.kind for change in changes}
    noun = KINDS.get(kinds.pop(), "passage") if len(kinds) == 1 else "passage"
    plural = {"note box": "note boxes"}.get(noun, f"{noun}s")
    return f"{len(changes)} unchanged {noun if len(changes) == 1 else plural}"
