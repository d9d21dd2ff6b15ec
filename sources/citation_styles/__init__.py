"""Write references in the styles that readers may ask for besides AMA: APA (7th edition) and Vancouver. Pure.

citeproc-py makes them from the style files in this folder (README.md names their licence). It does not follow all rules
of the Citation Style Language, so `_MENDED` and `_without_repetition` correct its output. Our own AMA references are
made by `sources.references`; `ama.csl` is here for the test that compares them with the style.
"""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.formatter import plain
from citeproc.source.json import CiteProcJSON

from sources.importers.canonical import with_csl_names
from sources.importers.person_names import OTHERS
from sources.importers.records import Csl
from sources.journal_places import AHEAD, page_span

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class CitationStyle:
    """A style: its name on screen, its file in FOLDER, and whether it puts a number before each reference.

    If an organisation is both the author and the site of a web page, a style that `names_site_first` leaves out the
    author; the others leave out the site. A style that `always_dates_access` gives the date of access even for a page
    with a permanent address; APA gives it only for a page that is likely to change.
    """

    name: str
    file: str
    is_numbered: bool = False
    names_site_first: bool = False
    always_dates_access: bool = False


# The types of works that name their publisher.
OF_PUBLISHERS = ("book", "report", "software", "dataset")
# By the name in addresses.
STYLES = {
    "apa": CitationStyle("APA 7", "apa.csl"),
    "vancouver": CitationStyle(
        "Vancouver", "vancouver.csl", is_numbered=True, names_site_first=True, always_dates_access=True
    ),
}
# A style keeps what it has printed while it makes a reference, so threads take turns.
_TURNS = Lock()
_SUFFIX = re.compile(r"(?P<rest>.+?)\s+(?P<suffix>Jr|Sr|II|III|IV|2nd|3rd|4th)\.?")
_EDITION = re.compile(r"(\d+)(?:st|nd|rd|th)?(?:\s+(?:ed|edn|edition)\b\.?)?", re.IGNORECASE)
# Patterns of output in which citeproc-py 0.11 deviates from CSL 1.0.2 or from the style, and their corrections.
_MENDED = (
    # No full stop follows “?” or “!” (“Appendix V: page ranges and punctuation”).
    (re.compile(r"([?!])\.(?!\.)"), r"\1"),
    # The delimiter between the parts of a date is left out: “2026Mar4”.
    (
        re.compile(r"\b(\d{4})([A-Z][a-z]{2})(\d{1,2})?(?![A-Za-z0-9])"),
        lambda date: " ".join(filter(None, date.groups())),
    ),
    # The text case of a label is ignored. APA writes “(Ed.)”.
    (re.compile(r"(?<=[( ])eds?\.(?=\)|; )(?<!\d(?:st|nd|rd|th) ed\.)"), lambda label: label.group().capitalize()),
    # A term stands in a group of which every variable is missing: “(Publication)” without a number.
    (re.compile(r" \(Publication(?: No\.)?\)"), ""),
    # The commas in one number are taken for several numbers.
    (re.compile(r"\bPatent Nos\.(?= \d)"), "Patent No."),
    # The full stop before the notes is left out: “doi:10.1000/abc PubMed PMID: 1”.
    (re.compile(r"(?<![.;?!]) (?=PubMed (?:PMID|Central PMCID): )"), ". "),
    # A shortened list of names: the sign “et al” is not a name, so no “&” precedes it.
    (re.compile(r",? & et al\.?"), ", et al."),
)


def in_style(item: Csl, style: str) -> str:
    """Return the reference of a canonical item in one of STYLES, as one line of plain text.

    Raise KeyError for a style that is not in STYLES.
    """
    chosen = STYLES[style]
    text = rendered(FOLDER / chosen.file, _named_once(style_item(item), chosen))
    if chosen.is_numbered:
        text = re.sub(r"\A1\.\s*", "", text)
    for pattern, replacement in _MENDED:
        text = pattern.sub(replacement, text)
    return " ".join(_without_repetition(text, item).split())


