"""A comparison as HTML: one text with its changes marked, or two side by side. Pure.

Every word is escaped; the only tags are those written here. What changed is said in words too, for those who do
not see colours or the page.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.comparison.aligning import AWAY, UNCHANGED, CellChange, Change
from articles.comparison.blocks import Token
from articles.comparison.versions import FieldChange
from articles.comparison.words import DELETE, EQUAL, INSERT, Segment

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
SIGNS = {"added": "+", "removed": "−", "changed": "~", "away": "↕", "unchanged": ""}
STYLES = {"strong": "bold", "em": "italic", "sub": "subscript", "sup": "superscript"}
_PICTURE = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")


class Sides(NamedTuple):
    """What the two versions are called, and what is said of words that stand in one of them alone."""

    old: str = "Before"
    new: str = "After"
    removed: str = "removed"
    added: str = "added"


PLAIN = Sides()


def merged(field: FieldChange, names: Sides = PLAIN) -> SafeString:
    """One text in which both versions can be read, unchanged passages folded."""
    return format_html('<div class="cmp cmp-merged">{}</div>', _folded(field.changes, names, _passage))


def side_by_side(field: FieldChange, names: Sides = PLAIN) -> SafeString:
    """Both versions beside each other, passage by passage, unchanged ones folded."""
    head = format_html(
        '<div class="cmp-pair cmp-head" aria-hidden="true"><div>{}</div><div>{}</div></div>', names.old, names.new
    )
    return format_html('<div class="cmp cmp-sides">{}{}</div>', head, _folded(field.changes, names, pair))


def words(segments: Iterable[Segment], names: Sides = PLAIN) -> SafeString:
    """Segments as running text with what was added and removed marked."""
    parts = []
    before = None
    for segment in segments:
        if segment.restyled and segment.op == DELETE:
            before = segment  # its words follow at once, in their new style
        else:
            parts.append(_segment(segment, names, before))
            before = None
    return _joined(parts)


def pair(change: Change, names: Sides) -> SafeString:
    """One passage, its old words and its new ones beside each other."""
    return format_html(
        '<div class="cmp-pair is-{}">{}{}</div>', _class(change), side(change, DELETE, names), side(change, INSERT, names)
    )


def side(change: Change, op: str, names: Sides) -> SafeString:
    """One side of a passage: what is in both, and of the changes only those of `op` ("delete" or "insert")."""
    is_old = op == DELETE
    block, name = (change.old, names.old) if is_old else (change.new, names.new)
    if block is None:
        return format_html('<div class="cmp-side cmp-none"><span class="cmp-say">{}: nothing here</span></div>', name)
    cells = [
        _side_of_cell(cell, op, names)
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


def _side_of_cell(cell: CellChange, op: str, names: Sides) -> SafeString:
    kept = [segment for segment in cell.segments if segment.op in (EQUAL, op) or (segment.restyled and op == INSERT)]
    return words(kept, names) if op == INSERT else _joined(_segment(segment, names) for segment in kept)


def _passage(change: Change, names: Sides) -> SafeString:
    """One passage with both versions in it."""
    if change.state == AWAY:
        body = format_html('<p class="cmp-away">{}</p>', _beginning(change.block.text))
    else:
        cells = [words(cell.segments, names) for cell in change.cells]
        body = _text(change.block.kind, change.block.within, cells)
    said = "" if change.state == UNCHANGED and not change.moved else f"{_class(change)} {KINDS.get(change.block.kind, '')}: "
    return format_html(
        '<div class="cmp-block is-{}"><span class="cmp-sign" aria-hidden="true">{}</span>'
        '<div class="cmp-body"><span class="cmp-say">{}</span>{}{}</div></div>',
        _class(change),
        "↕" if change.moved else SIGNS[change.state],
        said.capitalize(),
        body,
        _note(change),
    )


def _class(change: Change) -> str:
    return "moved" if change.moved and change.state == UNCHANGED else change.state


def _text(kind: str, within: str, cells: Sequence[str]) -> SafeString:
    """The words in a frame that shows what kind of passage they are."""
    if kind == "row":
        between = format_html('<span class="cmp-say">{}</span>', "; ")
        inner = format_html_join(between, '<span class="cmp-cell">{}</span>', ((cell,) for cell in cells))
    else:
        inner = _joined(cells)
    return format_html('<div class="cmp-text cmp-{} cmp-in-{}">{}</div>', kind, within or "none", inner)


def _note(change: Change) -> str:
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
    return format_html('<p class="cmp-note">{}</p>', "; ".join(notes)) if notes else ""


def _beginning(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79].rsplit(' ', 1)[0]}…"


# Folding


def _folded(changes: Sequence[Change], names: Sides, show) -> SafeString:
    parts = []
    for is_hidden, group in in_folds(changes):
        shown = _joined(show(change, names) for change in group)
        if is_hidden:
            shown = format_html(
                '<details class="cmp-fold"><summary>{}</summary>{}</details>', fold_label(group), shown
            )
        parts.append(shown)
    return _joined(parts)


def in_folds(changes: Sequence[Change]) -> list[tuple[bool, list[Change]]]:
    """Runs of passages, each with whether it may be folded away: unchanged, and not right beside a change."""
    quiet = [change.state == UNCHANGED and not change.moved for change in changes]
    near = [
        not all(quiet[max(0, place - CONTEXT) : place + CONTEXT + 1]) for place in range(len(changes))
    ]
    runs = [(not key, [changes[i] for i in places]) for key, places in groupby(range(len(changes)), near.__getitem__)]
    return [(is_hidden and len(run) >= FOLD, run) for is_hidden, run in runs]


def fold_label(changes: Sequence[Change]) -> str:
    """“12 unchanged paragraphs”."""
    kinds = {change.block.kind for change in changes}
    noun = KINDS.get(kinds.pop(), "passage") if len(kinds) == 1 else "passage"
    plural = {"note box": "note boxes"}.get(noun, f"{noun}s")
    return f"{len(changes)} unchanged {noun if len(changes) == 1 else plural}"


# Words


def _joined(parts: Iterable[str]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _segment(segment: Segment, names: Sides, before: Segment | None = None) -> SafeString:
    """A run of words; where it is the same words as `before` in another style, with a note of what is new."""
    if segment.op == EQUAL:
        return _inline(segment.tokens)
    if segment.restyled:
        note = format_html('<span class="cmp-note">{}</span>', _restyling(before, segment)) if before else ""
        return format_html('<span class="cmp-restyled">{}</span>{}', _inline(segment.tokens), note)
    tag, said = ("del", names.removed) if segment.op == DELETE else ("ins", names.added)
    return format_html(
        '<{}><span class="cmp-say"> [{}: </span>{}<span class="cmp-say">] </span></{}>',
        tag,
        said,
        _inline(segment.tokens, True),
        tag,
    )


def _restyling(old: Segment, new: Segment) -> str:
    """“now bold; link to /a, before to /b”."""
    was = {name for token in old.tokens for name in token.style}
    now = {name for token in new.tokens for name in token.style}
    lost = [_style_name(name) for name in sorted(was - now)]
    gained = [_style_name(name) for name in sorted(now - was)]
    notes = [f"now {' and '.join(gained)}"] if gained else []
    notes += [f"no longer {' and '.join(lost)}"] if lost else []
    return "; ".join(notes) or "the same styles, on other words"


def _style_name(name: str) -> str:
    tag, _, address = name.partition(" ")
    return f"linked to {address}" if tag == "a" else STYLES[tag]


def _inline(tokens: Sequence[Token], addresses: bool = False) -> SafeString:
    """Tokens as HTML, in the styles that they stand in; with `addresses`, links say where they lead."""
    parts = []
    for style, run in groupby(tokens, lambda token: token.style):
        html = _run(list(run))
        for name in style:
            tag, _, address = name.partition(" ")
            if tag == "a":
                lead = format_html('<span class="cmp-address">→ {}</span>', address) if addresses else ""
                html = format_html('<span class="cmp-link">{}</span>{}', html, lead)
            else:
                html = format_html("<{}>{}</{}>", tag, html, tag)
        parts.append(html)
    return _joined(parts)


def _run(tokens: list[Token]) -> SafeString:
    parts = []
    for is_plain, group in groupby(tokens, lambda token: not token.atom):
        if is_plain:
            parts.append(format_html("{}", "".join(token.text for token in group)))
        else:
            parts += [_atom(token) for token in group]
    return _joined(parts)


def _atom(token: Token) -> SafeString:
    if token.atom == "cite":
        return format_html('<span class="cmp-cite">{}</span>', token.text)
    if token.atom == "break":
        mark = {"li": "• ", "hr": "――― "}.get(token.data, "")
        return format_html("<br>{}", mark) if token.text else format_html("{}", mark)
    if token.atom == "rule":
        return format_html('<span class="cmp-rule">{}</span>', "―――")
    if token.atom == "image":
        address, _, size = token.data.rpartition(" ")
        said = f"Picture: {token.text}" if token.text else "Picture without words for those who do not see it"
        return picture(address, said, "" if size == "x" else size)
    return picture(f"{settings.MEDIA_URL}{token.text}", token.text) if "/" in token.text else format_html("{}", token.text)


def picture(address: str, said: str, size: str = "") -> SafeString:
    """A small view of one of our own pictures, with words; of anything else the words alone."""
    name = address.removeprefix(settings.MEDIA_URL)
    seen = ""
    if address.startswith(settings.MEDIA_URL) and _PICTURE.fullmatch(name):
        seen = format_html('<img src="{}" alt="" loading="lazy">', address)
    return format_html(
        '<span class="cmp-image">{}<span>{}<span class="cmp-address">{} {}</span></span></span>',
        seen,
        said,
        "" if said == name else name,
        size,
    )
