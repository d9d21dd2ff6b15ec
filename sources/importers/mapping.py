"""Convert the fields of a source to canonical CSL-JSON and back. Pure.

`fields_of(item_of(fields))` returns the same fields. FIELDS has all fields of a source except its key, the user who
added it, and its retraction state.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from core.text import normalised
from sources.evidence import proposed
from sources.importers.canonical import canonical, dated
from sources.importers.person_names import OTHERS
from sources.importers.records import Csl
from sources.kinds import WORK_KINDS, Work
from sources.models import Source

TYPES = {work: kind.csl for work, kind in WORK_KINDS.items()}
WORKS = {type_: kind.work for kind in WORK_KINDS.values() for type_ in (kind.csl, *kind.csl_read)}
TEXTS = {
    "title": "title",
    "container": "container-title",
    "container_short": "container-title-short",
    "publisher": "publisher",
    "edition": "edition",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "doi": "DOI",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "isbn": "ISBN",
    "url": "URL",
}
FIELDS = (
    *("work", "evidence", *TEXTS, "authors", "editors", "year", "published_on"),
    *("accessed_on", "archived_url", "archived_on"),
)
OWN_KEY = re.compile(r"[a-z][a-z-]{1,33}[0-9]{4}[a-z]{0,2}")
DOI_ADDRESS = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/(10\.\d{4,9}/\S+)", re.IGNORECASE)
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


def fields_of(item: Csl) -> dict[str, Any]:
    """Return the fields of a source (FIELDS), by name, that a CSL-JSON item gives, with "" or None for missing values.

    The citation key is not among them.
    """
    item = canonical(item)
    custom = item.get("custom", {})
    issued = _parts(item, "issued")
    on = _day(item, "available-date") or _day(item, "issued")
    fields: dict[str, Any] = {name: item.get(variable, "") for name, variable in TEXTS.items()}
    if match := DOI_ADDRESS.fullmatch(fields["url"]):
        fields["doi"] = fields["doi"] or match.group(1).lower()
        fields["url"] = ""
    fields["work"] = work_of(item)
    return {
        **fields,
        "evidence": proposed(item, fields["work"]),
        "authors": "\n".join(map(_line, item.get("author", ()))),
        "editors": "\n".join(map(_line, item.get("editor", ()))),
        "year": issued[0] if issued else on.year if on else None,
        "published_on": on,
        "accessed_on": _day(item, "accessed"),
        "archived_url": custom.get("archived-url", ""),
        "archived_on": date.fromisoformat(custom["archived-on"]) if "archived-on" in custom else None,
    }


def item_of(source: Source | Mapping[str, Any]) -> Csl:
    """Return the canonical item of a source, or of a mapping of its fields."""
    held = source if isinstance(source, Mapping) else {name: getattr(source, name) for name in ("key", *FIELDS)}
    year, on = held["year"], held["published_on"]
    is_one = on is not None and on.year == year
    return canonical(
        {
            **{variable: held[name] for name, variable in TEXTS.items()},
            "id": held.get("key", ""),
            "type": TYPES[Work(held["work"])],
            "author": [_name(line) for line in held["authors"].splitlines()],
            "editor": [_name(line) for line in held["editors"].splitlines()],
            "issued": _iso(on) if is_one else str(year or ""),
            "available-date": "" if is_one else _iso(on),
            "accessed": _iso(held["accessed_on"]),
            "custom": {
                "evidence": held["evidence"],
                "archived-url": held["archived_url"],
                "archived-on": _iso(held["archived_on"]),
            },
        }
    )


def work_of(item: Csl) -> str:
    """Return the kind of work (a value of Work) by the type of a canonical item or, if it is unknown, by its fields."""
    if work := WORKS.get(item["type"]):
        return str(work)
    if "container-title" in item and ("volume" in item or "PMID" in item):
        return Work.JOURNAL_ARTICLE
    if "ISBN" in item:
        return Work.CHAPTER if "container-title" in item else Work.BOOK
    return Work.WEB_PAGE if "URL" in item and "DOI" not in item else Work.REPORT


def proposed_key(item: Csl, taken: Collection[str]) -> str:
    """Return a citation key that is not in `taken`: the item's own if it fits OWN_KEY, else one from author and year.

    The first author is used or, without one, the first editor or the title. “Abbasi, Behnood” in 2012 becomes
    abbasi2012, the next one abbasi2012a, then abbasi2012b … abbasi2012z, abbasi2012aa.
    """
    own: str = item.get("id", "")
    if OWN_KEY.fullmatch(own) and own not in taken:
        return own
    people = item.get("author") or item.get("editor") or [{}]
    name = people[0].get("family") or people[0].get("literal") or item.get("title", "")
    words = re.findall(r"[a-z]+", folded(name))
    stem = ("".join(words) if "family" in people[0] else words[0] if words else "")[:30] or "source"
    stem += str(_parts(item, "issued")[0]) if _parts(item, "issued") else ""
    stem = stem if len(stem) > 1 else f"{stem}-source"
    if stem not in taken:
        return stem
    number = 0
    while (key := stem + _suffix(number)) in taken:
        number += 1
    return key


def folded(text: str) -> str:
    """Return the text in lower case without accents. “Łukasz Ørsted” becomes “lukasz orsted”."""
    text = normalised(text.casefold().translate(LETTERS), "NFKD")
    return "".join(sign for sign in text if not unicodedata.combining(sign)).translate(LETTERS)


def sameness(title: str) -> str:
    """Return a title in the form for comparison: only letters and digits, in lower case and without accents."""
    return "".join(sign for sign in folded(title) if sign.isalnum())


def _suffix(number: int) -> str:
    """Return the suffix with this number: a for 0, b for 1, … z, aa, ab …"""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return letters[number] if number < 26 else _suffix(number // 26 - 1) + letters[number % 26]


def _parts(item: Csl, name: str) -> list[int]:
    parts: list[int] = item.get(name, {}).get("date-parts", [[]])[0]
    return parts


def _day(item: Csl, name: str) -> date | None:
    parts = _parts(item, name)
    return date(*parts) if len(parts) == 3 else None


def _iso(day: date | str | None) -> str:
    """Return the day as “2012-12-05”, or "" if it is missing or incomplete.

    `day` may be text, because the form of a source that is not saved yet can hold text.
    """
    parts = dated(str(day)) if day else []
    return "{:04}-{:02}-{:02}".format(*parts) if len(parts) == 3 else ""


def _line(person: Mapping[str, str]) -> str:
    """Return a name as in a source's authors, “Family, Given”, or in braces if it is that of an organisation."""
    if "literal" in person:
        return OTHERS if person["literal"] == OTHERS else f"{{{person['literal']}}}"
    return f"{person['family']}, {person['given']}" if "given" in person else person["family"]


def _name(line: str) -> dict[str, str]:
    """Return the name in a line of a source's authors, in CSL's form."""
    line = line.strip()
    if line.startswith("{") and line.endswith("}"):
        return {"literal": line[1:-1]}
    if line.lower() in (OTHERS, "et al", "et al."):
        return {"literal": OTHERS}
    family, _, given = line.partition(",")
    return {"family": family, "given": given}