def rendered(path: Path, item: Csl) -> str:
    """Return the reference that citeproc-py makes of a CSL-JSON item with the style file at `path`, as plain text."""
    with _TURNS, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of variables that the style does not know
        source = CiteProcJSON([{**item, "id": "x"}])
        bibliography = CitationStylesBibliography(_style(path), source, plain)
        bibliography.register(Citation([CitationItem("x")]))
        return "".join(str(part) for part in bibliography.bibliography()[0])


@lru_cache(maxsize=8)
def _style(path: Path) -> CitationStylesStyle:
    return CitationStylesStyle(str(path), validate=False)


def style_item(item: Csl) -> Csl:
    """Return a canonical item in the form that the style files expect, with the variable names of CSL.

    Name suffixes are split off, an edition becomes a plain number (the first is left out), page ranges are written in
    full, and “ahead of print” is left out. A preprint has its server as the publisher and the day on which it became
    available as its date. A preprint, a manuscript, and a thesis without a genre get one.
    """
    made: dict[str, Any] = {name: value for name, value in with_csl_names(item).items() if name not in ("id", "custom")}
    for name in ("author", "editor"):
        if name in made:
            made[name] = [_person(person) for person in made[name]]
    if "page" in made:
        made["page"] = page_span(made["page"])
    if match := _EDITION.fullmatch(made.get("edition", "")):
        made["edition"] = "" if int(match[1]) == 1 else match[1]
    for name in ("volume", "issue"):
        if AHEAD.fullmatch(made.get(name, "")):
            made[name] = ""
    if "available-date" in made:
        made["issued"] = made.pop("available-date")
    if made["type"] == "thesis":
        made.setdefault("genre", "Thesis")
    if made["type"] == "manuscript":
        made["genre"] = "Unpublished manuscript"
    if made["type"] == "article":
        made["genre"] = "Preprint"
        made["publisher"] = made.pop("container-title", made.get("publisher", ""))
    elif "container-title" in made:
        made.setdefault("container-title-short", made["container-title"])
    return {name: value for name, value in made.items() if value}


def _named_once(item: Csl, style: CitationStyle) -> Csl:
    """Return the item with an organisation named once that is its author and its site or publisher.

    APA omits the site of a web page then, and the publisher of a book or report (Publication Manual, 7th ed., 10.16 and
    9.29). Vancouver names the publisher all the same.
    """
    if len(item.get("author", ())) != 1 or not (name := item["author"][0].get("literal")):
        return item
    if item["type"] in OF_PUBLISHERS and item.get("publisher") == name and not style.names_site_first:
        return {field: value for field, value in item.items() if field != "publisher"}
    if item["type"] != "webpage":
        return item
    repeated = {place for place in ("container-title", "publisher") if item.get(place) == name}
    if style.names_site_first:
        repeated = {"author"} if "container-title" in repeated else set()
    return {field: value for field, value in item.items() if field not in repeated}


def _person(person: Mapping[str, str]) -> dict[str, str]:
    """Return a name with its suffix in a field of its own. “et al” stands for the end of a shortened list."""
    if person.get("literal") == OTHERS:
        return {"literal": "et al"}
    name = dict(person)
    for part in ("given", "family"):
        if "given" in name and (match := _SUFFIX.fullmatch(name.get(part, ""))):
            return {**name, part: match["rest"], "suffix": match["suffix"]}
    return name


def _without_repetition(text: str, item: Csl) -> str:
    """Return the reference without the repetition of a part that already stands in the place of the author.

    The specification (“Substitute”) suppresses it there; citeproc-py does not.
    """
    if "author" in item:
        return text
    if "editor" in item:
        # “Roe, A. (Ed.). (2015). Book (A. Roe, Ed.).” and “Roe A, editor. Book. Roe A, editor.”
        text = re.sub(r"\A(.+?, editors?\.)(.*?) \1", r"\1\2", text)
        return re.sub(
            r"\A(.+? \(Eds?\.\)\..*?) \([^();]+, Eds?\.(\)|; )",
            lambda match: match[1] + (" (" if match[2] == "; " else ""),
            text,
        )
    title = re.escape(item.get("title", "").rstrip("."))
    return re.sub(rf"\A({title}(?: \([^()]*\))?\.?)( \([^()]*\)\.)? {title}(?: \([^()]*\))?\.?", r"\1\2", text)
