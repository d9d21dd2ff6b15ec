"""Read the records that reference managers embed in a text's citations, and number the works. Pure.

* Zotero and Mendeley Desktop: a field `ADDIN ZOTERO_ITEM CSL_CITATION {…}` or `ADDIN CSL_CITATION {…}`, whose JSON has
  `citationItems` with a CSL-JSON item each in `itemData` (Zotero's documentation, “Field Codes”).
* Mendeley Cite: a content control with the tag `MENDELEY_CITATION_v3_`, followed by the same JSON in base64.
* EndNote: a field `ADDIN EN.CITE <EndNote><Cite>…<record>…`, or the same XML in base64 in the data of a field
  `ADDIN EN.CITE.DATA` within it.
"""

import base64
import binascii
import json
import re
from xml.etree import ElementTree

from manuscripts.reading.records import LeftOut, Reference
from sources.exporters import write_csl_json
from sources.importers import CannotRead, ParsedRecord, read
from sources.lookups.safe_xml import UnsafeXml, parse_text

ZOTERO = re.compile(r"\s*(?:ADDIN\s+)?(?:ZOTERO_ITEM\s+)?(?:ITEM\s+)?CSL_CITATION\s*(?=\{)")
ENDNOTE = re.compile(r"\s*ADDIN EN\.CITE(?:\s|\Z)")
MENDELEY_TAG = "MENDELEY_CITATION_v3_"
LOCATORS = ("prefix", "suffix", "locator")


class CitedWorks:
    """The works that a manuscript cites, numbered in the order in which they are met, each once."""

    def __init__(self) -> None:
        self.references: list[Reference] = []
        self.left_out: list[LeftOut] = []
        self._places: dict[str, int] = {}

    def of_field(self, code: str, data: str = "") -> list[int]:
        """Return the numbers, counted from 1, of the works that a field cites, or [] if it is no citation.

        `code` is the field's instruction and `data` the base64 text of the data in it, or "".
        """
        if match := ZOTERO.match(code):
            return self.of_csl(code[match.end() :])
        if ENDNOTE.match(code):
            start = code.find("<EndNote")
            return self._of_endnote(code[start:] if start >= 0 else _from_base64(data))
        return []

    def of_tag(self, tag: str) -> list[int]:
        """Return the numbers of the works that a content control with this tag cites, or [] if it is no citation."""
        if not tag.startswith(MENDELEY_TAG):
            return []
        return self.of_csl(_from_base64(tag.removeprefix(MENDELEY_TAG)))

    def of_csl(self, text: str) -> list[int]:
        """Return the numbers of the works in a citation of Zotero or Mendeley (JSON), or [] if it is damaged."""
        try:
            cited, _end = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError):
            return []
        items = cited.get("citationItems") if isinstance(cited, dict) else None
        found = []
        for item in items if isinstance(items, list) else []:
            data = item.get("itemData") if isinstance(item, dict) else None
            if not isinstance(data, dict):
                continue
            uris = item.get("uris") or item.get("uri") or data.get("id")
            record = _record(json.dumps([{**data, "id": ""}]))
            found += self.number(record, f"{uris}")
            words = " ".join(str(item[name]).strip() for name in LOCATORS if item.get(name))
            if words:
                self.left_out.append(LeftOut("locator", words))
        return found

    def _of_endnote(self, xml: str) -> list[int]:
        try:
            root = parse_text(xml)
        except UnsafeXml:
            return []
        found = []
        for cite in root.iter("Cite"):
            record = cite.find("record")
            if record is None:
                continue
            written = ElementTree.tostring(record, encoding="unicode")
            found += self.number(_record(f"<xml><records>{written}</records></xml>"), "")
            words = " ".join((cite.findtext(name) or "").strip() for name in ("Prefix", "Suffix", "Pages")).strip()
            if words:
                self.left_out.append(LeftOut("locator", words))
        return found

    def number(self, record: ParsedRecord | None, identity: str) -> list[int]:
        """Return the number of a work in a list, which is empty if it could not be read.

        Two works are the same if the program that embedded them gave them one `identity`, or if their data are equal.
        """
        if record is None:
            return []
        data = write_csl_json([record.csl])
        place = self._places.get(identity) if identity else None
        place = place or self._places.get(data)
        if place is None:
            self.references.append(Reference(text=_in_words(record), record=record))
            place = len(self.references)
        self._places[data] = place
        if identity:
            self._places[identity] = place
        self.references[place - 1].marks += 1
        return [place]


def printed(code: str) -> str:
    """Return the words that Zotero prints for a citation, which its JSON repeats, or ""; a raised number as `^1`."""
    match = ZOTERO.match(code)
    try:
        cited, _end = json.JSONDecoder().raw_decode(code[match.end() :] if match else "")
    except (ValueError, RecursionError):
        return ""
    properties = cited.get("properties") if isinstance(cited, dict) else None
    if not isinstance(properties, dict):
        return ""
    raised = "^" if f"{properties.get('formattedCitation')}".startswith("\\super") else ""
    words = " ".join(f"{properties.get('plainCitation') or ''}".split())
    return f"{raised}{words}" if words else ""


def _record(text: str) -> ParsedRecord | None:
    """Return the only entry of a bibliography, or None if it cannot be read."""
    try:
        entries = read(text).entries
    except CannotRead:
        return None
    return entries[0] if entries else None


def _in_words(record: ParsedRecord) -> str:
    """Return the first author, the title and the year, by which a writer knows a work."""
    people = record.csl.get("author") or record.csl.get("editor") or []
    name = (people[0].get("family") or people[0].get("literal") or "") if people else ""
    dates = (record.csl.get("issued") or {}).get("date-parts") or [[]]
    year = str(dates[0][0]) if dates[0] else ""
    return ". ".join(part for part in (name, record.csl.get("title", ""), year) if part)


def _from_base64(text: str) -> str:
    """Return the text that base64 stands for, in UTF-8, or "" if it is damaged. Padding may be missing."""
    packed = "".join(text.split()).rstrip("=\x00")
    try:
        data = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return data.decode("utf-8", "replace").rstrip("\x00")
