"""Bibliographies that other programs write: BibTeX, RIS, Web of Science, NBIB, CSL-JSON. Pure: no database.

Each becomes canonical CSL-JSON (importers.canonical). An entry that cannot be read is reported with its line and the
rest is kept; what may not be taken at all is refused with one sentence (CannotRead).
"""

import re
from collections.abc import Iterable

from sources.importers import asked, bibtex, csl_json, nbib, ris
from sources.importers.records import MOST_BYTES, MOST_ENTRIES, CannotRead, Csl, ParsedRecord, Read, Unread

__all__ = ["MOST_BYTES", "MOST_ENTRIES", "CannotRead", "Csl", "ParsedRecord", "Read", "Unread", "decode", "read"]

AT_LINE_START = re.MULTILINE
# What each format cannot do without, at the start of a line.
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
# In these a key is what an entry is known by, so that two entries with one key are a mistake.
KEYED = {bibtex.FORMAT, csl_json.FORMAT}
NOT_UTF8 = (
    "The file is not written in UTF-8. It was read as Windows-1252 (Latin-1): look at accents and dashes before you "
    "store it."
)


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text in a file, and what has to be said about it. Raises CannotRead for what is too large or no text.

    UTF-8, with or without a byte order mark; UTF-16 and UTF-32 with one; else Windows-1252, and that is said.
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
                raise CannotRead(f"The file says that it is {encoding[:6].upper()}, and it is not.") from error
    if b"\x00" in data:
        raise CannotRead("The file holds NUL characters: it is no text, or it was saved in an encoding without a mark.")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), (NOT_UTF8,)


def read(source: str | bytes, filename: str = "") -> Read:
    """What a text or a file holds. Its content says which format it is in; `filename` is for the message alone.

    Raises CannotRead for what is larger than MOST_BYTES or MOST_ENTRIES, no text, in two formats at once, or in none.
    """
    text, remarks = decode(source) if isinstance(source, bytes) else (source, ())
    _refuse_size(len(text))
    if "\x00" in text:
        raise CannotRead("The text holds NUL characters: it is no text, or it was damaged on the way.")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise CannotRead("There is nothing in it.")
    name = format_of(text)
    if not name:
        wanted, unread = asked.parse(text)
        if not wanted:
            called = f"“{filename}” " if filename else "This "
            raise CannotRead(
                f"{called}is in no format that we read: BibTeX, RIS, Web of Science, NBIB or CSL-JSON. Nor is it a "
                "list of DOIs, PMIDs, PMCIDs or addresses, one a line."
            )
        return Read((), tuple(unread), tuple(wanted), "identifiers", remarks)
    entries, unread = _told_apart(PARSERS[name](text), name in KEYED)
    if not entries and not unread:
        raise CannotRead(f"This looks like {name}, and there is no entry in it.")
    return Read(tuple(entries), tuple(unread), (), name, remarks)


def format_of(text: str) -> str:
    """The format's name; "" where it is none of ours. Raises CannotRead for a text in two formats."""
    if re.match(r"\s*(\{\s*\"|\{\s*\}|\[\s*[\[{\]])", text):
        return csl_json.FORMAT
    found = [name for name, sign in SIGNS.items() if sign.search(text)]
    if len(found) > 1:
        raise CannotRead(f"This holds {' and '.join(found)} in one text: give each on its own.")
    return found[0] if found else ""


def _refuse_size(size: int) -> None:
    if size > MOST_BYTES:
        raise CannotRead(f"This is larger than {MOST_BYTES // 1_000_000} MB: give it in parts.")


def _told_apart(found: Iterable[ParsedRecord | Unread], is_keyed: bool) -> tuple[list[ParsedRecord], list[Unread]]:
    entries: list[ParsedRecord] = []
    unread: list[Unread] = []
    lines: dict[str, int] = {}
    for one in found:
        if len(entries) + len(unread) >= MOST_ENTRIES:
            raise CannotRead(f"This holds more than {MOST_ENTRIES:,} entries: give it in parts.")
        if isinstance(one, Unread):
            unread.append(one)
            continue
        key = one.csl.get("id", "") if is_keyed else ""
        if key and key in lines:
            why = f"The key “{key}” is that of the entry in line {lines[key]} already: give this one a key of its own."
            unread.append(Unread(one.line, key, why))
        elif "title" not in one.csl:
            unread.append(Unread(one.line, key, "The entry has no title."))
        else:
            lines.setdefault(key, one.line)
            entries.append(one)
    return entries, unread
