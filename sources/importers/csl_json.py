"""Read CSL-JSON: an array of items, or one item. Pure.

Items are decoded one by one, so that those before a syntax error are kept and every item has its line.
"""

import json
import re
from collections.abc import Iterator

from sources.importers.canonical import canonical
from sources.importers.records import DEEPEST, CannotRead, ParsedRecord, UnreadEntry, first_words

FORMAT = "CSL-JSON"
# Strings are matched whole, so that brackets inside them do not count; possessive, so that there is no backtracking.
SIGN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
BLANK = re.compile(r"[\s,]*+")
DECODER = json.JSONDecoder()


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each item of a CSL-JSON text in order, or why it could not be read. Raises CannotRead for deep nesting."""
    _refuse_depth(text)
    place = BLANK.match(text).end()
    is_list = text[place : place + 1] == "["
    if is_list:
        place = BLANK.match(text, place + 1).end()
    line, counted = 1, 0
    while place < len(text) and text[place] != "]":
        line, counted = line + text.count("\n", counted, place), place
        words = first_words(text[place : place + 400])
        try:
            item, end = DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            where = getattr(error, "lineno", line)
            yield UnreadEntry(line, words, f"From here on this is not JSON (line {where}): nothing after it was read.")
            return
        yield _entry(item, line, words)
        place = BLANK.match(text, end).end()
        if not is_list:
            break
    if is_list and place >= len(text):
        yield UnreadEntry(line + text.count("\n", counted), "", "The text is cut off: its last “]” is missing.")
    elif text[place + is_list :].strip():
        yield UnreadEntry(
            line + text.count("\n", counted, place), first_words(text[place:]), "This stands after the end."
        )


def _entry(item: object, line: int, words: str) -> ParsedRecord | UnreadEntry:
    if not isinstance(item, dict):
        return UnreadEntry(line, words, "A CSL-JSON item stands in braces; this does not.")
    if "title" not in item:
        return UnreadEntry(line, words, "The item has no title.")
    found = canonical(_as_printed(item))
    if "title" not in found:
        return UnreadEntry(line, words, "The item has no title.")
    return ParsedRecord(found, line, FORMAT)


def _as_printed(item: dict) -> dict:
    """Return the item with the date of its issue, which AMA cites (11th ed., 3.11.11).

    Crossref puts the day on which an article went online into `issued`, and the date of its issue into
    `published-print`.
    """
    if item.get("volume") and isinstance(item.get("published-print"), dict):
        return {**item, "issued": item["published-print"]}
    return item


def _refuse_depth(text: str) -> None:
    depth = 0
    for sign in SIGN.finditer(text):
        if sign.group() in "[{":
            depth += 1
        elif sign.group() in "]}":
            depth -= 1
        if depth > DEEPEST:
            line = text.count("\n", 0, sign.start()) + 1
            raise CannotRead(f"This JSON is nested more than {DEEPEST} deep (line {line}): no list of sources is.")
