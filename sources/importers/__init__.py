"""Read bibliographies from other programs and databases, and lists of references. Pure: no queries.

Each entry becomes canonical CSL-JSON (importers.canonical). An entry that cannot be read is reported with its line
number, and the others are read all the same. If a whole text is refused, CannotRead is raised, with one sentence for
the user.
"""

import contextlib
import re
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from sources.importers import (
    bibtex,
    csl_json,
    csv_tables,
    endnote_tagged,
    endnote_xml,
    identifier_list,
    mixed,
    nbib,
    pubmed_xml,
    reference_list,
    refworks,
    ris,
    web_of_science,
)
from sources.importers.journal_names import with_journal_names
from sources.importers.records import MOST_BYTES, MOST_ENTRIES, CannotRead, Csl, ParsedRecord, ReadResult, UnreadEntry
from sources.importers.whole_works import titled, without_size

__all__ = [
    "MOST_BYTES",
    "MOST_ENTRIES",
    "CannotRead",
    "Csl",
    "ParsedRecord",
    "ReadResult",
    "UnreadEntry",
    "decode",
    "read",
]

AT_LINE_START = re.MULTILINE
# For each format, a pattern that matches a line in every text in that format.
SIGNS = {
    nbib.FORMAT: re.compile(r"^(?:PMID- ?\d|OWN - [A-Z])", AT_LINE_START),
    ris.FORMAT: re.compile(r"^TY[ \t]{1,3}-", AT_LINE_START),
    web_of_science.FORMAT: re.compile(r"^PT [A-Z]\s*$", AT_LINE_START),
    bibtex.FORMAT: bibtex.AT_START,
    refworks.FORMAT: refworks.SIGN,
    endnote_tagged.FORMAT: endnote_tagged.SIGN,
}
# For formats whose sign may also occur in others, a line without which a text in two formats is in the other one.
SURE_SIGNS = {
    refworks.FORMAT: re.compile(r"^(?:A1|T1|JF) \S", AT_LINE_START),
    endnote_tagged.FORMAT: re.compile(r"^%0 \S", AT_LINE_START),
}
# For texts that begin with “<”.
XML_SIGNS = {
    pubmed_xml.FORMAT: pubmed_xml.ARTICLE,
    endnote_xml.FORMAT: endnote_xml.SIGN,
}
PARSERS = {
    nbib.FORMAT: nbib.parse,
    ris.FORMAT: ris.parse,
    web_of_science.FORMAT: web_of_science.parse,
    bibtex.FORMAT: bibtex.parse,
    csl_json.FORMAT: csl_json.parse,
    pubmed_xml.FORMAT: pubmed_xml.parse,
    endnote_xml.FORMAT: endnote_xml.parse,
    endnote_tagged.FORMAT: endnote_tagged.parse,
    refworks.FORMAT: refworks.parse,
    csv_tables.FORMAT: csv_tables.parse,
}
# Without any of these variables, an entry does not describe a work.
SAYS_SOMETHING = {"title", "author", "editor", "container-title", "DOI", "PMID", "PMCID", "URL", "ISBN"}
# Formats in which a key identifies an entry, so that two entries with the same key are worth a remark.
KEYED = {bibtex.FORMAT, csl_json.FORMAT}
# Formats in which a single number in the place of a whole work's pages is their number. The readers of the formats that
# we write tell a cited page apart themselves.
COUNT_PAGES = {refworks.FORMAT, endnote_tagged.FORMAT, endnote_xml.FORMAT, web_of_science.FORMAT, csv_tables.FORMAT}
# Formats that are told apart in one text, with lines of identifiers or references among them.
MIXABLE = {ris.FORMAT, bibtex.FORMAT}


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file, and remarks for the user who uploaded it.

    The encoding is UTF-8 or UTF-16, with or without a byte order mark, or UTF-32 with one. Anything else is read as
    Windows-1252. There is a remark for Windows-1252 and for UTF-16 without a mark. Raise CannotRead for a file that is
    too large, is not text, or is not in the encoding that its mark names.
    """
    _refuse_size(len(data))
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError as error:
                name = encoding[:6].upper()
                message = _("The file says that it is %(encoding)s, and it is not.") % {"encoding": name}
                raise CannotRead(message) from error
    if encoding := _utf16_without_mark(data):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(encoding), (_("The file is written in UTF-16, without the mark that says so."),)
    if b"\x00" in data:
        raise CannotRead(
            _("The file contains NUL characters: it is not text, or its encoding is unknown. Save it as UTF-8.")
        )
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), (_not_utf8(),)


def _utf16_without_mark(data: bytes) -> str:
    """Return the encoding of a text whose characters have two bytes, one of which is nearly always NUL, or ""."""
    sample = data[:4000]
    if len(sample) < 4 or len(data) % 2 or b"\x00" not in sample:
        return ""
    even, odd = sample[::2].count(0) / len(sample[::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd > 0.6 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.05 else ""


def _not_utf8() -> str:
    """Return the remark for a file that was read as Windows-1252."""
    return _(
        "The file is not written in UTF-8. It was read as Windows-1252 (Latin-1): look at accents and dashes "
        "before you store it."
    )


def read(source: str | bytes, filename: str = "") -> ReadResult:
    """Return the entries of a text or a file.

    The format is recognised by the content; `filename` is only used in the error message. Raise CannotRead for anything
    over MOST_BYTES or MOST_ENTRIES, anything empty or not text, and a text in no format. RIS records, BibTeX entries,
    identifiers and references may stand in one text; any two other formats may not.
    """
    text, remarks = decode(source) if isinstance(source, bytes) else (source, ())
    _refuse_size(len(text))
    if "\x00" in text:
        raise CannotRead(_("The text contains NUL characters: it is not text, or it was damaged on the way."))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise CannotRead(_("There is nothing in it."))
    names = _formats_of(text)
    if names and MIXABLE.issuperset(names):
        parts = mixed.split(text)
        if len(parts.formats) > 1 or parts.wanted or _has_references(parts.others):
            return replace(_read_mixed(parts), remarks=remarks)
        names = list(parts.formats) or names
    name = _only_one(names)
    if not name and reference_list.references_in(text):
        return replace(_read_references(text), remarks=remarks)
    if not name:
        wanted, unread = identifier_list.parse(text)
        if not wanted:
            raise CannotRead(_no_format(filename))
        return ReadResult((), tuple(unread), tuple(wanted), "identifiers", remarks)
    entries, unread = _split(PARSERS[name](text), name in KEYED)
    if not entries and not unread:
        raise CannotRead(_("This looks like %(format)s, but it has no entries.") % {"format": name})
    return ReadResult(tuple(entries), tuple(unread), (), name, remarks)


def _read_references(text: str) -> ReadResult:
    """Return the entries of a numbered list of references."""
    listed = list(reference_list.parse(text))
    looked_up = tuple(one for one in listed if isinstance(one, tuple))
    entries, unread = _split((one for one in listed if not isinstance(one, tuple)), is_keyed=False)
    return ReadResult(tuple(entries), tuple(unread), looked_up, reference_list.FORMAT)


def _has_references(text: str) -> bool:
    """Return whether a text is a numbered list with a reference that can be read or looked up."""
    return any(not isinstance(one, UnreadEntry) for one in reference_list.parse(text))


def _read_mixed(parts: mixed.MixedText) -> ReadResult:
    """Return the entries of a text in several formats, with lines of identifiers or a list of references among them."""
    formats = list(parts.formats)
    entries: list[ParsedRecord] = []
    unread: list[UnreadEntry] = []
    wanted = {found: line for line, found in parts.wanted}
    for name, part in parts.formats.items():
        found, left = _split(PARSERS[name](part), name in KEYED)
        entries += found
        unread += left
    if _has_references(parts.others):
        listed = _read_references(parts.others)
        entries += listed.entries
        unread += listed.unread
        for line, found_there in listed.wanted:
            wanted.setdefault(found_there, line)
        formats.append(reference_list.FORMAT)
    else:
        # A line with “%” is a comment of BibTeX.
        unread += [one for one in identifier_list.parse(parts.others)[1] if not one.words.startswith("%")]
    if parts.wanted:
        formats.append("identifiers")
    _refuse_number(len(entries) + len(unread))
    return ReadResult(
        tuple(sorted(entries, key=lambda one: one.line)),
        tuple(sorted(unread, key=lambda one: one.line)),
        tuple(sorted((line, found_there) for found_there, line in wanted.items())),
        _(" and ").join(formats),
    )


def _no_format(filename: str) -> str:
    """Return the message for a text in no known format."""
    formats = _(
        "BibTeX, RIS, EndNote, RefWorks, Web of Science, NBIB, PubMed XML, CSL-JSON, a table of a database, "
        "a numbered list of references, or a list of DOIs, PMIDs, PMCIDs or addresses, one on each line"
    )
    if filename:
        message = _("“%(file)s” is not in a format that we read (%(formats)s).")
        return message % {"file": filename, "formats": formats}
    return _("This is not in a format that we read (%(formats)s).") % {"formats": formats}


def _only_one(names: list[str]) -> str:
    """Return the only one of these names of formats, or "" if there is none. Raise CannotRead for several."""
    if len(names) > 1:
        params = {"formats": _(" and ").join(names)}
        raise CannotRead(_("This text contains %(formats)s: paste each on its own.") % params)
    return names[0] if names else ""


def _formats_of(text: str) -> list[str]:
    """Return the names of the formats of which a text has signs."""
    if re.match(r"\s*(\{\s*\"|\{\s*\}|\[\s*[\[{\]])", text):
        return [csl_json.FORMAT]
    if text.lstrip()[:1] == "<":
        return [name for name, sign in XML_SIGNS.items() if sign.search(text)][:1]
    if csv_tables.is_table(text):
        return [csv_tables.FORMAT]
    found = [name for name, sign in SIGNS.items() if sign.search(text)]
    if len(found) > 1:  # a comment or an abstract of another format may look like a line of these
        found = [name for name in found if name not in SURE_SIGNS or SURE_SIGNS[name].search(text)]
    return found


def _refuse_size(size: int) -> None:
    """Raise CannotRead if this number of bytes or characters is larger than MOST_BYTES."""
    if size > MOST_BYTES:
        params = {"size": MOST_BYTES // 1_000_000}
        raise CannotRead(_("This is larger than %(size)s MB: split it into parts.") % params)


def _refuse_number(count: int) -> None:
    """Raise CannotRead if there are more than MOST_ENTRIES entries."""
    if count > MOST_ENTRIES:
        params = {"count": f"{MOST_ENTRIES:,}"}
        raise CannotRead(_("This has more than %(count)s entries: split it into parts.") % params)


def _split(found: Iterable[ParsedRecord | UnreadEntry], is_keyed: bool) -> tuple[list[ParsedRecord], list[UnreadEntry]]:
    """Return the entries that can be used and those that cannot, each in the order of the text.

    An entry without a title can be used if it says anything else about the work: a person can type the title. An entry
    with the key of another one gets a remark. Raise CannotRead if there are more than MOST_ENTRIES.
    """
    entries: list[ParsedRecord] = []
    unread: list[UnreadEntry] = []
    lines: dict[str, int] = {}
    for one in found:
        _refuse_number(len(entries) + len(unread) + 1)
        if isinstance(one, UnreadEntry):
            unread.append(one)
            continue
        if one.format in COUNT_PAGES:
            one = without_size(one)
        one = titled(replace(one, csl=with_journal_names(one.csl)))
        key = one.csl.get("id", "") if is_keyed else ""
        if not SAYS_SOMETHING & one.csl.keys():
            unread.append(UnreadEntry(one.line, key, _("The entry has no title, no author and no identifier.")))
            continue
        if key and key in lines:
            remark = _("The entry in line %(line)s has the key “%(key)s” too: this one gets another.")
            remark %= {"line": lines[key], "key": key}
            one = replace(one, remarks=(*one.remarks, remark))
        lines.setdefault(key, one.line)
        entries.append(one)
    return entries, unread
