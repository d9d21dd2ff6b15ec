"""Read BibTeX and biblatex: bibtexparser splits the entries, bibtex_values expands macros, bibtex_fields reads fields.

Pure.
"""

import contextlib
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

from sources.importers.bibtex_fields import READ, csl_of
from sources.importers.bibtex_repair import mended
from sources.importers.bibtex_values import BibFields, Macros, Parents, TooLong
from sources.importers.canonical import parsed
from sources.importers.records import DEEPEST, ParsedRecord, UnreadEntry, first_words

FORMAT = "BibTeX"
# An entry without a key: its first field follows the brace.
WITHOUT_KEY = re.compile(
    r"^([ \t]*@[ \t]*(?!string|comment|preamble)[A-Za-z_]+[ \t]*[{(])(?=\s*[A-Za-z-]+[ \t]*=)",
    re.MULTILINE | re.IGNORECASE,
)
# An entry whose key is followed by its first field without a comma.
WITHOUT_COMMA = re.compile(
    r"^([ \t]*@[ \t]*(?!string|comment|preamble)[A-Za-z_]+[ \t]*[{(][ \t]*[^\s{}(),=\"]+)(?=\s+[A-Za-z-]+[ \t]*=)",
    re.MULTILINE | re.IGNORECASE,
)
# A second comma between two fields.
TWO_COMMAS = re.compile(r"(?<=[}\"])(\s*,\s*),(?=\s*[A-Za-z-]+[ \t]*=[ \t]*[{\"])")
AT_START = re.compile(r"^[ \t]*@[ \t]*[A-Za-z_]+[ \t]*[{(]", re.MULTILINE)
# Entries that are not works themselves.
NOT_WORKS = frozenset(("xdata", "set"))
# The import page reports unreadable entries in our own words, so bibtexparser's warnings are not logged.
logging.getLogger("bibtexparser.splitter").setLevel(logging.CRITICAL)


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each entry of a BibTeX text in order; for one that cannot be read, yield an UnreadEntry with the reason.

    Fields that an entry inherits (crossref, xdata) are added to it. If the braces of the text do not match, each entry
    is read on its own.
    """
    macros = Macros()
    read: list[tuple[int, Record, str] | UnreadEntry] = []
    for line, block in _blocks(text):
        if isinstance(block, String):
            if reason := macros.define(block):
                read.append(UnreadEntry(line, first_words(block.raw or ""), reason))
            continue
        record, reason = _record(block)
        if record is None:
            if reason:
                read.append(UnreadEntry(line, first_words(block.raw or ""), reason))
        elif too_deep := _too_deep(record.raw or ""):
            read.append(UnreadEntry(line, first_words(record.raw or ""), too_deep))
        else:
            read.append((line, record, reason))
    parents = Parents(record for one in read if not isinstance(one, UnreadEntry) for record in [one[1]])
    for one in read:
        if isinstance(one, UnreadEntry):
            yield one
            continue
        line, record, remark = one
        if record.entry_type.lower() in NOT_WORKS:
            continue
        fields = BibFields(parents.fields_of(record), macros)
        try:
            item = csl_of(record.key, record.entry_type.lower(), fields)
        except TooLong as error:
            yield UnreadEntry(line, first_words(record.raw or ""), str(error.args[0]))
            continue
        yield parsed(item, line, FORMAT, tuple(filter(None, (remark, *fields.remarks))))


def _blocks(text: str) -> Iterator[tuple[int, Block]]:
    """Yield the blocks of a text with their line numbers."""
    text = WITHOUT_COMMA.sub(r"\1,", WITHOUT_KEY.sub(r"\1,", text))
    text = TWO_COMMAS.sub(r"\1 ", text)
    try:
        blocks = Splitter(text).split().blocks
    except ParserStateException:
        yield from _separate_blocks(text)
    else:
        yield from (((block.start_line or 0) + 1, block) for block in blocks)


def _separate_blocks(text: str) -> Iterator[tuple[int, Block]]:
    """Yield the blocks of a text in which braces do not match, each read on its own."""
    starts = [match.start() for match in AT_START.finditer(text)]
    line, counted = 1, 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line, counted = line + text.count("\n", counted, start), start
        part = text[start:end]
        try:
            yield from ((line, block) for block in Splitter(part).split().blocks)
        except ParserStateException as error:
            yield line, ParsingFailedBlock(error=error, start_line=line, raw=part)


def _record(block: Block | None) -> tuple[Record | None, str]:
    """Return the entry in a block and a remark on it (or ""), or None and the reason why it cannot be read.

    A comment has neither.
    """
    if isinstance(block, DuplicateBlockKeyBlock):
        return _record(block.ignore_error_block)  # importers.read reports entries with the same key
    if isinstance(block, DuplicateFieldKeyBlock) and isinstance(record := block.ignore_error_block, Record):
        twice = {name.lower() for name in block.duplicate_keys} & READ
        for name in sorted(twice):
            if len({field.value for field in record.fields if field.key.lower() == name}) > 1:
                message = _("It has “%(name)s” twice, with different values. The first was used.")
                return record, message % {"name": name}
        return record, ""
    if isinstance(block, ParsingFailedBlock):
        if (saved := _saved(block.raw or ""))[0]:
            return saved
        message = _("It is cut off, or its braces or commas do not match: %(reason)s")
        return None, message % {"reason": _reason(block)}
    return (block, "") if isinstance(block, Record) else (None, "")


def _saved(raw: str) -> tuple[Record | None, str]:
    """Return what can be read of an entry that the parser refused, and a remark on it, or None and ""."""
    whole, left_out = mended(raw)
    with contextlib.suppress(ParserStateException):
        for block in Splitter(whole).split().blocks if whole else ():
            if isinstance(block, Record):
                message = _("The braces of %(fields)s do not match: left out.")
                if not left_out:
                    return block, _("It is cut off, or its braces or commas do not match: compare it with the file.")
                return block, message % {"fields": ", ".join(f"“{name}”" for name in left_out)}
    return None, ""


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
