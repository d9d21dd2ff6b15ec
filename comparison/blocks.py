"""Split a text into passages, and a passage into tokens, for comparison. Pure.

A block is a paragraph, a heading, a list item, a table row (with its cells), a caption, a figure, a quotation or a note
box. Lines inside a block are separated by break tokens.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple

from core.markup import ALLOWED, Tag, tokens
from core.text import strip_controls

# Readers see each of these as one word, so they are not split: 17.5, double-blind, don't.
_TOKEN = re.compile(r"\w+(?:['’.,-]\w+)*|\s+|[^\w\s]")
_HTML_SPACE = re.compile(r"[ \t\n\f]+")
_STYLES = {"strong", "em", "sub", "sup", "a"}
_INLINE = _STYLES | {"img", "br"}
_CONTAINERS = {"ul", "ol", "table", "thead", "tbody", "tfoot"}
_KINDS = {"tr": "row", "blockquote": "quote", "aside": "note"}
_VOID = {"img", "br", "hr"}
# At the beginning of a block, one of these elements adds no break token.
_PLAIN_STARTS = {"", "p", "li", "figcaption"}


class Token(NamedTuple):
    """A word, white space, a punctuation mark or an atom, which is compared as a unit.

    `atom` is "cite", "image", "break", "rule", "whole" (a plain value that is not split) or, for other tokens, empty.
    `data` distinguishes atoms with the same text (a picture's URL, the tag after a break); `style` lists the elements
    around the token ("strong", "a /page/").
    """

    text: str
    atom: str = ""
    data: str = ""
    style: tuple[str, ...] = ()

    @property
    def is_word(self) -> bool:
        return not self.atom and (self.text[0].isalnum() or self.text[0] == "_")

    @property
    def is_space(self) -> bool:
        return not self.atom and self.text.isspace()


class Cell(NamedTuple):
    """The tokens of a block or of one table cell. `data` has a table cell's tag and spans, such as "td colspan=2"."""

    tokens: tuple[Token, ...]
    data: str = ""

    @property
    def text(self) -> str:
        return "".join(token.text for token in self.tokens)


class Block(NamedTuple):
    """One passage. `within` is the tag of the list or table around it, or ""; `html` is its own markup."""

    kind: str
    within: str
    cells: tuple[Cell, ...]
    html: str = ""

    @property
    def key(self) -> tuple:
        """Return a value that is equal for passages with the same words, kind and surrounding list or table."""
        return self[:3]

    @property
    def text(self) -> str:
        return " | ".join(cell.text for cell in self.cells)


def split(text: str, style: tuple[str, ...] = ()) -> Iterator[Token]:
    """Yield the words, white space and punctuation marks of plain text as tokens that have this `style`."""
    return (Token(found, "", "", style) for found in _TOKEN.findall(text))


def blocks_of_text(text: str) -> list[Block]:
    """Return one block for each line of plain text, or an empty list for an empty text."""
    lines = strip_controls(text).split("\n") if text else []
    return [Block("line", "", (Cell(tuple(split(line))),), line) for line in lines]


def block_of_value(text: str) -> list[Block]:
    """Return one block for a value that is compared as a whole, such as a picture's name; none for an empty value."""
    return [Block("value", "", (Cell((Token(text, "whole"),)),), text)] if text else []


def blocks_of_html(html: str) -> list[Block]:
    """Return the passages of HTML in reading order. Raise ValidationError (html_attributes) for too many attributes."""
    reader = _BlockReader()
    for token in tokens(strip_controls(html)):
        if isinstance(token, str):
            reader.text(token)
        elif token.is_end:
            reader.end(token.name)
        else:
            reader.start(token)
    reader.finish()
    return reader.blocks


class _BlockReader:
    """Collects blocks. `containers` are the surrounding lists and tables, `open` the current block's elements."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.containers: list[str] = []
        self._clear()

    def _clear(self) -> None:
        self.kind = ""
        self.is_loose = False  # words outside any paragraph
        self.open: list[str] = []
        self.styles: list[str] = []
        self.style: tuple[str, ...] = ()
        self.cells: list[tuple[list[Token], str]] = []
        self.html: list[str] = []
        self.line: str | None = None
        self.in_mark = False

    def _begin(self, kind: str, is_loose: bool = False) -> None:
        self.kind, self.is_loose = kind, is_loose
        if kind != "row":
            self.cells.append(([], ""))

    def start(self, tag: Tag) -> None:
        name = tag.name
        if name not in ALLOWED or self.in_mark:
            return
        if name in _INLINE:
            if not self.kind:
                self._begin("p", is_loose=True)
        elif not self.kind or not self.open:
            self.finish()
            if name in _CONTAINERS:
                self.containers.append(name)
                return
            self._begin(_KINDS.get(name, name))
        self._write(tag)
        if name in _STYLES:
            self._style(tag)
        elif name == "img":
            size = "x".join(tag.attributes.get(side, "") for side in ("width", "height"))
            address = unescape(tag.attributes.get("src", ""))
            self._add(Token(unescape(tag.attributes.get("alt", "")), "image", f"{address} {size}", self.style))
        elif name == "br":
            self.line = ""
        elif name == "hr" and self.open:
            self.line = "hr"
        elif name == "hr":
            self._add(Token("", "rule"))
            self.finish()
        else:
            is_cell = self.kind == "row" and self.open == ["tr"] and name in {"td", "th"}
            if is_cell:
                spans = " ".join(f"{key}={value}" for key, value in sorted(tag.attributes.items()) if key != "scope")
                self.cells.append(([], f"{name} {spans}".strip()))
                self.line = None
            elif self.open:
                self.line = name
            self.open.append(name)

    def _write(self, tag: Tag) -> None:
        written = "".join(
            f' {name}="{escape(unescape(tag.attributes[name]))}"'
            for name in ALLOWED[tag.name]
            if name in tag.attributes
        )
        self.html.append(f"<{tag.name}{written}>")

    def _style(self, tag: Tag) -> None:
        if tag.name == "sup" and tag.attributes.get("data-cite"):
            keys = tag.attributes["data-cite"].split()
            self._add(Token(f"[{', '.join(keys)}]", "cite", " ".join(keys), self.style))
            self.in_mark = True
            return
        address = unescape(f"{tag.attributes.get('href', '')} {tag.attributes.get('title', '')}".strip())
        self.styles.append(f"a {address}" if tag.name == "a" else tag.name)
        self.style = tuple(sorted(set(self.styles)))

    def end(self, name: str) -> None:
        if self.in_mark:
            if name == "sup":
                self.in_mark = False
                self.html.append("</sup>")
            return
        if name in _VOID or name not in ALLOWED:
            return
        if name in _STYLES:
            place = next((i for i in reversed(range(len(self.styles))) if self.styles[i].split(" ")[0] == name), None)
            if place is not None:
                del self.styles[place]
                self.style = tuple(sorted(set(self.styles)))
                self.html.append(f"</{name}>")
        elif name in self.open:
            while (inner := self.open.pop()) != name:
                self.html.append(f"</{inner}>")
            self.html.append(f"</{name}>")
            self.line = self.line or ""
            if not self.open:
                self.finish()
        elif name in self.containers:
            self.finish()
            while self.containers.pop() != name:
                pass

    def text(self, raw: str) -> None:
        if self.in_mark:
            return
        if not self.kind:
            if not raw.strip():
                return
            self._begin("p", is_loose=True)
        self.html.append(raw)
        for token in split(_HTML_SPACE.sub(" ", unescape(raw)), self.style):
            self._add(token)

    def _add(self, token: Token) -> None:
        if not self.cells:  # text in a row before its first cell is not displayed
            return
        words = self.cells[-1][0]
        if token.text == " " and (self.line is not None or not words or words[-1].text in {" ", "\n"}):
            return
        if self.line is not None:
            if words:
                if words[-1].text == " ":
                    words.pop()
                words.append(Token("\n", "break", self.line))
            elif self.line not in _PLAIN_STARTS:
                words.append(Token("", "break", self.line))
            self.line = None
        words.append(token)

    def finish(self) -> None:
        """End the current block."""
        for words, _ in self.cells:
            if words and words[-1].text == " ":
                words.pop()
        if self.kind and (self.kind == "row" or any(words for words, _ in self.cells)):
            within = next((name for name in reversed(self.containers) if name in {"ul", "ol", "table"}), "")
            html = "".join(self.html) + "".join(f"</{name}>" for name in reversed(self.open))
            self.blocks.append(
                Block(
                    self.kind,
                    within,
                    tuple(Cell(tuple(words), data) for words, data in self.cells),
                    f"<p>{html.strip()}</p>" if self.is_loose else html,
                )
            )
        self._clear()
