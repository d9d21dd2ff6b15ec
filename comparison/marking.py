"""Turn words into HTML in which additions and removals are marked. Pure.

Every word is escaped; all tags are written in this module. Changes are also described in words, for people who cannot
see colours or the page.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comparison.blocks import Token
from comparison.words import DELETE, EQUAL, Segment

STYLES = {
    "strong": gettext_lazy("bold"),
    "em": gettext_lazy("italic"),
    "sub": gettext_lazy("subscript"),
    "sup": gettext_lazy("superscript"),
}
_PICTURE = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")


class Sides(NamedTuple):
    """The names of the two versions, and the labels for words that were removed or added."""

    old: str | Promise = gettext_lazy("Before")
    new: str | Promise = gettext_lazy("After")
    removed: str | Promise = gettext_lazy("removed")
    added: str | Promise = gettext_lazy("added")


PLAIN = Sides()


def words(segments: Iterable[Segment], names: Sides = PLAIN) -> SafeString:
    """Return segments as running text (HTML) in which additions and removals are marked."""
    parts = []
    before = None
    for segment in segments:
        if segment.restyled and segment.op == DELETE:
            before = segment  # its words follow at once, in their new style
        else:
            parts.append(marked(segment, names, before))
            before = None
    return joined(parts)


def joined(parts: Iterable[str]) -> SafeString:
    """Return the parts joined as HTML, each escaped unless it is safe already."""
    return format_html_join("", "{}", ((part,) for part in parts))


def marked(segment: Segment, names: Sides, before: Segment | None = None) -> SafeString:
    """Return a segment as HTML. If `before` has the same words in another style, add a note on the change."""
    if segment.op == EQUAL:
        return inline(segment.tokens)
    if segment.restyled:
        note = format_html('<span class="cmp-remark">{}</span>', _restyling(before, segment)) if before else ""
        return format_html('<span class="cmp-restyled">{}</span>{}', inline(segment.tokens), note)
    tag, said = ("del", names.removed) if segment.op == DELETE else ("ins", names.added)
    return format_html(
        '<{}><span class="cmp-say"> [{}: </span>{}<span class="cmp-say">] </span></{}>',
        tag,
        said,
        inline(segment.tokens, True),
        tag,
    )


def _restyling(old: Segment, new: Segment) -> str:
    """Return a description of a changed style, such as “now bold; no longer italic”."""
    was = {name for token in old.tokens for name in token.style}
    now = {name for token in new.tokens for name in token.style}
    lost = [_style_name(name) for name in sorted(was - now)]
    gained = [_style_name(name) for name in sorted(now - was)]
    notes = [_("now %(styles)s") % {"styles": _(" and ").join(gained)}] if gained else []
    notes += [_("no longer %(styles)s") % {"styles": _(" and ").join(lost)}] if lost else []
    return "; ".join(notes) or _("the same styles, applied to different words")


def _style_name(name: str) -> str:
    tag, _space, address = name.partition(" ")
    return _("linked to %(address)s") % {"address": address} if tag == "a" else str(STYLES[tag])


def inline(tokens: Sequence[Token], addresses: bool = False) -> SafeString:
    """Return tokens as HTML in their styles; with `addresses`, each link is followed by its URL."""
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
    return joined(parts)


def _run(tokens: list[Token]) -> SafeString:
    parts = []
    for is_plain, group in groupby(tokens, lambda token: not token.atom):
        if is_plain:
            parts.append(format_html("{}", "".join(token.text for token in group)))
        else:
            parts += [_atom(token) for token in group]
    return joined(parts)


def _atom(token: Token) -> SafeString:
    if token.atom == "cite":
        return format_html('<span class="cmp-cite">{}</span>', token.text)
    if token.atom == "break":
        mark = {"li": "• ", "hr": "――― "}.get(token.data, "")
        return format_html("<br>{}", mark) if token.text else format_html("{}", mark)
    if token.atom == "rule":
        return format_html('<span class="cmp-rule">{}</span>', "―――")
    if token.atom == "image":
        address, _space, size = token.data.rpartition(" ")
        text = token.text
        said = _("Picture: %(text)s") % {"text": text} if text else _("Picture without alternative text")
        return picture(address, said, "" if size == "x" else size)
    return (
        picture(f"{settings.MEDIA_URL}{token.text}", token.text) if "/" in token.text else format_html("{}", token.text)
    )


def picture(address: str, said: str, size: str = "") -> SafeString:
    """Return a picture as HTML: a thumbnail if it is on this site, its description, its name or URL, and its size."""
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
