"""Values of BibTeX: macros, the parts joined at “#”, and fields that an entry inherits. Pure.

Macros (@string) are expanded here and not by the parser, because a few lines of them can expand to gigabytes. The
length of each value is limited, and so is that of all values together.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from bibtexparser.model import Entry, String
from django.utils.translation import gettext as _

from sources.importers.canonical import MONTHS
from sources.importers.records import first_words

LONGEST = 100_000
LONGEST_ALL = 20_000_000
# The number of levels of crossref that are followed.
MOST_LEVELS = 4
# Fields that an entry never inherits: they identify, date or arrange its parent (biblatex 3.20, appendix B).
NOT_INHERITED = frozenset(
    (
        *("doi", "pmid", "pmcid", "eprint", "eprinttype", "url", "urldate", "pages", "eid", "abstract", "note"),
        *("crossref", "xref", "xdata", "ids", "entryset", "entrysubtype", "execute", "label", "options", "presort"),
        *("related", "relatedoptions", "relatedstring", "relatedtype", "shorthand", "shorthandintro", "sortkey"),
        *("shorttitle", "sorttitle", "indextitle", "indexsorttitle", "keywords", "annotation", "file"),
    )
)
# Those that even an entry that is only another key of its parent does not inherit.
ONLY_OWN = frozenset(("crossref", "xref", "xdata", "ids", "entryset", "options", "related", "relatedtype"))
TITLED = frozenset(("title", "booktitle"))
DATES = frozenset(("date", "year", "month", "day"))
# Under these names, a part inherits the titles of the whole (biblatex 3.20, appendix B).
TITLES = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}
JOURNAL_TITLES = {"title": "journaltitle", "subtitle": "journalsubtitle"}
MAIN_TITLES = {"title": "maintitle", "subtitle": "mainsubtitle", "titleaddon": "maintitleaddon"}
WHOLES = frozenset(("book", "collection", "proceedings", "reference", "manual", "techreport", "report"))
SERIES = frozenset(("mvbook", "mvcollection", "mvproceedings", "mvreference"))
PARTS = frozenset(
    (
        *("inbook", "incollection", "inproceedings", "conference", "inreference", "suppbook", "suppcollection"),
        "bookinbook",
    )
)
# Parts by other authors than the whole.
WITH_BOOK_AUTHOR = frozenset(("incollection", "inproceedings", "conference", "inreference", "suppcollection"))
# A version, module or fragment is titled and authored as the software is (biblatex-software).
SOFTWARE = frozenset(("software", "softwareversion", "softwaremodule", "codefragment"))
# A value whose comma is missing, so that the next field follows it.
NO_COMMA = re.compile(r"(\{[^{}]*\})\s*\n\s*[A-Za-z-]+\s*=")


class TooLong(Exception):
    """Raised when macros expand to more than LONGEST or LONGEST_ALL characters."""


class Macros:
    """The macros that @string has defined so far.

    A value may have at most LONGEST characters, and all values together at most LONGEST_ALL.
    """

    def __init__(self) -> None:
        self.values = {name: name for name in MONTHS}
        self.spent = 0
        self.too_long: set[str] = set()

    def define(self, block: String) -> str:
        """Define a macro. Return "" or, if it is too long, the reason why it cannot be defined."""
        try:
            self.values[block.key.lower()] = self.value(block.value)
        except TooLong as error:
            self.values.pop(block.key.lower(), None)
            self.too_long.add(block.key.lower())
            return str(error.args[0])
        return ""

    def value(self, raw: str, unknown: list[str] | None = None) -> str:
        """Return the raw value of a field without braces or quotes, with macros expanded and parts joined at “#”.

        An undefined macro is replaced by its name, which is added to the list `unknown`. Raise TooLong if the value is
        too long.
        """
        pieces, size = [], 0
        raw = raw.strip()
        if cut := NO_COMMA.match(raw):
            raw = cut[1]
        for piece in _pieces(raw):
            if piece[:1] in '{"' and len(piece) > 1:
                shown = piece[1:-1]
            elif re.fullmatch(r"\d+", piece):
                shown = piece
            elif piece.lower() in self.values:
                shown = self.values[piece.lower()]
            elif piece.lower() in self.too_long:
                raise TooLong(_("Its @string macros expand to far more text than an entry has."))
            else:
                shown = MONTHS_IN_FULL.get(piece.lower(), piece)
                if unknown is not None and shown == piece and not re.fullmatch(r"[\d./–-]+", piece):
                    unknown.append(first_words(piece))
            size += len(shown)
            self.spent += len(shown)
            if size > LONGEST or self.spent > LONGEST_ALL:
                raise TooLong(_("Its @string macros expand to far more text than an entry has."))
            pieces.append(shown)
        return "".join(pieces)


def _pieces(raw: str) -> Iterator[str]:
    """Yield the parts of a value such as `{a} # macro # "b"`."""
    if "#" not in raw:
        yield raw
        return
    depth, quoted, start = 0, False, 0
    for match in re.finditer(r'(?<!\\)[{}"]|#', raw):
        sign = match.group()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif sign == '"' and depth == 0:
            quoted = not quoted
        elif sign == "#" and depth == 0 and not quoted:
            yield raw[start : match.start()].strip()
            start = match.end()
    yield raw[start:].strip()


class BibFields:
    """The fields of an entry, decoded on demand. `remarks` collects sentences for the user."""

    def __init__(self, raw: Mapping[str, str], macros: Macros) -> None:
        self.raw, self.macros = raw, macros
        self.remarks: list[str] = []

    def first(self, *names: str) -> str:
        """Return the value of the first of these fields that has one, still in LaTeX, or "".

        Raise TooLong if its macros expand to too many characters.
        """
        for name in names:
            if name in self.raw and (value := self._value(name)):
                return value
        return ""

    def one_of(self, *names: str) -> str:
        """Return the value of the first of these fields that has one, or "". Say which other values are left out."""
        chosen = ""
        for name in names:
            value = self.first(name)
            if chosen and _bare(value).casefold() not in _bare(chosen).casefold():
                message = _("“%(field)s” (%(words)s) was left out, because another field has the place.")
                self.remarks.append(message % {"field": name, "words": first_words(value)})
            chosen = chosen or value
        return chosen

    def _value(self, name: str) -> str:
        unknown: list[str] = []
        value = self.macros.value(self.raw[name], unknown).strip()
        for words in unknown:
            message = _("“%(words)s” (%(field)s) has no braces, and no @string defines it: it was read as it stands.")
            self.remarks.append(message % {"words": words, "field": name})
        return value


class Parents:
    """The entries of a text by key, from which other entries inherit fields."""

    def __init__(self, records: Iterable[Entry]) -> None:
        self.by_key: dict[str, Entry] = {}
        for record in records:
            if record.key:  # without a key, it would be the parent of all entries that name none
                self.by_key.setdefault(record.key, record)

    def fields_of(self, record: Entry, levels: int = MOST_LEVELS) -> dict[str, str]:
        """Return the fields of an entry by lower-case name, with those that it inherits through `levels` entries."""
        fields: dict[str, str] = {}
        for field in record.fields:
            fields.setdefault(field.key.lower(), field.value)
        if not levels:
            return fields
        for key in _bare(fields.get("xdata", "")).split(","):
            if (parent := self.by_key.get(key.strip())) and parent is not record:
                fields = {**self.fields_of(parent, levels - 1), **fields}
        if (parent := self.by_key.get(_bare(fields.get("crossref", "")))) and parent is not record:
            fields = {**_inherited(record, fields, parent, self.fields_of(parent, levels - 1)), **fields}
        return fields


def _inherited(record: Entry, own: Mapping[str, str], parent: Entry, theirs: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of the parent under the names under which the entry inherits them."""
    kind, whole = record.entry_type.lower(), parent.entry_type.lower()
    titles: Mapping[str, str] = {}
    if whole in SERIES:
        titles = MAIN_TITLES
    elif kind in PARTS and (whole in WHOLES or whole in PARTS):
        titles = TITLES
    elif kind == "article":
        titles = JOURNAL_TITLES
    # Of a parent of the same kind, BibTeX inherits everything.
    has_all = kind == whole or (kind in SOFTWARE and whole in SOFTWARE)
    has_date = bool(DATES & own.keys())
    # An entry without a title of its own is its parent under another key.
    kept_back = ONLY_OWN if kind == whole and not TITLED & own.keys() else NOT_INHERITED
    found: dict[str, str] = {}
    for name, value in theirs.items():
        if name in kept_back or (name in DATES and has_date):
            continue
        if has_all:
            found[name] = value
        elif name == "author" and kind in WITH_BOOK_AUTHOR:
            found["bookauthor"] = value
        elif name in titles:
            found[titles[name]] = value
        elif name not in ("title", "subtitle", "titleaddon"):
            found[name] = value
    if has_all:
        return found
    return found | {titles[name]: theirs[name] for name in titles if name in theirs}


def _bare(raw: str) -> str:
    """Return a value that is a key, without its braces or quotes."""
    return raw.strip().strip('{}"').strip()


# “month = July” without braces.
MONTHS_IN_FULL = {
    name: name[:3]
    for name in (
        *("january", "february", "march", "april", "june", "july", "august", "september", "october", "november"),
        *("december", "sept"),
    )
}
