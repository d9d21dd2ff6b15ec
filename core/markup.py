"""A tokeniser for HTML, which yields text and tags in one pass and in time proportional to the length.

This module limits the input of the HTML parser and reduces HTML to the allowed tags. That does not make HTML safe:
`core.html` passes every result through nh3.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.text import normalised

LONGEST = 200_000
DEEPEST = 64
MAX_ATTRIBUTES = 4_000
LONGEST_PIECE = 2_000  # characters of text in one node for nh3
LONGEST_ENTITY = 40  # characters; the longest name in the HTML standard has 32


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CELL = ("colspan", "rowspan", "scope")
# The allowed tags, each with its allowed attributes.
ALLOWED: dict[str, tuple[str, ...]] = dict.fromkeys(
    _names("p h2 h3 h4 ul li blockquote table caption thead tbody tfoot tr figure figcaption hr")
    | _names("sub strong em br"),
    (),
) | {
    "a": ("href", "title"),
    "aside": ("class",),
    "img": ("src", "alt", "width", "height"),
    "ol": ("start", "type"),
    "sup": ("data-cite",),
    "td": _CELL,
    "th": _CELL,
}
# Tags of pasted text that are replaced: h1 belongs to the page, and b and i only describe the appearance.
_RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em"}
# Elements that are removed with their content. Those in _RAW contain no markup and end only at their end tag.
_RAW = _names("script style xmp plaintext textarea title iframe noembed noframes noscript")
REMOVED = _RAW | _names("template object embed applet svg math listing select frameset audio video canvas")
_LINES = _names("div section article address center header footer nav main dl dt dd pre form fieldset")

_VOID = _names("br hr img area base col embed frame input link meta param source track wbr")
_NEEDS_NO_END = _VOID | {"dt", "dd", "option", "optgroup", "colgroup", "rt", "rp"}
_FORMATTING = {"a", "strong", "em"}
_INLINE = _FORMATTING | {"sup", "sub", "img", "br"}
_HEADINGS = {"h2", "h3", "h4"}
_GROUPS = {"thead", "tbody", "tfoot"}
_TABLE = _GROUPS | {"caption", "tr", "th", "td"}
_SCOPE = {"table", "caption", "th", "td"}
# The elements beyond which an end tag has no effect (HTML standard, "have an element in scope").
_STOPS = (
    {"li": _SCOPE | {"ul", "ol"}}
    | dict.fromkeys(_TABLE | {"table"}, {"table"})
    | dict.fromkeys(("sup", "sub"), set(ALLOWED) - _INLINE)
)
# The open elements that a start tag closes (HTML standard, "optional tags").
_ENDS = (
    dict.fromkeys(set(ALLOWED) - _INLINE, {"p"})
    | dict.fromkeys(_HEADINGS, {"p"} | _HEADINGS)
    | dict.fromkeys(("td", "th"), {"p", "td", "th"})
    | dict.fromkeys(_GROUPS, {"p", "td", "th", "tr", "caption"} | _GROUPS)
    | {"li": {"p", "li"}, "tr": {"p", "td", "th", "tr", "caption"}}
)

_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(?:[!?]|/(?![a-zA-Z]))[^>]*+(?:>|\Z)", re.DOTALL)
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][^\t\n />]*+)")
_TAG_END = re.compile(r"[\t\n /]*+>")
_ATTRIBUTE = re.compile(
    r"[\t\n /]*+([^\t\n />][^\t\n />=]*+)"
    r"(?:[\t\n ]*+=[\t\n ]*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\t\n \"'>][^\t\n >]*+)?))?+"
)
_DROPPED_END = {name: re.compile(rf"</{name}(?=[\t\n />])[^>]*+>?", re.IGNORECASE) for name in REMOVED}


class Tag(NamedTuple):
    """A start or end tag, with its name after replacement (`_RENAMED`) and its attributes with entities not decoded."""

    name: str
    is_end: bool
    attributes: dict[str, str]


class _Open(NamedTuple):
    """An open element.

    `kept` says whether it is written to the result, and `is_mark` whether it is a citation marker.
    """

    name: str
    kept: bool
    is_mark: bool = False


def _attributes(html: str, position: int) -> tuple[dict[str, str], int, int] | None:
    """Return the attributes, their number with duplicates, and the index after the tag, or None if it has no end."""
    found: dict[str, str] = {}
    count = 0
    while not (end := _TAG_END.match(html, position)):
        attribute = _ATTRIBUTE.match(html, position)
        if not attribute:
            return None
        count += 1
        position = attribute.end()
        # The first of two attributes with the same name counts, as in browsers.
        found.setdefault(attribute[1].lower(), attribute[2] or attribute[3] or attribute[4] or "")
    return found, count, end.end()


def tokens(html: str) -> Iterator[str | Tag]:
    """Yield text and tags in order, without comments and without the elements in `REMOVED` and their content.

    Entities in text are not decoded, and text contains no `<`. Line breaks of `html` must be LF
    (core.text.strip_controls). Raise ValidationError (html_attributes) for more than MAX_ATTRIBUTES attributes.
    """
    position = attributes = 0
    endless: set[str] = set()
    while (start := html.find("<", position)) >= 0:
        if start > position:
            yield html[position:start]
        if comment := _COMMENT.match(html, start):
            position = comment.end()
            continue
        opening = _TAG_NAME.match(html, start)
        if not opening:
            yield "&lt;"
            position = start + 1
            continue
        rest = _attributes(html, opening.end())
        if rest is None:
            # A browser would discard everything that follows. It may be the writer's text, so it is kept as text.
            yield html[start:].replace("<", "&lt;")
            return
        found, count, position = rest
        attributes += count
        if attributes > MAX_ATTRIBUTES:
            raise ValidationError(
                _(
                    "This text has more than %(limit)s attributes, mostly left over from another program. "
                    "Paste it again as plain text, then set headings, lists and tables here."
                ),
                code="html_attributes",
                params={"limit": MAX_ATTRIBUTES},
            )
        name = opening[2].lower()
        if name in REMOVED:
            if opening[1] or name in endless:
                continue
            if end := _DROPPED_END[name].search(html, position):
                position = end.end()
            elif name in _RAW:
                return
            else:
                endless.add(name)
            continue
        yield Tag(_RENAMED.get(name, name), bool(opening[1]), found)
    if position < len(html):
        yield html[position:]


def breaks_line(tag: Tag) -> bool:
    """Return whether the content before and after this tag is shown on separate lines."""
    return tag.name in _LINES or tag.name == "br" or (tag.name in ALLOWED and tag.name not in _INLINE)


def _is_kept(tag: Tag, stack: list[_Open]) -> bool:
    """Return whether a start tag is written: it must be allowed, in a valid place, and have its required attributes."""
    name, attributes = tag.name, tag.attributes
    if name not in ALLOWED or (name in _INLINE and any(element.is_mark for element in stack)):
        return False
    if name in _TABLE:
        return any(element.name == "table" for element in stack)
    return {
        "a": bool(attributes.get("href")),
        "aside": "note" in attributes.get("class", "").split(),
        "img": bool(attributes.get("src")),
        "sup": attributes.get("data-cite") != "",
    }.get(name, True)


def _close(stack: list[_Open], name: str) -> str:
    """Remove the elements that the end tag `name` closes from the stack; return the end tag to write, or ""."""
    names = _HEADINGS if name in _HEADINGS else {name}
    stops = _STOPS.get(name, _SCOPE)
    for index in range(len(stack) - 1, -1, -1):
        element = stack[index]
        if element.name in names:
            break
        if element.kept and element.name in stops:
            return ""
    else:
        return ""
    if not element.kept or name in _FORMATTING:
        del stack[index]
    else:
        # As in a browser, formatting continues after the end of its block, so it stays open.
        stack[index:] = [inner for inner in stack[index:] if inner.kept and inner.name in _FORMATTING]
    return f"</{element.name}>" if element.kept else ""


def _start_tag(tag: Tag) -> str:
    written = f"<{tag.name}"
    for name in ALLOWED[tag.name]:
        if name in tag.attributes:
            value = tag.attributes[name].replace('"', "&quot;")
            written += f' {name}="{value}"'
    return f"{written}>"


def _pieces(text: str) -> Iterator[str]:
    """Yield the text in pieces of about `LONGEST_PIECE` characters, with an empty comment between two pieces.

    nh3 removes the comments. They divide the text into several nodes, because the time that nh3 needs to write a node
    with many ampersands, no-break spaces or soft hyphens grows with the square of its length. No entity is split.
    """
    start = 0
    while len(text) - start > LONGEST_PIECE:
        end = start + LONGEST_PIECE
        ampersand = text.rfind("&", end - LONGEST_ENTITY, end)
        if ampersand >= 0 and ";" not in text[ampersand:end]:
            end = ampersand
        yield text[start:end]
        yield "<!---->"
        start = end
    yield text[start:]


def refuse_length(html: str, limit: int = LONGEST) -> None:
    """Raise ValidationError (html_long) for HTML of more than `limit` characters."""
    if len(html) > limit:
        raise ValidationError(
            _(
                "This text is %(length)s characters long with its markup; at most %(limit)s are possible. "
                "Divide it into two, or remove formatting that came along when it was pasted."
            ),
            code="html_long",
            params={"length": len(html), "limit": LONGEST},
        )


def reduce(html: str) -> str:
    """Return `html` reduced to the tags and attributes in `ALLOWED`, as the input for nh3.

    Line breaks must be LF. Raise ValidationError for HTML that is too long (html_long), nested deeper than `DEEPEST`
    (html_deep) or has too many attributes (html_attributes).
    """
    refuse_length(html)
    out: list[str] = []
    stack: list[_Open] = []
    for token in tokens(html):
        if isinstance(token, str):
            out += _pieces(normalised(token))
            continue
        name = token.name
        kept = not token.is_end and _is_kept(token, stack)
        if name in _LINES:
            out.append("\n")  # so that the words of two lines are not joined
        if token.is_end:
            out.append(_close(stack, name))
            continue
        if kept:
            if name not in _INLINE and any(element.is_mark for element in stack):
                out.append(_close(stack, "sup"))  # a marker without an end tag must not contain the text after it
            while stack and stack[-1].name in _ENDS.get(name, ()):
                stack.pop()
            out.append(_start_tag(token))
        if name not in (_VOID if kept else _NEEDS_NO_END):
            is_mark = kept and name == "sup" and "data-cite" in token.attributes
            stack.append(_Open(name, kept, is_mark))
        if len(stack) > DEEPEST:
            raise ValidationError(
                _(
                    "Lists, tables or quotations are nested more than %(limit)s deep. "
                    "Paste this text again as plain text, then set headings, lists and tables here."
                ),
                code="html_deep",
                params={"limit": DEEPEST},
            )
    return "".join(out)
