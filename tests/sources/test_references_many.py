"""Our AMA references of hundreds of records compared with those of citeproc-py (see test_references_ama).

The records are those in our own files of other programs, those of the demonstration, and works of every kind with
different authors, dates and places. Where the style or citeproc-py deviates from the manual, a deviation below changes
what it gets or what it writes, and says why; every other difference fails.

    manage.py shell -c 'from tests.sources.test_references_many import *; print(*differences("FILE", …), sep="\n")'

compares the records of other files.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from core.html import text_of
from sources.author_names import author, is_body
from sources.citation_styles import FOLDER, rendered
from sources.importers import CannotRead, read
from sources.importers.mapping import fields_of
from sources.journal_places import AHEAD
from sources.models import Source, Work
from sources.references import reference
from tests.sources.test_references_ama import ALL, MANY, csl, made, normalised

FOLDERS = (Path(__file__).parent / "importers/files", Path(__file__).parent / "lookups/answers")
# The style has no form for these kinds: they are compared with the manual in test_references.
WITHOUT_FORM = (Work.MANUSCRIPT, Work.PATENT, Work.SOFTWARE, Work.DATASET)
SUPPLEMENT = re.compile(r"(\d*)[ _-]*suppl(?:ement)?[ _-]*(\w*)", re.IGNORECASE)


class Deviation(NamedTuple):
    """A reason for a difference, and what undoes it: in the item that the style gets, or in the text that it writes."""

    reason: str
    in_item: Callable[[dict, Source], dict] | None = None
    in_text: Callable[[str, Source], str] | None = None


def of_kinds(*works: Work) -> Callable:
    """Return a decorator that limits a change to works of these kinds."""

    def limited(change: Callable) -> Callable:
        return lambda held, source: change(held, source) if source.work in works else held

    return limited


def shortened(item: dict, source: Source) -> dict:
    """Leave out names that stand for others, and bodies, which `bodies` writes."""
    people = [name for name in item.get("author", ()) if "family" in name and name["family"] not in ("others", "et al")]
    return {**item, "author": people or item.get("author", [])}


def bodies(text: str, source: Source) -> str:
    people = [name for name in source.author_list if not is_body(name) and name not in ("others", "et al")]
    groups = [author(name) for name in source.author_list if is_body(name)]
    if not people:
        return text
    end = text.index(". ")
    heads, rest = text[:end], text[end:]
    if len(people) < len(source.author_list) - len(groups) and "et al" not in heads:
        heads = f"{heads}, et al"
    return "; ".join([heads, *groups]) + rest


def full_pages(item: dict, source: Source) -> dict:
    """Write the last page in full. Leave out the end of a span of one page, and what names no page."""

    def whole(match: re.Match) -> str:
        first, last = match.groups()
        last = first[: max(len(first) - len(last), 0)] + last
        return first if first == last else f"{first}-{last}"

    pages = re.sub(r"\b(\d+)[-–](\d+)\b(?!\.)", whole, item["page"])
    return {**item, "page": re.sub(r"\A(\w+)-\1\Z", r"\1", pages)}


def supplement(item: dict, source: Source) -> dict:
    match = SUPPLEMENT.fullmatch(item["issue"])
    if not match:
        return item
    return {**item, "issue": match[1], "supplement-number": match[2] or "suppl"}


def initials(item: dict, source: Source) -> dict:
    def apart(given: str) -> str:
        return " ".join(given) if re.fullmatch("[A-Z]{2,3}", given) else given

    people = [{**name, "given": apart(name["given"])} if "given" in name else name for name in item["author"]]
    return {**item, "author": people}


@of_kinds(Work.BOOK, Work.REPORT, Work.THESIS)
def own_title(text: str, source: Source) -> str:
    return re.sub(re.escape(source.title), lambda _: source.title, text, count=1, flags=re.IGNORECASE)


def printed(text: str, source: Source) -> str:
    """Give the year alone to what has pages and no volume, and to what has no day of publication."""
    pages = source.pages and not AHEAD.fullmatch(source.volume)
    if source.published_on and not pages:
        return text
    return re.sub(r"Published online (?:[A-Z]\w+ \d+, )?(\d{4})", r"\1", text)


def without(*names: str) -> Callable[[dict, Source], dict]:
    return lambda item, _: {name: value for name, value in item.items() if name not in names}


@of_kinds(Work.CONFERENCE_PAPER)
def speech(item: dict, source: Source) -> dict:
    is_printed = source.publisher or source.pages or source.volume or source.editors or not source.container
    return item if is_printed else {**item, "type": "speech", "event-title": source.container}


@of_kinds(Work.MAGAZINE_ARTICLE)
def magazine(item: dict, source: Source) -> dict:
    return {**item, "type": "article-journal"} if "volume" in item or "issue" in item else item


@of_kinds(Work.PREPRINT)
def server(item: dict, source: Source) -> dict:
    return without("publisher")(item, source) if source.container else item


@of_kinds(Work.PREPRINT)
def preprint(text: str, source: Source) -> str:
    place = f" {source.container}."
    return text if "Preprint" in text else text.replace(place, f"{place} Preprint.", 1)


@of_kinds(Work.WEB_PAGE)
def owner(item: dict, source: Source) -> dict:
    return {**item, "author": [name for name in item["author"] if name.get("literal") != source.container]}


@of_kinds(Work.THESIS)
def school(item: dict, source: Source) -> dict:
    return {"publisher": source.container, **item}


@of_kinds(Work.REPORT)
def report_number(text: str, source: Source) -> str:
    if not source.issue:
        return text
    return re.sub(r"(?= doi:| Accessed | https?:|\Z)", f" Report {source.issue}.", text, count=1)


@of_kinds(Work.CHAPTER, Work.CONFERENCE_PAPER)
def book_editors(text: str, source: Source) -> str:
    return re.sub(r"\A(?P<editors>.+?, eds?\.) (?=.* In: (?P=editors))", "", text)


def numbers(item: dict, source: Source) -> dict:
    return {
        name: value for name, value in item.items() if name not in ("volume", "issue") or not AHEAD.fullmatch(value)
    }


PERIODICALS = (Work.JOURNAL_ARTICLE, Work.MAGAZINE_ARTICLE, Work.PREPRINT, Work.WEB_PAGE, Work.THESIS)
DEVIATIONS = {
    "names of no person": Deviation("AMA 3.7: “et al” is not a name, and bodies come after persons.", shortened),
    "initials in one word": Deviation("AMA 3.7: all initials. citeproc-py takes “AJ” for one name.", initials),
    "full pages": Deviation("AMA 3.11.4: no figure is left out. citeproc-py ignores page-range-format.", full_pages),
    "supplements": Deviation("AMA 3.11: “(suppl 1)”. The style wants a variable that no program exports.", supplement),
    "no volume yet": Deviation("AMA 3.11.4: “ahead of print” is not a volume.", numbers),
    "a magazine": Deviation("AMA 3.11: volumes are cited. The style leaves those of newspapers out.", magazine),
    "a periodical's editor": Deviation(
        "AMA 3.11, 3.13 and 3.15 name editors of books alone. The style prints those of everything.",
        of_kinds(*PERIODICALS)(without("editor")),
    ),
    "a preprint's server": Deviation("AMA 3.11.4.1: the server. The style prints its owner too.", server),
    "a paper read": Deviation("AMA 3.13: “Presented at:”. The style has that for speeches alone.", speech),
    "a site's owner": Deviation("AMA 3.15: a body is named once, as the site.", owner),
    "a thesis's school": Deviation("AMA 3.13: the school, also if a program wrote it as the container.", school),
    "a first edition": Deviation(
        "AMA 3.12: a first edition is not named.",
        lambda item, _: without("edition")(item, _) if item["edition"] == "1" else item,
    ),
    "bodies": Deviation("AMA 3.7: bodies follow a semicolon and do not count among six persons.", None, bodies),
    "a day unknown": Deviation("AMA 3.11.4.1: “Preprint” also where no day is known.", None, preprint),
    "printed": Deviation("AMA 3.11.4: published online is what has a day and no pages.", None, printed),
    "editors of a book": Deviation(
        "AMA 3.12: those of the book follow “In:”, not in the author's place.", None, book_editors
    ),
    "a report's number": Deviation(
        "AMA 3.13: the number of a report. The style has no place for it.", None, report_number
    ),
    "an editor's brackets": Deviation(
        "AMA 3.12: “Plato. The Laws. Taylor EA, trans-ed.” has none.",
        None,
        lambda text, _: re.sub(r"\(([^()]+, eds?\.)\)\.", r"\1", text),
    ),
    "the title's capitals": Deviation(
        "We keep those entered: no program can tell a name from a word.", None, own_title
    ),
}


def from_files(paths: list[Path]) -> Iterator[tuple[str, Source]]:
    """Return the records of files with the file and line of each. Files that cannot be read are left out."""
    for path in paths:
        try:
            found = read(path.read_bytes(), path.name)
        except CannotRead:
            continue
        for entry in found.entries:
            yield f"{path.name}:{entry.line}", Source(**fields_of(entry.csl))


AUTHORS = {
    "one": "Abbasi, Behnood",
    "six": "\n".join(MANY.splitlines()[:6]),
    "seven": "\n".join(MANY.splitlines()[:7]),
    "a body": "{Sleep Study Group}",
    "persons and a body": "Doe, Jane\nvan der Berg, Jan P.\n{Sleep Study Group}",
    "six and a body": "\n".join(MANY.splitlines()[:6]) + "\n{Sleep Study Group}",
    "suffixes": "Wright, Kenneth P., Jr\nRoe, John, III",
    "initials": "Doe, JA\nMüller, K.-H.",
    "a shortened list": "Doe, Jane\nRoe, Ann\nothers",
    "nobody": "",
}
WHEN = {"a year": {"year": 2019}, "a day": {"year": 2019, "published_on": date(2019, 9, 22)}}
WHERE = {
    "whole": {"volume": "17", "issue": "12", "pages": "1161-9", "publisher": "Press"},
    "a number": {"volume": "9", "pages": "e0123456", "edition": "2", "doi": "10.1000/abc"},
    "a supplement": {"volume": "8", "issue": "Suppl 1", "pages": "S10-S10", "publisher": "Press", "edition": "1"},
    "online": {"doi": "10.1000/abc"},
    "ahead": {"volume": "ahead-of-print", "issue": "ahead-of-print", "doi": "10.1000/abc"},
    "an address": {
        "pages": "4-5",
        "url": "https://example.org/a",
        "accessed_on": date(2026, 3, 4),
        "editors": "Poe, Eve",
    },
}


def variations() -> Iterator[tuple[str, Source]]:
    """Return works of every kind that the style knows, with different authors, dates and places."""
    kinds = [work for work in Work if work not in WITHOUT_FORM]
    for work, who, when, where in product(kinds, AUTHORS, WHEN, WHERE):
        if where in ("a supplement", "ahead") and work not in (Work.JOURNAL_ARTICLE, Work.MAGAZINE_ARTICLE):
            continue  # only periodicals have these
        if work == Work.PREPRINT and where != "online":
            continue
        fields = {"title": "Sleep and rest: a review", "container": "The Place of Sleep", "authors": AUTHORS[who]}
        yield f"{work}, {who}, {when}, {where}", Source(work=work, **fields, **WHEN[when], **WHERE[where])


def records() -> dict[str, Source]:
    listed = {name: made(name) for name in ALL}
    found = from_files([path for folder in FOLDERS for path in sorted(folder.iterdir())])
    everything = {**listed, **dict(found), **dict(variations())}
    return {name: source for name, source in everything.items() if source.work not in WITHOUT_FORM}


def compared(source: Source) -> tuple[str, str, set[str]]:
    """Return our reference, that of the style without the deviations, and the names of those that changed something."""
    item, used = csl(source), set()
    for name, deviation in DEVIATIONS.items():
        if deviation.in_item:
            try:
                changed = deviation.in_item(item, source)
            except KeyError:  # the item lacks the variable
                continue
            used |= {name} if changed != item else set()
            item = {variable: value for variable, value in changed.items() if value}
    text = normalised(rendered(FOLDER / "ama.csl", item))
    for name, deviation in DEVIATIONS.items():
        if deviation.in_text and (changed := deviation.in_text(text, source)) != text:
            text, used = changed, used | {name}
    return text_of(reference(source)), text, used


def differences(*paths: str) -> Iterator[str]:
    """Yield each record of these files whose references differ, with both of them, and at last the counts."""
    total = differ = 0
    for where, source in from_files([Path(path) for path in paths]):
        ours, theirs, _ = compared(source) if source.work not in WITHOUT_FORM else ("", "", set())
        total, differ = total + 1, differ + (ours != theirs)
        if ours != theirs:
            yield f"{where} ({source.work})\n  {ours}\n  {theirs}"
    yield f"{total} records, {differ} differences"


@pytest.fixture(scope="module")
def results() -> dict[str, tuple[str, str, set[str]]]:
    return {name: compared(source) for name, source in records().items()}


def test_hundreds_of_references_are_those_of_the_style(results):
    assert len(results) >= 400
    assert {name: (ours, theirs) for name, (ours, theirs, _) in results.items() if ours != theirs} == {}


@pytest.mark.parametrize("name", DEVIATIONS)
def test_every_deviation_is_needed(results, name):
    assert any(name in used for _, _, used in results.values())
