"""Read CSL-JSON: an array of items, or one item. Pure.

Items are decoded one by one, so that those before a syntax error can be used and the line number of each is known.
"""

import json
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from sources.importers.canonical import canonical
from sources.importers.records import DEEPEST, CannotRead, ParsedRecord, UnreadEntry, first_words

FORMAT = "CSL-JSON"
# Strings are matched as a whole, so that brackets inside them do not count. The quantifier is possessive, to prevent
# backtracking.
SIGN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
BLANK = re.compile(r"[\s,]*+")
DECODER = json.JSONDecoder()


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each item of a CSL-JSON text in order, or an UnreadEntry with the reason if it cannot be read.

    Raise CannotRead if the text is nested too deeply.
    """
    _refuse_depth(text)
    place = _after_blank(text, 0)
    is_list = text[place : place + 1] == "["
    if is_list:
        place = _after_blank(text, place + 1)
    line, counted = 1, 0
    while place < len(text) and text[place] != "]":
        line, counted = line + text.count("\n", counted, place), place
        words = first_words(text[place : place + 400])
        try:
            item, end = DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            where = getattr(error, "lineno", line)
            why = _("From here on this is not JSON (line %(line)s): nothing after it was read.") % {"line": where}
            yield UnreadEntry(line, words, why)
            return
        yield _entry(item, line, words)
        place = _after_blank(text, end)
        if not is_list:
            break
    if is_list and place >= len(text):
        yield UnreadEntry(line + text.count("\n", counted), "", _("The text is cut off: its last “]” is missing."))
    elif text[place + is_list :].strip():
        line += text.count("\n", counted, place)
        yield UnreadEntry(line, first_words(text[place:]), _("This comes after the end of the list or item."))


def _after_blank(text: str, place: int) -> int:
    """Return the first place from `place` on that has neither white space nor a comma."""
    blank = BLANK.match(text, place)
    return blank.end() if blank else place


def _entry(item: object, line: int, words: str) -> ParsedRecord | UnreadEntry:
    """Return the item as a record, or an UnreadEntry if it is not an object or has no title."""
    if not isinstance(item, dict):
        return UnreadEntry(line, words, _("A CSL-JSON item is in braces; this is not."))
    if "title" not in item:
        return UnreadEntry(line, words, _("The item has no title."))
    found = canonical(_as_printed(item))
    if "title" not in found:
        return UnreadEntry(line, words, _("The item has no title."))
    return ParsedRecord(found, line, FORMAT)


def _as_printed(item: dict) -> dict:
    """Return the item with the publication date of the journal issue, which AMA cites (11th ed., 3.11.11), as `issued`.

    Crossref puts the day on which an article went online into `issued` and the date of the issue into
    `published-print`. An item without a volume or `published-print` is returned unchanged.
    """
    if item.get("volume") and isinstance(item.get("published-print"), dict):
        return {**item, "issued": item["published-print"]}
    return item


def _refuse_depth(text: str) -> None:
    """Raise CannotRead if arrays and objects are nested more than DEEPEST deep."""
    depth = 0
    for sign in SIGN.finditer(text):
        if sign.group() in "[{":
            depth += 1
        elif sign.group() in "]}":
            depth -= 1
        if depth > DEEPEST:
            line = text.count("\n", 0, sign.start()) + 1
            message = _(
                "This JSON is nested more than %(levels)s levels deep (line %(line)s), so it is not a list of sources."
            )
            raise CannotRead(message % {"levels": DEEPEST, "line": line})
