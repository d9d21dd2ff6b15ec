"""CSL-JSON: an array of items, or one. Pure.

Items are decoded one after another, so that those before a fault are kept and every item has its line.
"""

import json
import re
from collections.abc import Iterator

from sources.importers.canonical import canonical
from sources.importers.records import DEEPEST, CannotRead, ParsedRecord, Unread, first_words

FORMAT = "CSL-JSON"
# A text is passed over whole, so that a bracket in it is none; possessive, so that nothing is tried twice.
SIGN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
BLANK = re.compile(r"[\s,]*+")
DECODER = json.JSONDecoder()


def parse(text: str) -> Iterator[ParsedRecord | Unread]:
    """Each item of a CSL-JSON text, or why it could not be read, in the text's order. Raises CannotRead."""
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
            yield Unread(line, words, f"From here on this is not JSON (line {where}): nothing after it was read.")
            return
        yield _entry(item, line, words)
        place = BLANK.match(text, end).end()
        if not is_list:
            break
    if is_list and place >= len(text):
        yield Unread(line + text.count("\n", counted), "", "The text is cut off: its last “]” is missing.")
    elif text[place + is_list :].strip():
        yield Unread(line + text.count("\n", counted, place), first_words(text[place:]), "This stands after the end.")


def _entry(item: object, line: int, words: str) -> ParsedRecord | Unread:
    if not isinstance(item, dict):
        return Unread(line, words, "A CSL-JSON item stands in braces; this does not.")
    if "title" not in item:
        return Unread(line, words, "The item has no title.")
    found = canonical(_as_printed(item))
    if "title" not in found:
        return Unread(line, words, "The item has no title.")
    return ParsedRecord(found, line, FORMAT)


def _as_printed(item: dict) -> dict:
    """A journal article with the date of its issue, as AMA counts it (11th ed., 3.11.11): Crossref puts the day on
    which it went online first into `issued`, and the issue's into `published-print`."""
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
