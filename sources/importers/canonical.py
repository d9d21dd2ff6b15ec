"""The canonical form: CSL-JSON (the schema of Citation Style Language 1.0.2) with the variables that a source has.

A canonical item holds only the variables below, none of them empty. Texts are one clean line; names are {"family",
"given"} or {"literal"}; dates are {"date-parts": [[year, month, day]]} with one to three numbers; identifiers are bare.
Values for which CSL has no variable are under "custom": "evidence", "archived-url", "archived-on", "publication-types"
and "notices" (PubMed's notices of retractions, errata, concerns and updates). Pure.
"""

import html
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from core.text import clean_line
from sources.identifiers import bare_doi, bare_isbn, bare_pmcid, bare_pmid
from sources.importers.records import Csl

TEXTS = (
    *("title", "container-title", "container-title-short", "publisher", "edition"),
    *("volume", "issue", "page", "URL"),
)
IDENTIFIERS = {"DOI": bare_doi, "PMID": bare_pmid, "PMCID": bare_pmcid, "ISBN": bare_isbn}
NAMES = ("author", "editor")
DATES = ("issued", "accessed", "available-date")
# Names of variables in other programs, with our names; "" for one that is ignored.
SPELLINGS = {
    "journalAbbreviation": "container-title-short",
    "shortTitle": "",
    "article-number": "page",
    "publisher-name": "publisher",
}
MARKUP = re.compile(
    r"</?(?:jats:)?(?:i|b|em|strong|sub|sup|sc|scp|span|italic|bold|p|title)(?:\s[^<>]{0,200})?/?>", re.I
)
# The number of characters of a value that are read; the rest is ignored.
LONGEST_TEXT, LONGEST_NAME, LONGEST_DATE = 200_000, 1_000, 80
DASHES = re.compile(r"\s*[-‐-―−]+\s*")
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: place for place, name in enumerate(MONTH_NAMES, 1)}


def canonical(item: Csl) -> Csl:
    """Return the canonical form of a CSL-JSON item, without values that cannot be read. Idempotent."""
    item = {SPELLINGS.get(name, name): value for name, value in item.items()} | item
    found: Csl = {"type": clean_line(_text(item.get("type"))) or "document"}
    if key := clean_line(_text(item.get("id"))):
        found["id"] = key
    for name in TEXTS:
        if text := plain(_text(item.get(name))):
            found[name] = text
    if "page" in found:
        found["page"] = DASHES.sub("-", found["page"])
    for name, bare in IDENTIFIERS.items():
        if text := bare(_text(item.get(name))):
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


def _text(value: Any) -> str:
    """Return a value as text, cut at LONGEST_TEXT.

    Return the first value of a list, because Crossref sends lists, and "" for an object, a boolean or None.
    """
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)[:LONGEST_TEXT]


def plain(text: str) -> str:
    """Return the text as one clean line, without the few HTML tags that occur in titles (“<i>in vitro</i>”)."""
    text = clean_line(text)
    if "<" in text and MARKUP.search(text):
        text = clean_line(html.unescape(MARKUP.sub("", text)))
    return text


def names(people: Iterable[Any]) -> Iterable[dict[str, str]]:
    """Yield names in canonical form: particles and suffixes become part of the family name, and commas are removed."""
    for person in people:
        if isinstance(person, str):
            person = {"literal": person}
        if not isinstance(person, dict):
            continue
        part = {name: clean_line(_text(value)).replace("{", "").replace("}", "") for name, value in person.items()}
        given = _without_commas(part.get("given", ""))
        family = _without_commas(
            " ".join(part.get(name, "") for name in ("dropping-particle", "non-dropping-particle", "family", "suffix"))
        )
        literal = clean_line(part.get("literal") or part.get("name", ""))
        if family and given:
            yield {"family": family, "given": given}
        elif family or given:
            yield {"family": family or given}
        elif literal:
            yield {"literal": literal}


def _without_commas(text: str) -> str:
    return clean_line(text.replace(",", " "))


def date_parts(value: Any) -> list[int]:
    """Return [year], [year, month] or [year, month, day] from a date of CSL or a text such as “2012 Dec 5”, or []."""
    if isinstance(value, dict):
        rows = value.get("date-parts")
        if isinstance(rows, list) and rows and isinstance(rows[0], list):
            return _valid([_text(part) for part in rows[0][:3]])
        return date_parts(value.get("raw") or value.get("literal") or "")
    return dated(_text(value))


def dated(text: str) -> list[int]:
    """Return the parts of a written date (2012-12-05, 2012/12/05/, 2012 Dec 5, Dec 2012 or 2012), or []."""
    text = clean_line(text[:LONGEST_DATE])
    if match := re.match(r"(\d{4})(?:[-/.](\d{1,2})?(?:[-/.](\d{1,2})?)?)?(?:\D|$)", text):
        parts = [part for part in match.groups() if part]
        if len(parts) > 1 or not re.search(r"[A-Za-z]{3}", text):
            return _valid(parts)
    year = re.search(r"(?<!\d)(1[5-9]|20|21)\d\d(?!\d)", text)
    if not year:
        return []
    word = re.search(r"[A-Za-z]{3,}", text)
    month = MONTHS.get(word.group().lower()[:3]) if word else None
    if not month:
        return [int(year.group())]
    rest = text[: year.start()] + " " + text[year.end() :]
    # “Nov-Dec” and “12-14” are spans. Their first month or day alone would claim more than the text says.
    span = re.search(r"[A-Za-z]\s*[-/–]\s*[A-Za-z]|\d\s*[-–]\s*\d", rest)
    day = re.search(r"(?<!\d)\d{1,2}(?!\d)", rest)
    if span:
        return [int(year.group())]
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


def person(name: str) -> dict[str, str]:
    """Return the name of a person written as in most databases, such as “Abbasi, Behnood” or “King, Martin, Jr”.

    A name without a comma is taken for that of an organisation.
    """
    family, _, rest = clean_line(name[:LONGEST_NAME]).partition(",")
    given, _, suffix = rest.partition(",")
    if not given.strip():
        return {"literal": family.strip()}
    return {"family": family.strip(), "given": given.strip(), "suffix": suffix.strip()}
