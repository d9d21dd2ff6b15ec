"""Reads HTML as text with tags in it, in one pass and in time that grows with its length only.

Bounds what a parser is asked to do, and reduces HTML to the tags that we keep. It is not what makes HTML
safe: `core.html` lets nh3 judge every result.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError

from core.text import normalised

LONGEST = 200_000
DEEPEST = 64
MOST_ATTRIBUTES = 4_000
LONGEST_PIECE = 2_000  # characters of text that nh3 gets in one node
LONGEST_ENTITY = 40  # characters; the longest name in the HTML standard has 32


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CELL = ("colspan", "rowspan", "scope")
# The tags that we keep, each with the attributes that it may have.
KEPT: dict[str, tuple[str, ...]] = dict.fromkeys(
    _names("p h2 h3 h4 ul li blockquote table caption thead tbody tfoot tr figure figcaption hr")
    | _names("sub strong em br"),
    (),
) | {
    "a": ("href", "title"),
    "aside": ("class",),
    "img": ("src", "alt", "width", "height"),
    "ol": ("start",),
    "sup": ("data-cite",),
    "td": _CELL,
    "th": _CELL,
}
# What pasted text means is kept: the page owns h1, and looks are for CSS.
_RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em"}
# What these hold is not text. The first group holds no markup either: it ends at its end tag or never.
_RAW = _names("script style xmp plaintext textarea title iframe noembed noframes noscript")
DROPPED = _RAW | _names("template object embed applet svg math listing select frameset audio video canvas")
_LINES = _names("div section article address center header footer nav main dl dt dd pre form fieldset")

_VOID = _names("br hr img area base col embed frame input link meta param source track wbr")
_NEEDS_NO_END = _VOID | {"dt", "dd", "option", "optgroup", "colgroup", "rt", "rp"}
_FORMATTING = {"a", "strong", "em"}
_INLINE = _FORMATTING | {"sup", "sub", "img", "br"}
_HEADINGS = {"h2", "h3", "h4"}
_GROUPS = {"thead", "tbody", "tfoot"}
_TABLE = _GROUPS | {"caption", "tr", "th", "td"}
_SCOPE = {"table", "caption", "th", "td"}
# An end tag reaches no further out than these (HTML standard, "have an element in scope").
_STOPS = (
    {"li": _SCOPE | {"ul", "ol"}}
    | dict.fromkeys(_TABLE | {"table"}, {"table"})
    | dict.fromkeys(("sup", "sub"), set(KEPT) - _INLINE)
)
# A start tag ends these when they come right before it (HTML standard, "optional tags").
_ENDS = (
    dict.fromkeys(set(KEPT) - _INLINE, {"p"})
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
_DROPPED_END = {name: re.compile(rf"</{name}(?=[\t\n />])[^>]*+>?", re.IGNORECASE) for name in DROPPED}


class Tag(NamedTuple):
    """A start or end tag, its name as we call it, its attributes as they are written."""

    name: str
    is_end: bool
    attributes: dict[str, str]


class _Open(NamedTuple):
    """An element whose end is still to come; `kept` when the result has it."""

    name: str
    kept: bool
    is_mark: bool = False


def _attributes(html: str, position: int) -> tuple[dict[str, str], int, int] | None:
    """Attributes, their number and the place behind the tag; None where it has no end."""
    found: dict[str, str] = {}
    count = 0
    while not (end := _TAG_END.match(html, position)):
        attribute = _ATTRIBUTE.match(html, position)
        if not attribute:
            return None
        count += 1
        position = attribute.end()
        # Of two alike the first counts, as in every browser.
        found.setdefault(attribute[1].lower(), attribute[2] or attribute[3] or attribute[4] or "")
    return found, count, end.end()


def tokens(html: str) -> Iterator[str | Tag]:
    """Text and tags in their order, without comments and without what is dropped with its content.

    Text keeps its entities, and has no `<` left. Wants line ends as LF (`text.strip_controls`).
    Raises ValidationError (html_attributes) where there are more attributes than we read.
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
            # A browser would throw all that follows away. It may be the writer's text: keep it as text.
            yield html[start:].replace("<", "&lt;")
            return
        found, count, position = rest
        attributes += count
        if attributes > MOST_ATTRIBUTES:
            raise ValidationError(
                "This text has more than %(limit)s attributes, mostly left over from another program. "
                "Paste it again as plain text, then set headings, lists and tables here.",
                code="html_attributes",
                params={"limit": MOST_ATTRIBUTES},
            )
        name = opening[2].lower()
        if name in DROPPED:
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
    """Whether what comes before and after this tag stands on lines of its own."""
    return tag.name in _LINES or tag.name == "br" or (tag.name in KEPT and tag.name not in _INLINE)


def _is_kept(tag: Tag, stack: list[_Open]) -> bool:
    """Whether a start tag belongs into the result: known, in its place, and good for something."""
    name, attributes = tag.name, tag.attributes
    if name not in KEPT or (name in _INLINE and any(element.is_mark for element in stack)):
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
    """Take what the end tag `name` ends off the stack; the end tag as it is to be written."""
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
        # Formatting goes on behind the end of its block, in a browser too, so it still counts as open.
        stack[index:] = [inner for inner in stack[index:] if inner.kept and inner.name in _FORMATTING]
    return f"</{element.name}>" if element.kept else ""


def _written(tag: Tag) -> str:
    written = f"<{tag.name}"
    for name in KEPT[tag.name]:
        if name in tag.attributes:
            value = tag.attributes[name].replace('"', "&quot;")
            written += f' {name}="{value}"'
    return f"{written}>"


def _pieces(text: str) -> Iterator[str]:
    """Yield the text in pieces of about `LONGEST_PIECE` characters, with an empty comment between each two.

    No reader of the result sees the comments: nh3 takes them out. They part the text into several nodes, because
    writing one node takes nh3 a time that grows with the square of its length where it holds many ampersands, no-break
    spaces or soft hyphens. No entity is cut in two.
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
            "This text is %(length)s characters long with its markup; at most %(limit)s are possible. "
            "Divide it into two, or remove formatting that came along when it was pasted.",
            code="html_long",
            params={"length": len(html), "limit": LONGEST},
        )


def reduce(html: str) -> str:
    """Return `html` with the tags and attributes of `KEPT` only, and no deeper than `DEEPEST`, for nh3 to judge.

    Wants line ends as LF. Raises ValidationError (html_long, html_deep, html_attributes).
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
            out.append("\n")  # so that words of two lines do not grow together
        if token.is_end:
            out.append(_close(stack, name))
            continue
        if kept:
            if name not in _INLINE and any(element.is_mark for element in stack):
                out.append(_close(stack, "sup"))  # a mark without an end must not swallow the text
            while stack and stack[-1].name in _ENDS.get(name, ()):
                stack.pop()
            out.append(_written(token))
        if name not in (_VOID if kept else _NEEDS_NO_END):
            is_mark = kept and name == "sup" and "data-cite" in token.attributes
            stack.append(_Open(name, kept, is_mark))
        if len(stack) > DEEPEST:
            raise ValidationError(
                "Lists, tables or quotations stand more than %(limit)s deep inside one another. "
                "Paste this text again as plain text, then set headings, lists and tables here.",
                code="html_deep",
                params={"limit": DEEPEST},
            )
    return "".join(out)
