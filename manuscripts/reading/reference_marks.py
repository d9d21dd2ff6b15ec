"""Find the list of references at the end of a manuscript, and the places of the text that name its entries. Pure.

A manuscript whose references were written by hand names them by number, as `[3]`, `(3)` or raised, or by author and
year. What is found is a proposal: a citation keeps the words that stood there, and a person confirms the references.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from core.text import clean_line
from manuscripts.reading.marks import GENERATED_LIST, OPEN, mark
from manuscripts.reading.records import ReadManuscript, Reference
from manuscripts.reading.trees import replace_with_text, words
from manuscripts.reading.written_references import LONGEST, entry, number_of
from sources.importers.mapping import folded

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LIST_HEADING = re.compile(
    r"(?:\d{1,2}\.?\s)?(?:list of )?(?:references?|reference list|bibliography|literature|literature cited|works cited|"
    r"sources|citations|endnotes|notes and references|references and notes)\s?:?",
    re.IGNORECASE,
)
MOST_REFERENCES = 1_000
MOST_IN_A_RANGE = 40
MOST_CHARACTERS = 4_000  # of an entry
MOST_FOLDED = 200  # of an entry, which begins with the names of its authors
NUMBERS = r"\d{1,3}(?:\s?[-–—,;]\s?\d{1,3}){0,30}"
RAISED = re.compile(rf"\s?[\[(]?({NUMBERS})[\])]?\s?")
IN_BRACKETS = re.compile(rf"\[({NUMBERS})\]")
# In parentheses after a word and at the end of a clause; “(3) …” within a sentence may count items.
# Some write “(3)” close to a word; after two letters or a capital it belongs to the word, as in “B(12)” and “cm(2)”.
IN_PARENTHESES = re.compile(
    rf"(?:(?<=[\w%”\"’])\s|(?<=[a-z]{{3}})|(?<=\bal))\(({NUMBERS})\)(?=\s?[.,;:)]|\s+[a-z]|\s?\Z)"
)
# What is raised after a unit or a figure is a power, and before a letter an isotope: m², 10⁹, ¹⁸F.
UNIT = re.compile(r"(?:^|[\s/·×(\d])(?:[cmdkµμn]?m|in|ft|s|h|min|L|kg|yd)$|\d$")
WORD = r"[^\W\d_][\w'’.-]{0,40}+"
NAME = rf"{WORD}(?: {WORD}){{0,3}}?"
AUTHORS = rf"{NAME}(?: et al\.?|,? (?:and|&) {NAME})?"
ET_AL = re.compile(r",?\s?et\s(?:al\.?)?[,;]?\s?|\s?al\.?[,;]?\s?")
YEAR = r"(?:1[89]|20)\d\d[a-z]?"
BEFORE_NAMES = r"see |see also |but see |e\.g\.,? |cf\. |reviewed in |reviewed by |as in |after "
IN_A_GROUP = re.compile(
    rf"(?:{BEFORE_NAMES})?(?P<name>{AUTHORS}),? (?P<years>{YEAR}(?:, ?{YEAR}){{0,5}})(?:,? pp?\. ?[\d–-]+)?"
)
GROUP = re.compile(r"\s?\(([^()]{6,300})\)")
NARRATIVE = re.compile(rf"(?<![\w'’.-])(?P<name>{AUTHORS})(?P<year>\s\((?P<number>{YEAR})\))")


@dataclass
class _Listed:
    """The list of references: its entries by the number that the text uses, and whether they are numbered."""

    entries: dict[int, Reference]
    is_numbered: bool


def mark_references(root: HtmlElement, made: ReadManuscript) -> None:
    """Take the list of references out of the text, and put marks where the text names its entries.

    Works that a program embedded come first in `made.references`; the entries of the list follow them.
    """
    _drop_headings_of_generated_lists(root)
    listed = _take_list(root)
    _drop_last_heading(root)
    if not listed.entries:
        return
    before = len(made.references)
    made.references += list(listed.entries.values())
    places = {number: before + place for place, number in enumerate(listed.entries, start=1)}
    finder = _Finder(listed, places, made.references)
    for element in list(root.iter("sup")):
        finder.raised(element)
    for element in list(root.iter("em", "strong")):  # “Doe <em>et al.</em> 2019” is one name
        if ET_AL.fullmatch(element.text_content()):
            element.drop_tag()
    for element in root.iter():
        if element.tag in HEADINGS:
            continue
        if element.text:
            element.text = finder.in_text(element.text)
        for child in element:
            if child.tail:
                child.tail = finder.in_text(child.tail)


def _take_list(root: HtmlElement) -> _Listed:
    """Remove the list of references from the tree and return it; it has no entries if the manuscript has no list."""
    heading = _heading_of_list(root)
    if heading is None:
        return _Listed({}, False)
    items = list(_items_after(heading))
    numbers = [number_of(words(item)) for item in items]
    is_numbered = any(item.tag == "li" and item.getparent().tag == "ol" for item in items) or (
        sum(number is not None for number in numbers) * 2 > len(items)
    )
    entries: dict[int, Reference] = {}
    for place, (item, number) in enumerate(zip(items, numbers, strict=True), start=1):
        used = number if is_numbered and number is not None and number not in entries else place
        while used in entries:
            used += 1
        entries[used] = entry(_with_addresses(item))
    for item in items:
        above = item.getparent()
        item.drop_tree()
        if above is not None and above is not root and not words(above):
            above.drop_tree()
    heading.drop_tree()
    return _Listed(entries, is_numbered)


def _drop_headings_of_generated_lists(root: HtmlElement) -> None:
    """Remove each heading over a list that a program had generated, and the mark that stands for the list."""
    for element in list(root.iter(*HEADINGS, "p", "li", "td")):
        if GENERATED_LIST not in element.text_content():
            continue
        for one in element.iter():
            one.text = (one.text or "").replace(GENERATED_LIST, "")
            if one is not element:
                one.tail = (one.tail or "").replace(GENERATED_LIST, "")
        heading = next((before for before in element.itersiblings(preceding=True) if words(before)), None)
        if heading is not None and heading.tag in (*HEADINGS, "p") and LIST_HEADING.fullmatch(words(heading)):
            heading.drop_tree()
        if element.tag == "p" and not words(element) and not len(element):
            element.drop_tree()


def _drop_last_heading(root: HtmlElement) -> None:
    """Remove a heading such as “References” with nothing after it: a program had generated the list."""
    last = next((element for element in reversed(root) if words(element)), None)
    if last is not None and last.tag in (*HEADINGS, "p") and LIST_HEADING.fullmatch(words(last)):
        last.drop_tree()


def _heading_of_list(root: HtmlElement) -> HtmlElement | None:
    """Return the last heading, or paragraph, that names a list of references and has entries after it."""
    for element in reversed(list(root.iter(*HEADINGS, "p"))):
        if LIST_HEADING.fullmatch(words(element)) and next(_items_after(element), None) is not None:
            return element
    return None


def _items_after(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the entries that follow a heading, up to the next heading: list items and paragraphs with words."""
    count = 0
    for element in heading.itersiblings():
        if element.tag in HEADINGS or element.tag in ("table", "figure"):
            return
        for item in element.iter("li", "p") if element.tag in ("ol", "ul", "div", "blockquote") else (element,):
            if len(words(item)) > LONGEST:
                return  # no entry is as long, so it stays in the text
            if words(item) and not (item.tag == "p" and item.getparent().tag == "li"):
                count += 1
                if count > MOST_REFERENCES:
                    return
                yield item


