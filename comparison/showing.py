"""Turn a comparison into HTML: one text with its changes marked, or two texts side by side. Pure.

`comparison.marking` turns words into HTML; this module writes the elements of the passages around the words.
"""

from collections.abc import Callable, Sequence
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from comparison.aligning import AWAY, UNCHANGED, CellChange, PassageChange
from comparison.marking import PLAIN, Sides, inline, joined, marked, words
from comparison.versions import FieldChange
from comparison.words import DELETE, EQUAL, INSERT

# The number of unchanged passages shown on either side of a change, and the smallest number of passages to fold.
CONTEXT, FOLD = 1, 2
KINDS = {
    "p": gettext_lazy("paragraph"),
    "h2": gettext_lazy("heading"),
    "h3": gettext_lazy("subheading"),
    "h4": gettext_lazy("minor heading"),
    "li": gettext_lazy("list item"),
    "row": gettext_lazy("row"),
    "caption": gettext_lazy("caption"),
    "figure": gettext_lazy("picture"),
    "quote": gettext_lazy("quotation"),
    "note": gettext_lazy("note box"),
    "hr": gettext_lazy("dividing line"),
    "line": gettext_lazy("line"),
    "value": gettext_lazy("value"),
}
LISTS = {
    "ul": gettext_lazy("in a bulleted list"),
    "ol": gettext_lazy("in a numbered list"),
    "table": gettext_lazy("in a table"),
    "": gettext_lazy("on its own"),
}
SAID = {
    "added": gettext_lazy("Added %(kind)s"),
    "removed": gettext_lazy("Removed %(kind)s"),
    "changed": gettext_lazy("Changed %(kind)s"),
    "moved": gettext_lazy("Moved %(kind)s"),
    "away": gettext_lazy("Former place of a %(kind)s"),
}
FOLDED = {
    "p": ngettext_lazy("%(count)s unchanged paragraph", "%(count)s unchanged paragraphs", "count"),
    "h2": ngettext_lazy("%(count)s unchanged heading", "%(count)s unchanged headings", "count"),
    "h3": ngettext_lazy("%(count)s unchanged subheading", "%(count)s unchanged subheadings", "count"),
    "h4": ngettext_lazy("%(count)s unchanged minor heading", "%(count)s unchanged minor headings", "count"),
    "li": ngettext_lazy("%(count)s unchanged list item", "%(count)s unchanged list items", "count"),
    "row": ngettext_lazy("%(count)s unchanged row", "%(count)s unchanged rows", "count"),
    "caption": ngettext_lazy("%(count)s unchanged caption", "%(count)s unchanged captions", "count"),
    "figure": ngettext_lazy("%(count)s unchanged picture", "%(count)s unchanged pictures", "count"),
    "quote": ngettext_lazy("%(count)s unchanged quotation", "%(count)s unchanged quotations", "count"),
    "note": ngettext_lazy("%(count)s unchanged note box", "%(count)s unchanged note boxes", "count"),
    "hr": ngettext_lazy("%(count)s unchanged dividing line", "%(count)s unchanged dividing lines", "count"),
    "line": ngettext_lazy("%(count)s unchanged line", "%(count)s unchanged lines", "count"),
    "value": ngettext_lazy("%(count)s unchanged value", "%(count)s unchanged values", "count"),
}
FOLDED_MIXED = ngettext_lazy("%(count)s unchanged passage", "%(count)s unchanged passages", "count")
SIGNS = {"added": "+", "removed": "−", "changed": "~", "away": "↕", "unchanged": ""}


def merged(field: FieldChange, names: Sides = PLAIN) -> SafeString:
    """Return one text as HTML that shows both versions, with unchanged passages folded."""
    return format_html('<div class="cmp cmp-merged">{}</div>', _folded(field.changes, names, _passage))


def side_by_side(field: FieldChange, names: Sides = PLAIN) -> SafeString:
    """Return both versions as HTML side by side, passage by passage, with unchanged passages folded."""
    head = format_html(
        '<div class="cmp-pair cmp-head" aria-hidden="true"><div>{}</div><div>{}</div></div>', names.old, names.new
    )
    return format_html('<div class="cmp cmp-sides">{}{}</div>', head, _folded(field.changes, names, pair))


