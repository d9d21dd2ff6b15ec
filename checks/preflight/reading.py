"""Split a text into sentences, once for all checks, each with its citations, paragraph and heading. Pure.

Sentences are cut from the same lines that `core.html.text_of` returns, so that a passage found in a sentence occurs
word for word in the article.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import unescape
from itertools import groupby

from checks.preflight.draft import Draft
from core.markup import Tag, breaks_line, tokens
from core.text import MAX_MARKS, clean_line, normalised, strip_controls

HEADINGS = {"h2", "h3", "h4"}
CELLS = {"td", "th", "caption"}
_KINDS = {"li", "figcaption", "blockquote"} | HEADINGS | CELLS
_ENDLESS = {"br", "hr", "img"}
# In characters: enough for a letter with the most combining marks allowed, or for the parts of a Hangul syllable.
LONGEST_CLUSTER = 2 * MAX_MARKS
_SPACES = re.compile(r"\s+")
_QUOTED = re.compile(r"“[^“”]{1,600}”|\"[^\"]{1,600}\"|«[^«»]{1,600}»")

_BLANK = re.compile(r"·+")
_WITNESS = re.compile(r"(?<![\w-])(?:I|I['’]ve|[Mm]y|[Mm]e|[Mm]ine|[Oo]ur|us)(?![\w-])")

_END = re.compile(r"[.!?…]+[\"”’'»)\]]*")
_BEFORE = re.compile(r"(?:(\S+)\s)?([\w.&-]+)\Z")
_NEXT = re.compile(r"\s*[\"“‘'«(\[]*(\w+)")
# Abbreviations: those that never end a sentence, those that end it unless a figure follows, those before a figure, and
# those before a name.
_NEVER = {"e.g", "i.e", "dr", "mr", "mrs", "ms", "prof", "vs", "cf", "ca", "approx", "jr", "sr", "sp", "spp"}
_OFTEN = {"al", "etc", "a.m", "p.m", "inc", "ltd", "co"}
_BEFORE_FIGURE = {"no", "nos", "fig", "figs", "vol", "p", "pp", "ch", "eq", "sec", "ed", "c"}
_BEFORE_NAME = {"u.s", "u.k", "e.u", "st", "mt"}
_OPENERS = {"the", "a", "an", "in", "it", "this", "these", "that", "they", "we", "but", "and", "most", "its", "there"}
# Words after which a single capital letter may end a sentence, as in “vitamin C.”
_LETTERED = {"vitamin", "vitamins", "hepatitis", "type", "group", "plan", "factor", "protein", "grade", "class"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with white space reduced to single spaces.

    `said` is the same text with quotations blanked out, so that offsets are the same in both. `keys` are the sources
    cited in the sentence or right after its full stop; `closing` are those at the end of its paragraph, table or list.
    `raised` holds the start and end of each superscript that is not a citation.
    `kind` is its block: p, li, h2 to h4, td, th, caption, figcaption, blockquote, or line (plain text). `heading` is
    the text of the heading above it, and `paragraph` the number of its paragraph or table.
    """

    text: str
    said: str
    keys: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    kind: str = "p"
    heading: str = ""
    paragraph: int = 0
    raised: tuple[tuple[int, int], ...] = ()

    @property
    def is_heading(self) -> bool:
        """Return whether the sentence is part of a heading."""
        return self.kind in HEADINGS

    @property
    def is_question(self) -> bool:
        """Return whether the sentence is a question."""
        return self.text.rstrip("\"”’'»)] ").endswith("?")

    @property
    def is_cited(self) -> bool:
        """Return whether the sentence or the end of its paragraph has a citation."""
        return bool(self.keys or self.closing)


@dataclass(slots=True)
class _Line:
    """A line of text that is being assembled, with the offsets and keys of its citations, and its superscripts."""

    kind: str
    paragraph: int
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    marks: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    raised: list[tuple[int, int]] = field(default_factory=list)
    raised_from: int = -1  # where the open superscript begins, or -1

    def add(self, words: str) -> None:
        """Append text with white space reduced to single spaces."""
        words = _SPACES.sub(" ", strip_controls(words))
        if not self.pieces or self.pieces[-1].endswith(" "):
            words = words.removeprefix(" ")
        if words:
            self.pieces.append(words)
            self.length += len(words)

    def end_superscript(self) -> None:
        """Note the superscript that is open, if any."""
        if self.raised_from >= 0:
            self.raised.append((self.raised_from, self.length))
        self.raised_from = -1

    def whole(self) -> str:
        """Return the line as `clean_line` would, and adjust the offsets of citations and superscripts to that text."""
        text = "".join(self.pieces).rstrip()
        whole = clean_line(text)
        if whole != text:
            self.marks = list(
                zip(_places(text, [place for place, _ in self.marks]), [keys for _, keys in self.marks], strict=True)
            )
            ends = list(_places(text, [place for span in self.raised for place in span]))
            self.raised = list(zip(ends[::2], ends[1::2], strict=True))
        return whole


