"""Render a text for readers: numbered citations, anchors, contents. Pure; done once for each revision, then stored.

A rendering does not include the current state of the sources (such as a retraction): `with_warnings` adds it to the
citation markers on each request.

The HTML is sanitised again on output, so that it is safe even if what was stored in the table is not.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from html.parser import HTMLParser
from typing import Protocol

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.text import Truncator

from core.html import sanitise, word_count
from core.slugs import heading_anchor
from pictures.renditions import sources_for

# Increase this number when the HTML of this module changes: stored renderings with another number are made again.
RENDERER = 4

HEADINGS = {"h2": 2, "h3": 3, "h4": 4}
VOID = {"img", "br", "hr"}
# Anchors of the page itself, which a heading must not get.
PAGE_ANCHORS = {"contents", "sources", "experts", "safety", "products", "newsletter", "main", "record"}
# A marker's link as `_mark` writes it. A text cannot contain one: sanitising removes `id` and `role` from links.
MARK_LINK = re.compile(
    r'<a id="mark-([0-9]+)-([0-9]+)" href="#source-\1" role="doc-noteref"( data-tip="[^"]*")? '
    r'aria-label="Source \1">\1</a>',
    re.ASCII,
)
LONGEST_TIP = 240
WARNINGS = {"retracted": "retracted", "concern": "in doubt"}


@dataclass
class Rendered:
    """The HTML of a text, its headings (level, text, anchor), the anchors of each key's markers, and the word count."""

    body: str = ""
    safety_note: str = ""
    headings: list[dict[str, str | int]] = field(default_factory=list)
    marks: dict[str, list[str]] = field(default_factory=dict)
    words: int = 0


