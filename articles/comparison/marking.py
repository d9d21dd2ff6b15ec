"""Words as HTML, with what was added and removed marked. Pure.

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

from articles.comparison.blocks import Token
from articles.comparison.words import DELETE, EQUAL, Segment

STYLES = {"strong": "bold", "em": "italic", "sub": "subscript", "sup": "superscript"}
_PICTURE = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")


class Sides(NamedTuple):
    """What the two versions are called, and what is said of words that stand in one of them alone."""

    old: str = "Before"
    new: str = "After"
    removed: str = "removed"
    added: str = "added"


PLAIN = Sides()


def words(segments: Iterable[Segment], names: Sides = PLAIN) -> SafeString:
    """Segments as running text with what was added and removed marked."""
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
    """One after the other, each escaped unless it is safe already."""
    return format_html_join("", "{}", ((part,) for part in parts))


def marked(segment: Segment, names: Sides, before: Segment | None = None) -> SafeString:
    """A run of words; where it is the same words as `before` in another style, with a note of what is new."""
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


def inline(tokens: Sequence[Token], addresses: bool = False) -> SafeString:
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
        address, _, size = token.data.rpartition(" ")
        said = f"Picture: {token.text}" if token.text else "Picture without words for those who do not see it"
        return picture(address, said, "" if size == "x" else size)
    return (
        picture(f"{settings.MEDIA_URL}{token.text}", token.text) if "/" in token.text else format_html("{}", token.text)
    )


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
