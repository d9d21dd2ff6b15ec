"""Read BibTeX and biblatex. bibtexparser splits the entries; macros and LaTeX are decoded here. Pure.

Macros (@string) are expanded here because a few lines of them can stand for gigabytes. The length of each value is
limited, and so is that of all values together.
"""

import logging
import re
from collections.abc import Iterator

from bibtexparser.exceptions import ParserStateException
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    ParsingFailedBlock,
    String,
)
from bibtexparser.model import Entry as Record
from bibtexparser.splitter import Splitter
from django.utils.translation import gettext as _

from sources.importers.canonical import MONTHS, canonical
from sources.importers.latex import decode, verbatim
from sources.importers.names import people
from sources.importers.records import DEEPEST, CannotRead, Csl, ParsedRecord, UnreadEntry, first_words
from sources.kinds import WORK_KINDS, Work

FORMAT = "BibTeX"
LONGEST = 100_000
LONGEST_ALL = 20_000_000

TYPES = {type_: kind.csl for kind in WORK_KINDS.values() for type_ in (kind.bibtex, *kind.bibtex_read)}
# Kinds of works whose container is a series.
IN_SERIES = {kind.csl for kind in WORK_KINDS.values() if kind.bibtex_container == "series"}
# BibTeX fields for each CSL variable. If an entry has several of them, the first one is used.
FIELDS = {
    "title": ("title",),
    "container-title": ("journal", "journaltitle", "booktitle"),
    "container-title-short": ("shortjournal", "journal-abbrev"),
    "publisher": ("publisher", "institution", "school", "organization"),
    "edition": ("edition",),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "page": ("pages", "eid", "article-number"),
}
BARE = {"DOI": "doi", "PMID": "pmid", "PMCID": "pmcid", "ISBN": "isbn", "URL": "url"}
# The import page reports unreadable entries in our own words, so bibtexparser's warnings are not logged.
logging.getLogger("bibtexparser.splitter").setLevel(logging.CRITICAL)


class _TooLong(Exception):
    """Raised when macros expand to more than LONGEST or LONGEST_ALL characters."""


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each entry of a BibTeX text in order, or an UnreadEntry with the reason if it cannot be read.

    Raise CannotRead if the braces of the text do not match.
    """
    try:
        blocks = Splitter(text).split().blocks
    except ParserStateException as error:
        raise CannotRead(_("This BibTeX cannot be read: its braces do not match.")) from error
    macros = _Macros()
    for block in blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, String):
            if reason := macros.define(block):
                yield UnreadEntry(line, first_words(block.raw or ""), reason)
            continue
        record, reason = _record(block)
        if record is None:
            if reason:
                yield UnreadEntry(line, first_words(block.raw or ""), reason)
            continue
        reason = reason or _too_deep(record.raw or "")
        if reason:
            yield UnreadEntry(line, first_words(record.raw or ""), reason)
            continue
        try:
            yield ParsedRecord(_csl(record, macros), line, FORMAT)
        except (_TooLong, LookupError) as error:
            yield UnreadEntry(line, first_words(record.raw or ""), str(error.args[0]))


def _record(block: Block | None) -> tuple[Record | None, str]:
    """Return the entry in a block (or None) and the reason why it cannot be read (or ""). A comment has neither."""
    if isinstance(block, DuplicateBlockKeyBlock):
        return _record(block.ignore_error_block)  # importers.read reports entries with the same key
    if isinstance(block, DuplicateFieldKeyBlock) and isinstance(record := block.ignore_error_block, Record):
        known = {name for names in FIELDS.values() for name in names} | {*BARE.values(), "author", "editor", "year"}
        twice = {name.lower() for name in block.duplicate_keys} & known
        for name in sorted(twice):
            if len({field.value for field in record.fields if field.key.lower() == name}) > 1:
                return record, _("It has “%(name)s” twice, with different values.") % {"name": name}
        return record, ""
    if isinstance(block, ParsingFailedBlock):
        message = _("It is cut off, or its braces or commas do not match: %(reason)s")
        return None, message % {"reason": _reason(block)}
    return (block, "") if isinstance(block, Record) else (None, "")


def _reason(block: ParsingFailedBlock) -> str:
    """Return bibtexparser's reason for a block that it could not parse."""
    reason = str(getattr(block.error, "abort_reason", "")) or _("it could not be read.")
    return first_words(reason.replace("`", "“", 1).replace("`", "”", 1))


