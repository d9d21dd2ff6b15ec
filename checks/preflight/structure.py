"""STR: checks that the draft is complete, and accessible to all readers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

from django.utils.translation import gettext_noop as _

from checks.preflight.draft import Draft
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.reading import read
from core.html import text_of, word_count

LONG = 600  # number of words above which an article needs a heading
# What an instruction of a template begins with. It is text, so that the sanitiser and every editor keep it.
INSTRUCTION_MARKS = ("[…]", "[...]")
# Link texts that do not describe the target (WCAG 2.2, 2.4.4).
EMPTY_WORDS = {
    *("click here", "here", "see here", "this", "this link", "this page"),
    *("this article", "link", "read more", "more"),
}


@dataclass
class Outline:
    """The headings, links and undescribed pictures of a text, each in reading order.

    `headings` holds pairs of level and text, `links` pairs of URL and text, and `without_alt` the URLs of pictures
    without alternative text.
    """

    headings: list[tuple[int, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    without_alt: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects headings with their level, links with their text, and pictures without alternative text."""

    def __init__(self) -> None:
        super().__init__()
        self.outline = Outline()
        self.heading: list[str] | None = None
        self.link: list[str] | None = None
        self.address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in ("h2", "h3", "h4"):
            self.heading = []
        elif tag == "a":
            self.link, self.address = [], attributes.get("href", "")
        elif tag == "img" and not attributes.get("alt", "").strip():
            self.outline.without_alt.append(attributes.get("src", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h2", "h3", "h4") and self.heading is not None:
            self.outline.headings.append((int(tag[1]), " ".join("".join(self.heading).split())))
            self.heading = None
        elif tag == "a" and self.link is not None:
            self.outline.links.append((self.address, " ".join("".join(self.link).split())))
            self.link = None

    def handle_data(self, data: str) -> None:
        for words in (self.heading, self.link):
            if words is not None:
                words.append(data)


@lru_cache(maxsize=64)
def outline(html: str) -> Outline:
    """Return the outline of sanitised HTML. The result is cached."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.outline


def has_all_parts(draft: Draft) -> Iterator[Finding]:
    """Yield a finding (STR04) for each part that is missing: title, standfirst, body or author."""
    for name, message, value, hint in (
        ("title", _("The article does not have a title yet."), draft.title.strip(), _("Give it one.")),
        (
            "standfirst",
            _("The article does not have a standfirst yet."),
            draft.standfirst.strip(),
            _("Say in a sentence or two what the reader will know."),
        ),
        (
            "body",
            _("The article does not have a text yet."),
            any(sentence.text for sentence in read(draft.body)),
            _("Write the body first."),
        ),
        (
            "authors",
            _("The article does not have an author yet."),
            draft.authors,
            _("Put at least one author on the byline."),
        ),
    ):
        if not value:
            yield Finding("STR04", Level.BLOCKER, translated(message), translated(hint), field=name)


def pictures_described(draft: Draft) -> Iterator[Finding]:
    """Yield a finding (STR02) for each picture without alternative text."""
    hint = translated(_("Describe the picture for readers who cannot see it."))
    if draft.hero and not draft.hero_alt.strip():
        message = translated(_("The picture at the top has no alternative text."))
        yield Finding("STR02", Level.BLOCKER, message, hint, field="hero_alt")
    for html in (draft.body, draft.safety_note):
        for address in outline(html).without_alt:
            yield Finding("STR02", Level.BLOCKER, translated(_("A picture has no alternative text.")), hint, address)


def headings_in_order(draft: Draft) -> Iterator[Finding]:
    """Yield findings (STR01) for skipped levels, empty or repeated headings, and a long article without a heading."""
    headings = outline(draft.body).headings
    if not headings and word_count(draft.body) > LONG:
        hint = translated(_("Readers look for their question in the headings. Give each part a heading."))
        yield Finding(
            "STR01", Level.WARNING, translated(_("More than %(limit)s words and no heading."), limit=LONG), hint
        )
    level, seen = 1, set()
    for depth, words in headings:
        if not words:
            yield Finding(
                "STR01", Level.WARNING, translated(_("A heading is empty.")), translated(_("Write it, or take it out."))
            )
        elif words.casefold() in seen:
            yield Finding(
                "STR01",
                Level.WARNING,
                translated(_("Two headings say the same.")),
                translated(_("Make them different.")),
                words,
            )
        if depth > level + 1:
            message = translated(
                _("A heading of level %(depth)s follows one of level %(level)s."), depth=depth, level=level
            )
            yield Finding(
                "STR01", Level.WARNING, message, translated(_("Make it a heading %(level)s."), level=level + 1), words
            )
        level = depth
        seen.add(words.casefold())


def links_say_where(draft: Draft) -> Iterator[Finding]:
    """Yield findings (STR03) for link texts such as “click here”, links without text, and URLs with plain http."""
    for html in (draft.body, draft.safety_note):
        for address, words in outline(html).links:
            if not words:
                yield Finding(
                    "STR03",
                    Level.WARNING,
                    translated(_("A link has no words.")),
                    translated(_("Say where it leads.")),
                    address,
                )
            elif words.casefold().strip(" .…:") in EMPTY_WORDS:
                hint = translated(_("Use the words that say where it leads."))
                yield Finding("STR03", Level.WARNING, translated(_("A link does not say where it leads.")), hint, words)
            if address.startswith("http://"):
                yield Finding(
                    "STR03",
                    Level.WARNING,
                    translated(_("A link leads to plain http.")),
                    translated(_("Use the https address.")),
                    address,
                )


def instructions(draft: Draft) -> list[str]:
    """Return the instructions of a template that were left in the draft.

    An instruction is a line of plain text, a paragraph, a heading, an item of a list or a cell of a table that begins
    with one of INSTRUCTION_MARKS. Elsewhere in a sentence, the mark stands for words left out of a quotation.
    """
    plain = (draft.title, draft.standfirst, *draft.key_messages, draft.disclosure, draft.search_description)
    lines = [line.strip() for words in plain for line in words.splitlines()]
    for html in (draft.body, draft.safety_note):
        if "[" in html:
            lines += text_of(html).splitlines()
    return [line for line in lines if line.startswith(INSTRUCTION_MARKS)]


def instructions_replaced(draft: Draft) -> Iterator[Finding]:
    """Yield a finding (STR06) for each instruction of a template that was left in the text."""
    for line in instructions(draft):
        yield Finding(
            "STR06",
            Level.BLOCKER,
            translated(_("An instruction of the template is still in the text.")),
            translated(_("Write what it asks for in its place, or delete it.")),
            line,
        )


CHECKS = (has_all_parts, pictures_described, headings_in_order, links_say_where, instructions_replaced)
