"""Read CSL-JSON: an array of items, one item, {"items": […]}, or a response from Crossref. Pure.

Items are decoded one by one, so that those before a syntax error can be used and the line number of each is known.
"""

import json
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from sources.importers.canonical import parsed
from sources.importers.records import DEEPEST, CannotRead, ParsedRecord, UnreadEntry, first_words
from sources.importers.retraction_reports import CONCERN_ABOUT, CONCERN_IN, RETRACTED_IN, RETRACTION_OF, notes_of
from sources.lookups.crossref import csl

FORMAT = "CSL-JSON"
# Strings are matched as a whole, so that brackets inside them do not count. The quantifier is possessive, to prevent
# backtracking.
SIGN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
BLANK = re.compile(r"[\s,]*+")
# The wrappers of lists of items: of pandoc's references, of Zotero, of Crossref's answers.
WRAPPER = re.compile(
    r'\s*\{(?:\s*"[\w-]+"\s*:\s*(?:"[^"]{0,200}"|[\d.]+|true|false|null|\{[^{}\[\]]{0,500}\})\s*,)*'
    r'\s*"(?:items|references)"\s*:\s*(?=\[)'
)
MESSAGE = re.compile(r'\s*\{\s*"status"\s*:\s*"ok".{0,300}?"message"\s*:\s*(?=\{)', re.DOTALL)
# Lines in the note of a reference manager that hold a variable.
EXTRA = re.compile(r"\s*(PMID|PMCID|DOI)\s*:\s*(\S+)\s*\Z")
UPDATES = {
    "updated-by": {
        **dict.fromkeys(("retraction", "withdrawal", "removal"), RETRACTED_IN),
        **dict.fromkeys(("expression_of_concern", "partial_retraction"), CONCERN_IN),
    },
    "update-to": {
        **dict.fromkeys(("retraction", "withdrawal", "removal"), RETRACTION_OF),
        **dict.fromkeys(("expression_of_concern", "partial_retraction"), CONCERN_ABOUT),
    },
}
DECODER = json.JSONDecoder()


def parse(text: str) -> Iterator[ParsedRecord | UnreadEntry]:
    """Yield each item of a CSL-JSON text in order; for one that cannot be read, yield an UnreadEntry with the reason.

    Raise CannotRead if the text is nested too deeply.
    """
    _refuse_depth(text)
    place = _after_blank(text, 0)
    is_wrapped = False
    for wrapper in (MESSAGE, WRAPPER):
        if match := wrapper.match(text, place):
            place, is_wrapped = match.end(), True
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
    elif not is_wrapped and text[place + is_list :].strip():
        line += text.count("\n", counted, place)
        yield UnreadEntry(line, first_words(text[place:]), _("This comes after the end of the list or item."))


def _after_blank(text: str, place: int) -> int:
    """Return the first place from `place` on that has neither white space nor a comma."""
    blank = BLANK.match(text, place)
    return blank.end() if blank else place


def _entry(item: object, line: int, words: str) -> ParsedRecord | UnreadEntry:
    """Return the item as a record, or an UnreadEntry if it is not an object."""
    if not isinstance(item, dict):
        return UnreadEntry(line, words, _("A CSL-JSON item is in braces; this is not."))
    if "itemType" in item or isinstance(item.get("data"), dict):
        return UnreadEntry(line, words, _("This is JSON of another kind. Export it as CSL-JSON, BibTeX or RIS."))
    return parsed(_adapted(item), line, FORMAT)


def _adapted(item: dict) -> dict:
    """Return the item in CSL's own form. Crossref and reference managers deviate from it in some variables."""
    raw = csl(item) if _is_crossref(item) else _as_printed(item)
    title = item.get("title")
    title = title[0] if isinstance(title, list) and title else title
    notes = [note for name in ("note", "annote", "keyword") if isinstance(note := item.get(name), str)]
    lines = [line for note in notes for line in note.split("\n")]
    notices = notes_of(title if isinstance(title, str) else "", lines) + list(_updates(item))
    extra = {name: value for line in lines if (match := EXTRA.match(line)) for name, value in [match.groups()]}
    known = {"PMID": extra.get("PMID"), "PMCID": extra.get("PMCID"), "DOI": extra.get("DOI")}
    raw = {**{name: value for name, value in known.items() if value}, **raw}
    if not notices:
        return raw
    custom = raw.get("custom")
    custom = dict(custom) if isinstance(custom, dict) else {}
    before = custom.get("notices")
    custom["notices"] = [*(before if isinstance(before, list) else []), *notices]
    custom["notices"] = list(dict.fromkeys(notice for notice in custom["notices"] if isinstance(notice, str)))
    return {**raw, "custom": custom}


def _is_crossref(item: dict) -> bool:
    """Return whether an item is a record of Crossref's REST API, in which titles are lists."""
    return isinstance(item.get("title"), list) and "DOI" in item


def _updates(item: dict) -> Iterator[str]:
    """Yield the retractions and expressions of concern in a Crossref record (sources.lookups.crossref)."""
    for variable, labels in UPDATES.items():
        rows = item.get(variable)
        for row in rows if isinstance(rows, list) else []:
            label = labels.get(str(row.get("type", "")).lower()) if isinstance(row, dict) else None
            if label:
                yield f"{label}: {row.get('label') or row['type']}, doi:{row.get('DOI', '')}"


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
