"""The canonical form: CSL-JSON (the schema of Citation Style Language 1.0.2) with the variables that a source has.

A canonical item holds only the variables below, none of them empty. Texts are one clean line; names are {"family",
"given"} or {"literal"}; dates are {"date-parts": [[year, month, day]]} with one to three numbers; identifiers are bare.
A whole work, such as a book, has no container that only repeats its title. Values for which CSL has no variable are
under "custom": "evidence", "archived-url", "archived-on", "publication-types" and "notices" (PubMed's notices of
retractions, errata, concerns and updates). Pure.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.text import clean_line
from sources.identifiers import bare_pmcid, bare_pmid, first_doi, first_isbn
from sources.importers.person_names import DEGREE, LONGEST_NAME, OTHERS, without_degrees
from sources.importers.records import Csl, ParsedRecord, first_words
from sources.journal_places import DASHES
from sources.kinds import WORK_KINDS
from sources.markup import plain, unescaped

TEXTS = (
    *("title", "container-title", "container-title-short", "publisher", "edition"),
    *("volume", "issue", "page"),
)
IDENTIFIERS = {"DOI": first_doi, "PMID": bare_pmid, "PMCID": bare_pmcid, "ISBN": first_isbn}
NAMES = ("author", "editor")
NAME_PARTS = frozenset(("family", "given", "suffix", "dropping-particle", "non-dropping-particle", "literal", "name"))
DATES = ("issued", "accessed", "available-date")
# Names of variables in other programs, with our names; "" for one that is ignored.
SPELLINGS = {
    "journalAbbreviation": "container-title-short",
    "shortTitle": "",
    "article-number": "page",
    "publisher-name": "publisher",
}
# For each type, our names of the variables that the kind of work has under another one.
_OWN_NAMES = {
    type_: kind.csl_names for kind in WORK_KINDS.values() if kind.csl_names for type_ in (kind.csl, *kind.csl_read)
}
# The kinds of works that may belong to a series, which CSL calls a collection.
_IN_SERIES = {
    type_ for kind in WORK_KINDS.values() if kind.bibtex_container == "series" for type_ in (kind.csl, *kind.csl_read)
}
# The number of characters of a value that are read; the rest is ignored.
LONGEST_TEXT, LONGEST_DATE = 200_000, 80
# What stands between several addresses in one field. Begins at the first of these signs alone, so that a row of them is
# read once.
BETWEEN_ADDRESSES = re.compile(r"(?<![;,\s])[;,\s]+(?=https?://)")
# The space after a particle that is written together with the name: “al- Hakim”, “d’ Arcy”.
AFTER_PARTICLE = re.compile(r"(?<=\w[-’'])[ ](?=\w)")
# The sign of a shortened list, written into the last name: “Born, L. et al.”
AND_OTHERS = re.compile(r"\s+et al\.?\Z", re.IGNORECASE)
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: place for place, name in enumerate(MONTH_NAMES, 1)}
# A month, in full or abbreviated, in English or in a language that begins its name with the same letters.
MONTH = re.compile(rf"({'|'.join(MONTH_NAMES)})[^\W\d_]{{0,7}}", re.IGNORECASE)


def canonical(item: Csl) -> Csl:
    """Return the canonical form of a CSL-JSON item. Values that cannot be read are left out. Idempotent."""
    item = {SPELLINGS.get(name, name): value for name, value in item.items()} | item
    if _text(item.get("type")) in _IN_SERIES and not item.get("container-title"):
        item["container-title"] = item.get("collection-title")
        if not item.get("issue") and not item.get("number"):
            item["issue"] = item.get("collection-number")
    item["edition"] = item.get("edition") or item.get("version")
    for ours, theirs in _OWN_NAMES.get(_text(item.get("type")), {}).items():
        item.setdefault(ours, item.get(theirs))
    found: Csl = {"type": clean_line(_text(item.get("type"))) or "document"}
    if key := clean_line(_text(item.get("id"))):
        found["id"] = key
    for name in TEXTS:
        if (value := item.get(name)) and (text := plain(_text(value))):
            found[name] = text
    if found["type"] in _IN_SERIES and _repeats_title(found):
        del found["container-title"]
    if (value := item.get("URL")) and (url := clean_line(re.sub(r"&(?:amp;)+", "&", _text(value)))):
        found["URL"] = BETWEEN_ADDRESSES.split(url)[0]  # of several addresses, the first
    if page := found.pop("page", ""):
        page = DASHES.sub("-", page)
        first, _dash, last = page.partition("-")
        if page.strip("-"):
            found["page"] = first if first == last else page
    for name, bare in IDENTIFIERS.items():
        if (value := item.get(name)) and (text := bare(unescaped(_text(value)))):
            found[name] = text
    for name in NAMES:
        value = item.get(name)
        if people := list(names(value if isinstance(value, list) else [])):
            found[name] = people
    for name in DATES:
        if parts := date_parts(item.get(name)):
            found[name] = {"date-parts": [parts]}
    if custom := _custom(item.get("custom")):
        found["custom"] = custom
    return found


def _repeats_title(item: Csl) -> bool:
    """Return whether the container is only the title again, as some programs write it for a whole work."""
    title, container = (item.get(name, "").casefold().rstrip(". ") for name in ("title", "container-title"))
    return bool(container) and container == title


def parsed(item: Csl, line: int, format_: str, remarks: Iterable[str] = ()) -> ParsedRecord:
    """Return the record of an item that is not canonical yet, with `remarks` and one on each date that is not kept."""
    found = canonical(item)
    return ParsedRecord(found, line, format_, (*remarks, *_unread_dates(item, found)))


def _unread_dates(item: Csl, found: Csl) -> Iterable[str]:
    """Yield a sentence on each date that cannot be read, and on each span of years, of which the first is kept."""
    for name in DATES:
        value = item.get(name)
        text = first_words(_text(value.get("raw") or value.get("literal")) if isinstance(value, dict) else _text(value))
        if name not in found and re.search(r"\w", text):
            yield _("“%(words)s” is not a date that can be read: it was left out.") % {"words": text}
        elif name == "issued" and re.match(r"\d{4}[\d-]*\s*(?:/|--?|–)\s*\d{4}(?!\d)", text):
            yield _("Of “%(words)s”, only the first year was kept.") % {"words": text}


def with_csl_names(item: Csl) -> Csl:
    """Return a canonical item in which the variables have the names that CSL gives them for this kind of work.

    `canonical` reads them back.
    """
    theirs = _OWN_NAMES.get(item["type"], {})
    return {theirs.get(name, name): value for name, value in item.items()}


def _text(value: Any) -> str:
    """Return a value as text, cut at LONGEST_TEXT.

    Return the first value of a list, because Crossref sends lists, and "" for an object, a boolean or None.
    """
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)[:LONGEST_TEXT]


def names(people: Iterable[Any]) -> Iterable[dict[str, str]]:
    """Yield the names of people in canonical form, without commas and degrees.

    Particles and suffixes become part of the family name. Values that are not names are left out.
    """
    for person in people:
        if isinstance(person, str):
            person = {"literal": person}
        if not isinstance(person, dict):
            continue
        part = {name: _name_part(value) for name, value in person.items() if value and name in NAME_PARTS}
        suffix = "" if DEGREE.fullmatch(part.get("suffix", "")) else part.get("suffix", "")
        given = without_degrees(_without_commas(part.get("given", "")))
        is_shortened = bool(AND_OTHERS.search(given))
        given = AND_OTHERS.sub("", given)
        particles = (part.get(name, "") for name in ("dropping-particle", "non-dropping-particle", "family"))
        family = AFTER_PARTICLE.sub("", _without_commas(" ".join((*particles, suffix))))
        literal = clean_line(part.get("literal") or part.get("name", ""))
        if family and given:
            yield {"family": family, "given": given}
        elif family or given:
            yield {"family": family or given}
        elif literal:
            yield {"literal": OTHERS if literal.lower() in (OTHERS, "et al", "et al.") else literal}
        if is_shortened:
            yield {"literal": OTHERS}


def _name_part(value: Any) -> str:
    """Return a part of a name as one clean line without braces."""
    return plain(_text(value)[:LONGEST_NAME]).replace("{", "").replace("}", "")


def _without_commas(text: str) -> str:
    return clean_line(text.replace(",", " "))


def date_parts(value: Any) -> list[int]:
    """Return [year], [year, month] or [year, month, day] for a CSL date or a text such as “2012 Dec 5”.

    Return [] if there is no valid date.
    """
    if isinstance(value, dict):
        rows = value.get("date-parts")
        if isinstance(rows, list) and rows and isinstance(rows[0], list):
            return _valid([_text(part) for part in rows[0][:3]])
        return date_parts(value.get("raw") or value.get("literal") or "")
    return dated(_text(value))


def dated(text: str) -> list[int]:
    """Return the year, month and day, as far as known, of a date such as 2012-12-05, 2012 Dec 5, Dec 2012 or 2012.

    Return [] if there is no valid date.
    """
    text = clean_line(text[:LONGEST_DATE])
    if not text or re.match(r"-\d", text):  # “-2000” is a year before Christ
        return []
    if match := re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text):  # MEDLINE's 20221007
        return _valid(list(match.groups()))
    if match := re.match(r"(\d{4})(?:[-/.](\d{1,2})?(?:[-/.](\d{1,2})?)?)?(?:\D|$)", text):
        parts = [part for part in match.groups() if part]
        if len(parts) > 1 or not re.search(r"[A-Za-z]{3}", text):
            return _valid(parts)
    year = re.search(r"(?<!\d)(1[5-9]|20|21)\d\d(?!\d)", text)
    if not year:
        return []
    words = (MONTH.fullmatch(word) for word in re.findall(r"[^\W\d_]{3,}", text))
    month = next((MONTHS[match[1].lower()] for match in words if match), None)
    if not month:
        return [int(year.group())]
    rest = text[: year.start()] + " " + text[year.end() :]
    # “Nov-Dec” and “12-14” are spans. Their first month or day alone would claim more than the text says.
    if re.search(r"[^\W\d_]\.?\s*[-/–]\s*[^\W\d_]", rest):
        return [int(year.group())]
    if re.search(r"\d\s*[-–]\s*\d", rest):
        return [int(year.group()), month]
    day = re.search(r"(?<!\d)\d{1,2}(?!\d)", rest)
    return _valid([year.group(), str(month), *([day.group()] if day else [])])


def _valid(parts: list[str]) -> list[int]:
    """Return the parts of a date as numbers, up to the first part that is not valid."""
    numbers = []
    for part, (least, most) in zip(parts, ((1000, 2999), (1, 12), (1, 31)), strict=False):
        if not re.fullmatch(r"\d{1,4}", part.strip()) or not least <= int(part) <= most:
            break
        numbers.append(int(part))
    if len(numbers) == 3:
        try:
            date(*numbers)
        except ValueError:
            numbers.pop()
    return numbers


def _custom(value: Any) -> Csl:
    """Return the canonical form of "custom"."""
    if not isinstance(value, dict):
        return {}
    found: Csl = {}
    for name in ("evidence", "archived-url"):
        if text := clean_line(_text(value.get(name))):
            found[name] = text
    if len(parts := date_parts(value.get("archived-on"))) == 3:
        found["archived-on"] = "{:04}-{:02}-{:02}".format(*parts)
    for name in ("publication-types", "notices"):
        rows = value.get(name)
        if isinstance(rows, list) and (texts := [text for row in rows if (text := clean_line(_text(row)))]):
            found[name] = texts[:50]
    return found
