"""Decide whether two descriptions with the same title and year are of the same work. Pure.

Many works share a title: editorials, introductions, an article and its preprint. Values that are missing on one side
contradict nothing.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sources.author_names import author, is_body
from sources.importers.mapping import folded, sameness
from sources.journal_places import page_span
from sources.kinds import Work

# Kinds of works that programs do not tell apart reliably. Two other kinds are two works.
ALIKE = (
    frozenset((Work.BOOK, Work.REPORT, Work.WEB_PAGE)),
    frozenset((Work.CHAPTER, Work.CONFERENCE_PAPER)),
    frozenset((Work.JOURNAL_ARTICLE, Work.MAGAZINE_ARTICLE)),
    frozenset((Work.MAGAZINE_ARTICLE, Work.WEB_PAGE)),
    frozenset((Work.DATASET, Work.REPORT, Work.WEB_PAGE)),
    frozenset((Work.SOFTWARE, Work.WEB_PAGE)),
)
# A title with fewer words or letters, such as “Editorial” or “Vitamin D”, says little about the work.
FEWEST_WORDS, FEWEST_LETTERS = 3, 12


class Match(StrEnum):
    """Whether two descriptions are of the same work. `PROVED` means that more than title and year agree."""

    PROVED = "proved"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"
    DIFFERENT = "different"


def match(one: Mapping[str, Any], other: Mapping[str, Any]) -> Match:
    """Return whether the fields of two sources, whose titles and years are the same, describe the same work.

    The works are different if the identifiers, kinds, first authors, containers, volumes or first pages contradict each
    other. The match is doubtful if the contradiction may come from the programs that described the works, or if the
    title is generic and nothing else agrees.
    """
    for name in ("doi", "pmid", "pmcid", "isbn"):
        if one[name] and other[name] and one[name] != other[name]:
            return Match.DIFFERENT
    places = [
        _same(_number(one["volume"]), _number(other["volume"])),
        _first_page(one["pages"], other["pages"]),
    ]
    container = _container(one, other)
    if container == Match.DIFFERENT and places == [Match.PROVED, Match.PROVED]:
        container = Match.DOUBTFUL  # the name of one journal in two forms
    judged = [
        _kind(one["work"], other["work"]),
        _first_author(one["authors"], other["authors"]),
        container,
        *places,
    ]
    if Match.DIFFERENT in judged:
        return Match.DIFFERENT
    if Match.DOUBTFUL in judged:
        return Match.DOUBTFUL
    agreeing = judged[1:].count(Match.PROVED)
    if is_generic(one["title"]) and agreeing < 2:
        return Match.DOUBTFUL
    return Match.PROVED if agreeing else Match.LIKELY


def is_generic(title: str) -> bool:
    """Return whether the title is so short that many works may have it."""
    return len(title.split()) < FEWEST_WORDS or len(sameness(title)) < FEWEST_LETTERS


def _kind(one: str, other: str) -> Match:
    if one == other:
        return Match.LIKELY
    return Match.DOUBTFUL if any({one, other} <= kinds for kinds in ALIKE) else Match.DIFFERENT


def _same(one: str, other: str) -> Match:
    """Return PROVED for equal values, LIKELY if one is missing, and DIFFERENT for different values."""
    if not one or not other:
        return Match.LIKELY
    return Match.PROVED if one == other else Match.DIFFERENT


def _number(volume: str) -> str:
    """Return the figures of a volume, so that “Vol. 12” and “12” are equal, or the volume folded."""
    figures = re.findall(r"\d+", volume)
    return figures[0] if figures else sameness(volume)


def _first_page(one: str, other: str) -> Match:
    """Compare the first pages. A page and an article number may both be right."""
    pages = [re.split(r"[-,]", page_span(text))[0].strip().lower() for text in (one, other)]
    found = _same(*(page.lstrip("e") for page in pages))
    spans = ["-" in page_span(text) for text in (one, other)]
    return Match.DOUBTFUL if found == Match.DIFFERENT and spans[0] != spans[1] else found


def _first_author(one: str, other: str) -> Match:
    """Compare the first authors: the family names, and the first initials if both have any."""
    names = [text.strip().split("\n")[0] for text in (one, other)]
    if not all(names):
        return Match.LIKELY
    if is_body(names[0]) != is_body(names[1]):
        # “{Jane Doe}” is a person whose name could not be split.
        words = [set(re.findall(r"\w+", folded(name))) for name in names]
        return Match.DOUBTFUL if words[0] & words[1] else Match.DIFFERENT
    if is_body(names[0]):
        return Match.PROVED if sameness(names[0]) == sameness(names[1]) else Match.DOUBTFUL
    shown = [folded(author(name)).split() for name in names]
    families, initials = zip(*(_parts(name) for name in names), strict=True)
    if families[0] != families[1] and not (set(shown[0][:-1]) & set(shown[1][:-1])):
        return Match.DIFFERENT
    return Match.DIFFERENT if all(initials) and initials[0] != initials[1] else Match.PROVED


def _parts(name: str) -> tuple[str, str]:
    """Return the family name without signs and spaces, and the first initial."""
    family, _comma, given = name.partition(",")
    return sameness(family), sameness(given)[:1]


def _container(one: Mapping[str, Any], other: Mapping[str, Any]) -> Match:
    """Compare the journals or books, each by its name and its abbreviation."""
    mine, theirs = (
        [folded(text) for text in (fields["container"], fields["container_short"]) if text] for fields in (one, other)
    )
    if not mine or not theirs:
        return Match.LIKELY
    pairs = [(first, second) for first in mine for second in theirs]
    if any(is_abbreviation(first, second) or is_abbreviation(second, first) for first, second in pairs):
        return Match.PROVED
    return Match.DIFFERENT


_SMALL = frozenset(
    (*("an", "and", "de", "der", "des", "et", "for", "in", "la", "le"), *("of", "on", "the", "to", "und", "with", "y"))
)


def is_abbreviation(short: str, name: str) -> bool:
    """Return whether the folded name `short` is the same as `name` or abbreviates it. Subtitles and places are ignored.

    “j res med sci” abbreviates “journal of research in medical sciences”.
    """
    parts = [word for word in re.findall(r"\w+", short) if word not in _SMALL]
    for text in (name, re.split(r"\s[(=:]|:\s", name)[0]):
        words = [word for word in re.findall(r"\w+", text) if word not in _SMALL]
        if len(parts) == 1 and len(words) > 1:
            if len(parts[0]) > 2 and "".join(word[0] for word in words).startswith(parts[0]):
                return True
        elif parts and len(parts) == len(words) and all(map(_shortens, parts, words)):
            return True
    return False


def _shortens(part: str, word: str) -> bool:
    """Return whether the letters of a part occur in a word in order, from its first letter on (“natl”, “national”)."""
    letters = iter(word)
    return part[0] == word[0] and all(letter in letters for letter in part)