def _places(text: str, places: list[int]) -> Iterator[int]:
    """Yield the offsets that correspond to these ascending offsets once the text has been normalised.

    Each piece between two offsets is normalised once, together with the last `LONGEST_CLUSTER` characters before it,
    because its first characters may combine with those.
    """
    length = start = 0
    tail = ""
    for place in places:
        together = tail + text[start:place]
        length += len(normalised(together)) - len(normalised(tail))
        tail, start = together[-LONGEST_CLUSTER:], max(start, place)
        yield length


def before(text: str, place: int, reach: int = 120) -> str:
    """Return up to `reach` characters before the offset `place`.

    Without a limit, the checks would take quadratic time for a long sentence with many matches.
    """
    return text[max(0, place - reach) : place]


@lru_cache(maxsize=128)
def read(html: str) -> tuple[Sentence, ...]:
    """Return the sentences of sanitised HTML in reading order. The result is cached."""
    sentences: list[Sentence] = []
    heading = ""
    for line in _lines(html):
        found = list(_sentences(line, heading))
        if line.kind in HEADINGS and found:
            heading = " ".join(sentence.text for sentence in found)
        sentences += found
    return tuple(_closed(sentences))


@lru_cache(maxsize=128)
def read_plain(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of plain text, in which each line is a paragraph. The result is cached."""
    sentences: list[Sentence] = []
    for place, words in enumerate(text.splitlines()):
        line = _Line("line", place)
        line.add(words)
        sentences += _sentences(line, "")
    return tuple(sentences)


# All fields that readers read, and the alternative texts of the pictures in them.
ALL_TEXTS = (
    *("title", "standfirst", "key_messages", "body", "safety_note", "disclosure", "search_description"),
    *("hero_alt", "hero_caption", "alternative_texts"),
)


def fields(draft: Draft, *names: str) -> Iterator[tuple[str, Sentence]]:
    """Yield (name of the field, sentence) for every sentence of these fields of the draft.

    “alternative_texts” stands for those of the pictures in the body; their sentences are yielded with the name “body”.
    """
    for name in names:
        if name == "alternative_texts":
            name, found = "body", read_plain("\n".join(_alternative_texts(draft.body)))
        elif name in ("body", "safety_note"):
            found = read(getattr(draft, name))
        elif name == "key_messages":
            found = read_plain("\n".join(draft.key_messages))
        else:
            found = read_plain(getattr(draft, name))
        for sentence in found:
            yield name, sentence


def _alternative_texts(html: str) -> Iterator[str]:
    """Yield the alternative text of each picture."""
    for token in tokens(html) if "<img" in html else ():
        if not isinstance(token, str) and token.name == "img":
            yield unescape(token.attributes.get("alt", ""))


def spoken(sentence: Sentence) -> str:
    """Return the sentence with quotations blanked out, except testimonials, which contain “I”, “my” or “our”."""
    if sentence.said == sentence.text:
        return sentence.text
    pieces, end = [], 0
    for found in _BLANK.finditer(sentence.said):
        quoted = sentence.text[found.start() : found.end()]
        if _WITNESS.search(quoted):
            pieces += [sentence.said[end : found.start()], quoted]
            end = found.end()
    return "".join([*pieces, sentence.said[end:]])


def cited_keys(draft: Draft) -> list[str]:
    """Return the keys of all sources cited in the draft in reading order, without duplicates."""
    return list(dict.fromkeys(key for _, sentence in fields(draft, "body", "safety_note") for key in sentence.keys))


def _lines(html: str) -> Iterator[_Line]:
    """Yield the lines of a text: its blocks and table cells, split at line breaks."""
    stack: list[str] = []
    paragraph = table = 0
    line = _Line("p", 0)
    in_mark = False
    for token in tokens(strip_controls(html)):
        if isinstance(token, str):
            if not in_mark:
                line.add(unescape(token.replace("\n", " ")))
        elif token.name == "sup":
            keys = "" if token.is_end else token.attributes.get("data-cite", "")
            in_mark = bool(keys)
            if in_mark:
                line.marks.append((line.length, tuple(keys.split())))
            elif token.is_end:
                line.end_superscript()
            elif line.raised_from < 0:
                line.raised_from = line.length
        elif breaks_line(token):
            in_mark = False
            if line.pieces or line.marks:
                yield line
            if token.name != "br":
                paragraph += 1
                _step(stack, token)
                table = 0 if "table" not in stack else table or paragraph
            line = _Line(_kind(stack), table or paragraph)
    if line.pieces or line.marks:
        yield line


def _step(stack: list[str], tag: Tag) -> None:
    """Update the stack of open elements for this tag."""
    if not tag.is_end:
        if tag.name not in _ENDLESS:
            stack.append(tag.name)
    elif tag.name in stack:
        del stack[len(stack) - 1 - stack[::-1].index(tag.name) :]


def _kind(stack: list[str]) -> str:
    """Return the kind of block (`Sentence.kind`) for these open elements."""
    if "blockquote" in stack:
        return "blockquote"
    return next((name for name in reversed(stack) if name in _KINDS), "p")


def _sentences(line: _Line, heading: str) -> Iterator[Sentence]:
    """Yield the sentences of a line with their citations."""
    text = line.whole()
    quoting = line.kind == "blockquote"
    said = "·" * len(text) if quoting else _QUOTED.sub(lambda found: "·" * len(found[0]), text)
    places = [place for place, _ in line.marks]
    starts = [0, *_boundaries(text, set(places))]
    keys: list[list[str]] = [[] for _ in starts]
    for place, names in line.marks:
        # A citation belongs to the sentence that began before it, even if it follows the full stop.
        keys[max(bisect_left(starts, place) - 1, 0)] += names
    raised: list[list[tuple[int, int]]] = [[] for _ in starts]
    for start, end in line.raised:
        place = bisect_right(starts, start) - 1
        raised[place].append((start - starts[place], end - starts[place]))
    for start, end, cited, above in zip(starts, [*starts[1:], len(text)], keys, raised, strict=True):
        words = text[start:end].rstrip()
        if words or cited:
            said_here = said[start : start + len(words)]
            inside = tuple((first, last) for first, last in above if last <= len(words))
            yield Sentence(words, said_here, tuple(cited), (), line.kind, heading, line.paragraph, inside)


def _boundaries(text: str, marks: set[int]) -> Iterator[int]:
    """Yield the offset at which each sentence but the first begins. `marks` holds the offsets of citations."""
    for end in _END.finditer(text):
        place = end.end()
        if place >= len(text) or not (text[place].isspace() or place in marks):
            continue
        follower = _NEXT.match(text, place)
        if follower and _ends(text, end, follower[1]):
            yield place + (1 if text[place].isspace() else 0)


def _ends(text: str, end: re.Match[str], follower: str) -> bool:
    """Return whether this punctuation ends a sentence, given the word that follows it."""
    if follower[0].islower():
        return False
    if end[0] != ".":
        return True
    before = _BEFORE.search(text[max(0, end.start() - 40) : end.start()])
    if not before:
        return True
    word, previous = before[2].lower(), (before[1] or "")
    if word in _NEVER:
        return False
    if word in _BEFORE_FIGURE and follower[0].isdigit():
        return False
    if word in _OFTEN:
        return not follower[0].isdigit()
    if word in _BEFORE_NAME:
        return follower.lower() in _OPENERS
    if len(word) == 1 and before[2].isupper():
        begins = not previous or previous[-1] in ".!?" or previous[0].isupper()
        return previous.lower() in _LETTERED or not begins
    return True


def _closed(sentences: list[Sentence]) -> Iterator[Sentence]:
    """Yield each sentence with the citations that close its paragraph.

    A table counts as one paragraph. An item of a list has the citations at its own end. Without any, it has those at
    the end of the list, and those of the line before the list if that line ends with a colon.
    """
    lead: tuple[str, ...] = ()
    for kind, run in groupby(sentences, key=lambda each: "li" if each.kind == "li" else each.paragraph):
        group = list(run)
        keys = group[-1].keys
        if group[0].kind in CELLS:
            keys = tuple(key for sentence in group for key in sentence.keys)
        elif kind == "li":
            keys = (*lead, *keys)
            ends = {sentence.paragraph: sentence.keys for sentence in group}
            yield from (replace(each, closing=ends[each.paragraph] or keys) for each in group)
            lead = ()
            continue
        yield from (replace(each, closing=keys) for each in group)
        lead = keys if group[-1].text.endswith(":") else ()