def _with_addresses(item: HtmlElement) -> str:
    """Return the words of an entry, with the address of a link whose words are no address."""
    text = words(item)[:MOST_CHARACTERS]
    more = [link.get("href", "") for link in item.iter("a")][:20]
    return clean_line(" ".join([text, *(href[:500] for href in more if href.startswith("http") and href not in text)]))


class _Finder:
    """Finds the places of a text that name entries of the list."""

    def __init__(self, listed: _Listed, places: dict[int, int], references: list[Reference]) -> None:
        self.listed, self.places, self.references = listed, places, references
        self._by_year: dict[str, list[tuple[int, str, str]]] = {}
        for number, one in listed.entries.items():
            text = folded(one.text[:MOST_FOLDED])
            for year in dict.fromkeys(re.findall(r"\b(?:1[89]|20)\d\d", one.text)):
                self._by_year.setdefault(year, []).append((number, text, one.text))

    def raised(self, element: HtmlElement) -> None:
        """Replace a raised number that names entries."""
        match = RAISED.fullmatch(element.text_content())
        if not match or not self.listed.is_numbered or len(element):
            return
        before = element.getprevious()
        said = (before.tail if before is not None else element.getparent().text) or ""
        after = (element.tail or "")[:1]
        numbers = self._numbers(match[1])
        if numbers and not UNIT.search(said[-6:]) and not after.isalpha():
            replace_with_text(element, self._mark(numbers, f"^{match[1]}"))

    def in_text(self, text: str) -> str:
        """Return a text with marks in place of the numbers, or names and years, that name entries."""
        if self.listed.is_numbered:
            for pattern in (IN_BRACKETS, IN_PARENTHESES):
                text = pattern.sub(self._numbered, text)
            return text
        text = GROUP.sub(self._group, text)
        return NARRATIVE.sub(self._narrative, text)

    def _numbered(self, match: re.Match[str]) -> str:
        numbers = self._numbers(match[1])
        return self._mark(numbers, match[0]) if numbers else match[0]

    def _numbers(self, text: str) -> list[int]:
        """Return the numbers that “1,3–5” names, or [] if an entry of the list is missing."""
        found: list[int] = []
        for part in re.split(r"\s?[,;]\s?", text):
            ends = [int(number) for number in re.split(r"\s?[-–—]\s?", part)]
            if len(ends) > 2 or ends[0] > ends[-1] or ends[-1] - ends[0] > MOST_IN_A_RANGE:
                return []
            found += range(ends[0], ends[-1] + 1)
        return found if all(number in self.places for number in found) else []

    def _mark(self, numbers: Iterable[int], was: str) -> str:
        placed = [self.places[number] for number in numbers]
        for place in placed:
            self.references[place - 1].marks += 1
        return mark(placed, was)

    def _group(self, match: re.Match[str]) -> str:
        """Replace “(Doe, 2019; Roe et al., 2020)” if each part names one entry."""
        numbers: list[int] = []
        if OPEN in match[1]:
            return match[0]
        for part in match[1].split(";"):
            named = IN_A_GROUP.fullmatch(part.strip())
            if not named:
                return match[0]
            found = [self._entry(named["name"], year) for year in re.findall(YEAR, named["years"])]
            if None in found:
                return match[0]
            numbers += [number for number in found if number is not None]
        return self._mark(numbers, match[0])

    def _narrative(self, match: re.Match[str]) -> str:
        """Keep the name in “Doe et al. (2019)”, and replace the year by a citation."""
        words_of_name = match["name"].split()
        for start in range(len(words_of_name)):
            number = self._entry(" ".join(words_of_name[start:]), match["number"])
            if number is not None:
                return f"{match['name']}{self._mark([number], match['year'])}"
        return match[0]

    def _entry(self, name: str, year: str) -> int | None:
        """Return the number of the only entry whose first author and year these are, or None."""
        family = folded(re.split(r" et al\b|,? (?:and|&) ", name)[0]).strip()
        found = [
            number
            for number, start, text in self._by_year.get(year[:4], ())
            if start.startswith(family)
            and not start[len(family) :][:1].isalpha()
            and re.search(rf"\b{year[:4]}{year[4:] or '[a-z]?'}\b", text)
        ]
        return found[0] if len(found) == 1 else None