class _PageWriter(HTMLParser):
    """Copies sanitised HTML; adds anchors to headings, links to citation markers and scrollable frames to tables."""

    def __init__(
        self, rendered: Rendered, numbers: Mapping[str, int], tips: Mapping[str, str], anchors: set[str]
    ) -> None:
        super().__init__(convert_charrefs=False)
        self.rendered, self.numbers, self.tips, self.anchors = rendered, numbers, tips, anchors
        self.out: list[str] = []
        self.headings: list[tuple[int, list[str]]] = []
        self.captions: list[tuple[int, list[str]]] = []
        self.in_caption = self.in_mark = self.in_link = False
        self.copies: dict[str, int] = {}
        # Markers inside a link are written after the link, because links cannot be nested.
        self.waiting: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self.in_mark:
            return
        if tag == "sup" and attributes.get("data-cite"):
            self.in_mark = True
            mark = self._mark(attributes["data-cite"].split())
            (self.waiting if self.in_link else self.out).append(mark)
            return
        if tag == "a":
            self.in_link = True
        if tag == "table":
            self.captions.append((len(self.out), []))
            self.out.append("")
        if tag == "caption":
            self.in_caption = True
        if tag == "img":
            self.out.append(_picture(attributes))
            return
        if tag in HEADINGS:
            self.headings.append((len(self.out), []))
            self.out.append("")
            return
        self.out.append(_start_tag(tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        if self.in_mark:
            self.in_mark = tag != "sup"
            return
        if tag in VOID:
            return
        if tag in HEADINGS and self.headings:
            place, words = self.headings.pop()
            self.out[place] = f'<{tag} id="{self._anchor(tag, "".join(words).strip())}">'
        if tag == "caption":
            self.in_caption = False
        self.out.append(f"</{tag}>")
        if tag == "a":
            self.in_link = False
            self.out += self.waiting
            self.waiting.clear()
        if tag == "table" and self.captions:
            place, words = self.captions.pop()
            label = escape("".join(words).strip() or "Table")
            self.out[place] = f'<div class="table" role="region" aria-label="{label}" tabindex="0">'
            self.out.append("</div>")

    def handle_data(self, data: str) -> None:
        self._text(data, data)

    def handle_entityref(self, name: str) -> None:
        self._text(f"&{name};", {"nbsp": "\u00a0", "amp": "&", "lt": "<", "gt": ">", "quot": '"'}.get(name, " "))

    def handle_charref(self, name: str) -> None:
        self._text(f"&#{name};", " ")

    def _text(self, written: str, read: str) -> None:
        if self.in_mark:
            return
        self.out.append(written)
        for _, words in self.headings:
            words.append(read)
        if self.in_caption and self.captions:
            self.captions[-1][1].append(read)

    def _anchor(self, tag: str, words: str) -> str:
        base = heading_anchor(words)
        anchor = base if base not in self.anchors else self._numbered(base)
        self.anchors.add(anchor)
        self.rendered.headings.append({"level": HEADINGS[tag], "text": words, "anchor": anchor})
        return anchor

    def _numbered(self, base: str) -> str:
        """Return the first free anchor among `base`-2, `base`-3 …. Numbers used before are not tried again."""
        count = self.copies.get(base, 1) + 1
        while f"{base}-{count}" in self.anchors:
            count += 1
        self.copies[base] = count
        return f"{base}-{count}"

    def _mark(self, keys: list[str]) -> str:
        """Return the marker as links to the sources, sorted by number. An unknown key is shown as “?”."""
        links = []
        for key in sorted(dict.fromkeys(keys), key=lambda key: self.numbers.get(key, 9999)):
            if key not in self.numbers:
                links.append(f'<span class="mark-unknown" title="No source “{escape(key)}” here">?</span>')
                continue
            uses = self.rendered.marks.setdefault(key, [])
            uses.append(f"mark-{self.numbers[key]}-{len(uses) + 1}")
            tip = f' data-tip="{escape(self.tips[key])}"' if self.tips.get(key) else ""
            links.append(
                f'<a id="{uses[-1]}" href="#source-{self.numbers[key]}" role="doc-noteref"{tip} '
                f'aria-label="Source {self.numbers[key]}">{self.numbers[key]}</a>'
            )
        cited = escape(" ".join(keys))  # so that a passage that is copied into another article keeps its citations
        return f'<sup class="mark" data-keys="{cited}">{",".join(links)}</sup>'


def _start_tag(tag: str, attributes: Mapping[str, str]) -> str:
    return f"<{tag}" + "".join(f' {name}="{escape(value)}"' for name, value in attributes.items()) + ">"


def _picture(attributes: Mapping[str, str]) -> str:
    """Return the picture as an `img` element, inside a `picture` element if it has copies for pages.

    The copies are known from the picture's name and width alone (pictures.renditions), so rendering stays pure.
    """
    name = attributes.get("src", "").removeprefix(settings.MEDIA_URL)
    sources = sources_for(name, int(attributes.get("width", 0)))
    image = _start_tag("img", {**attributes, "loading": "lazy", "decoding": "async"})
    if not sources:
        return image
    return "".join(("<picture>", *(_start_tag("source", vars(source)) for source in sources), image, "</picture>"))


def render(body: str, safety_note: str, numbers: Mapping[str, int], tips: Mapping[str, str] | None = None) -> Rendered:
    """Return body and safety note as rendered HTML, with markers numbered by `numbers` (articles.citations.number).

    `tips` holds plain text by key. The page's stylesheet shows it at a marker that is hovered or focused, without a
    script. Each tip is in an attribute, so the words of the text do not change.

    Raise ValidationError (core.html.sanitise) if the HTML is too large or too deeply nested.
    """
    rendered = Rendered()
    anchors = set(PAGE_ANCHORS)
    for name, html in (("body", body), ("safety_note", safety_note)):
        html = sanitise(html)
        writer = _PageWriter(rendered, numbers, tips or {}, anchors)
        writer.feed(html)
        writer.close()
        setattr(rendered, name, "".join(writer.out))
        rendered.words += word_count(html)
    return rendered


class Cited(Protocol):
    """A source as one text cites it: an articles.models.Citation, stored or not."""

    key: str
    number: int
    reference: str


def numbers_and_tips(citations: Iterable[Cited]) -> tuple[dict[str, int], dict[str, str]]:
    """Return two dicts for `render`, keyed by citation key: the numbers, and the references shortened to plain text."""
    citations = list(citations)
    return (
        {citation.key: citation.number for citation in citations},
        {citation.key: _tip(citation.reference) for citation in citations},
    )


@lru_cache(maxsize=4096)
def _tip(reference: str) -> str:
    """Return a reference as short plain text."""
    return str(Truncator(unescape(strip_tags(reference))).chars(LONGEST_TIP))


def with_warnings(html: str, states: Mapping[int, str]) -> str:
    """Return the rendering with a warning at each marker of a source that is retracted or in doubt.

    `states` has the retraction state of sources by their number on the page. Apart from the warnings, the rendering is
    unchanged, byte for byte.
    """
    words = {str(number): (state, WARNINGS[state]) for number, state in states.items() if state in WARNINGS}

    def warned(link: re.Match[str]) -> str:
        number, place, tip = link.groups(default="")
        if number not in words:
            return link[0]
        state, word = words[number]
        return (
            f'<a id="mark-{number}-{place}" href="#source-{number}" role="doc-noteref"{tip} class="mark-{state}" '
            f'aria-label="Source {number}, {word}">{number}<span class="mark-warning">{word}</span></a>'
        )

    return MARK_LINK.sub(warned, html) if words else html