def pair(change: PassageChange, names: Sides) -> SafeString:
    """Return one passage as HTML, with its old and its new words side by side."""
    return format_html(
        '<div class="cmp-pair is-{}">{}{}</div>',
        _class(change),
        side(change, DELETE, names),
        side(change, INSERT, names),
    )


def side(change: PassageChange, op: str, names: Sides) -> SafeString:
    """Return one side of a passage as HTML: the common words, and the words found only on that side.

    `op` is "delete" for the old side and "insert" for the new one.
    """
    is_old = op == DELETE
    block, name = (change.old, names.old) if is_old else (change.new, names.new)
    if block is None:
        said = _("%(side)s: nothing here") % {"side": name}
        return format_html('<div class="cmp-side cmp-none"><span class="cmp-say">{}</span></div>', said)
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
    """Return one passage as HTML that shows both versions."""
    if change.state == AWAY:
        body = format_html('<p class="cmp-away">{}</p>', _beginning(change.block.text))
    else:
        cells = [words(cell.segments, names) for cell in change.cells]
        body = _text(change.block.kind, change.block.within, cells)
    said, kind = SAID.get(_class(change)), KINDS.get(change.block.kind, "")
    return format_html(
        '<div class="cmp-block is-{}"><span class="cmp-sign" aria-hidden="true">{}</span>'
        '<div class="cmp-body">{}{}{}</div></div>',
        _class(change),
        "↕" if change.moved else SIGNS[change.state],
        format_html('<span class="cmp-say">{}: </span>', said % {"kind": kind}) if said else "",
        body,
        _note(change),
    )


def _class(change: PassageChange) -> str:
    return "moved" if change.moved and change.state == UNCHANGED else change.state


def _text(kind: str, within: str, cells: Sequence[str]) -> SafeString:
    """Return the words in an element whose classes show the kind of passage."""
    if kind == "row":
        between = format_html('<span class="cmp-say">{}</span>', "; ")
        inner = format_html_join(between, '<span class="cmp-cell">{}</span>', ((cell,) for cell in cells))
    else:
        inner = joined(cells)
    return format_html('<div class="cmp-text cmp-{} cmp-in-{}">{}</div>', kind, within or "none", inner)


def _note(change: PassageChange) -> str:
    """Return a remark on a passage that moved or changed its kind, or ""."""
    notes = []
    if change.state == AWAY:
        notes.append(_("moved to another place"))
    elif change.moved:
        notes.append(_("moved here"))
    if change.old and change.new and change.state == "changed":
        if change.old.kind != change.new.kind:
            kinds = {"old": KINDS.get(change.old.kind), "new": KINDS.get(change.new.kind)}
            notes.append(_("was a %(old)s, now a %(new)s") % kinds)
        elif change.old.within != change.new.within:
            lists = {"old": LISTS[change.old.within], "new": LISTS[change.new.within]}
            notes.append(_("was %(old)s, now %(new)s") % lists)
        elif all(segment.op == EQUAL for cell in change.cells for segment in cell.segments):
            notes.append(_("the same words, formatted differently"))
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
    """Return the changes in consecutive groups, as pairs: whether to fold the group, and its changes.

    A group is folded if it has at least FOLD passages, and each is unchanged with no change within CONTEXT passages of
    it.
    """
    quiet = [change.state == UNCHANGED and not change.moved for change in changes]
    near = [not all(quiet[max(0, place - CONTEXT) : place + CONTEXT + 1]) for place in range(len(changes))]
    runs = [(not key, [changes[i] for i in places]) for key, places in groupby(range(len(changes)), near.__getitem__)]
    return [(is_hidden and len(run) >= FOLD, run) for is_hidden, run in runs]


def fold_label(changes: Sequence[PassageChange]) -> str:
    """Return the label of a fold, such as “12 unchanged paragraphs”."""
    kinds = {change.block.kind for change in changes}
    label = FOLDED.get(kinds.pop(), FOLDED_MIXED) if len(kinds) == 1 else FOLDED_MIXED
    return label % {"count": len(changes)}