def _too_deep(raw: str) -> str:
    """Return a message if braces are nested more than DEEPEST deep, else ""."""
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", raw):
        depth += 1 if brace == "{" else -1
        if depth > DEEPEST:
            return _("Its braces are nested more than %(levels)s deep.") % {"levels": DEEPEST}
    return ""


class _Macros:
    """The macros that @string has defined so far. A value has at most LONGEST characters, and all uses at most
    LONGEST_ALL.
    """

    def __init__(self) -> None:
        self.values = {name: name for name in MONTHS}
        self.spent = 0

    def define(self, block: String) -> str:
        """Define a macro. Return "", or the reason why it cannot be defined."""
        try:
            self.values[block.key.lower()] = self.value(block.value)
        except (_TooLong, LookupError) as error:
            self.values.pop(block.key.lower(), None)
            return str(error.args[0])
        return ""

    def value(self, raw: str) -> str:
        """Return a field's value without braces or quotes, with macros expanded and pieces joined at “#”.

        Raise _TooLong if it is too long, and LookupError for a macro that is not defined.
        """
        pieces, size = [], 0
        for piece in _pieces(raw.strip()):
            if piece[:1] in '{"' and len(piece) > 1:
                shown = piece[1:-1]
            elif re.fullmatch(r"\d+", piece):
                shown = piece
            elif piece.lower() in self.values:
                shown = self.values[piece.lower()]
            else:
                message = _("“%(words)s” has no braces, and no @string defines it.")
                raise LookupError(message % {"words": first_words(piece)})
            size += len(shown)
            self.spent += len(shown)
            if size > LONGEST or self.spent > LONGEST_ALL:
                raise _TooLong(_("Its @string macros expand to far more text than an entry has."))
            pieces.append(shown)
        return "".join(pieces)


def _pieces(raw: str) -> Iterator[str]:
    """Yield the parts of a value such as `{a} # macro # "b"`."""
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


def _csl(record: Record, macros: _Macros) -> Csl:
    raw: dict[str, str] = {}
    for field in record.fields:
        raw.setdefault(field.key.lower(), field.value)

    def first(names: tuple[str, ...]) -> str:
        return next((value for name in names if name in raw and (value := macros.value(raw[name]).strip())), "")

    item: Csl = {"id": record.key, "type": TYPES.get(record.entry_type.lower(), "document")}
    item |= {name: decode(first(names)) for name, names in FIELDS.items()}
    item |= {name: verbatim(first((field,))) for name, field in BARE.items()}
    item |= {name: list(people(first((name,)))) for name in ("author", "editor")}
    item["issued"] = decode(first(("date",)) or f"{first(('year',))} {first(('month',))} {first(('day',))}".strip())
    item["accessed"] = decode(first(("urldate", "lastchecked")))
    if item["type"] in IN_SERIES and not item["container-title"]:
        item["container-title"] = decode(first(("series",)))
    how = first(("howpublished",))
    if address := re.search(r"https?://[^\s{}]+", verbatim(how)):
        item["URL"] = item["URL"] or address.group()
    elif not item["container-title"]:
        item["container-title"] = decode(how)
    if item["type"] == "document":
        is_preprint = "arxiv" in first(("archiveprefix", "eprinttype")).lower() or "rxiv" in how.lower()
        if is_preprint or item["URL"]:
            item["type"] = WORK_KINDS[Work.PREPRINT if is_preprint else Work.WEB_PAGE].csl
    return canonical(item)
