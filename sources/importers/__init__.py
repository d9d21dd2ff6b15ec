"""Read bibliographies from other programs: BibTeX, RIS, Web of Science, NBIB, CSL-JSON. Pure: makes no query.

Each entry becomes canonical CSL-JSON (importers.canonical). An entry that cannot be read is reported with its line
number, and the others are read all the same. If a text cannot be accepted as a whole, CannotRead is raised, with one
sentence for the user.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from sources.importers import bibtex, csl_json, identifier_list, nbib, ris
from sources.importers.records import MOST_BYTES, MOST_ENTRIES, CannotRead, Csl, ParsedRecord, ReadResult, UnreadEntry

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
    nbib.FORMAT: re.compile(r"^PMID- ?\d", AT_LINE_START),
    ris.FORMAT: re.compile(r"^TY[ \t]{1,3}-", AT_LINE_START),
    ris.WOS_FORMAT: re.compile(r"^PT [A-Z]\s*$", AT_LINE_START),
    bibtex.FORMAT: re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", AT_LINE_START),
}
PARSERS = {
    nbib.FORMAT: nbib.parse,
    ris.FORMAT: ris.parse,
    ris.WOS_FORMAT: ris.parse_web_of_science,
    bibtex.FORMAT: bibtex.parse,
    csl_json.FORMAT: csl_json.parse,
}
# Formats in which a key identifies an entry, so that two entries with the same key are an error.
KEYED = {bibtex.FORMAT, csl_json.FORMAT}


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file, and remarks for the user who uploaded it.

    The encoding is UTF-8, with or without a byte order mark, or UTF-16 or UTF-32 with one. Anything else is read as
    Windows-1252, and a remark says so. Raise CannotRead for a file that is too large or is not text.
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
    if b"\x00" in data:
        raise CannotRead(
            _("The file contains NUL characters: it is not text, or its encoding is unknown. Save it as UTF-8.")
        )
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), (_not_utf8(),)


def _not_utf8() -> str:
    """Return the remark for a file that was read as Windows-1252."""
    return _(
        "The file is not written in UTF-8. It was read as Windows-1252 (Latin-1): look at accents and dashes "
        "before you store it."
    )


def read(source: str | bytes, filename: str = "") -> ReadResult:
    """Return the entries of a text or a file. The content decides the format; `filename` is only used in the error
    message.

    Raise CannotRead for anything over MOST_BYTES or MOST_ENTRIES, anything empty or not text, and a text in two formats
    or in none.
    """
    text, remarks = decode(source) if isinstance(source, bytes) else (source, ())
    _refuse_size(len(text))
    if "\x00" in text:
        raise CannotRead(_("The text contains NUL characters: it is not text, or it was damaged on the way."))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise CannotRead(_("There is nothing in it."))
    name = format_of(text)
    if not name:
        wanted, unread = identifier_list.parse(text)
        if not wanted:
            raise CannotRead(_no_format(filename))
        return ReadResult((), tuple(unread), tuple(wanted), "identifiers", remarks)
    entries, unread = _split(PARSERS[name](text), name in KEYED)
    if not entries and not unread:
        raise CannotRead(_("This looks like %(format)s, but it has no entries.") % {"format": name})
    return ReadResult(tuple(entries), tuple(unread), (), name, remarks)


def _no_format(filename: str) -> str:
    """Return the message for a text in no known format."""
    if filename:
        message = _(
            "“%(file)s” is not in a format that we read (BibTeX, RIS, Web of Science, NBIB or CSL-JSON), "
            "nor a list of DOIs, PMIDs, PMCIDs or addresses, one on each line."
        )
        return message % {"file": filename}
    return _(
        "This is not in a format that we read (BibTeX, RIS, Web of Science, NBIB or CSL-JSON), "
        "nor a list of DOIs, PMIDs, PMCIDs or addresses, one on each line."
    )


def format_of(text: str) -> str:
    """Return the name of the format, or "" if it is not one of ours. Raise CannotRead for a text in two formats."""
    if re.match(r"\s*(\{\s*\"|\{\s*\}|\[\s*[\[{\]])", text):
        return csl_json.FORMAT
    found = [name for name, sign in SIGNS.items() if sign.search(text)]
    if len(found) > 1:
        params = {"formats": _(" and ").join(found)}
        raise CannotRead(_("This text contains %(formats)s: paste each on its own.") % params)
    return found[0] if found else ""


def _refuse_size(size: int) -> None:
    """Raise CannotRead if this number of bytes or characters is larger than MOST_BYTES."""
    if size > MOST_BYTES:
        params = {"size": MOST_BYTES // 1_000_000}
        raise CannotRead(_("This is larger than %(size)s MB: split it into parts.") % params)


def _split(found: Iterable[ParsedRecord | UnreadEntry], is_keyed: bool) -> tuple[list[ParsedRecord], list[UnreadEntry]]:
    """Return the entries that can be used and those that cannot, each in the order of the text.

    Entries that were not read, have no title or repeat a key cannot be used. Raise CannotRead if there are more than
    MOST_ENTRIES.
    """
    entries: list[ParsedRecord] = []
    unread: list[UnreadEntry] = []
    lines: dict[str, int] = {}
    for one in found:
        if len(entries) + len(unread) >= MOST_ENTRIES:
            params = {"count": f"{MOST_ENTRIES:,}"}
            raise CannotRead(_("This has more than %(count)s entries: split it into parts.") % params)
        if isinstance(one, UnreadEntry):
            unread.append(one)
            continue
        key = one.csl.get("id", "") if is_keyed else ""
        if key and key in lines:
            why = _("The entry in line %(line)s already has the key “%(key)s”: give this one another.")
            unread.append(UnreadEntry(one.line, key, why % {"line": lines[key], "key": key}))
        elif "title" not in one.csl:
            unread.append(UnreadEntry(one.line, key, _("The entry has no title.")))
        else:
            lines.setdefault(key, one.line)
            entries.append(one)
    return entries, unread
