"""Two descriptions with one title and year are one work only if nothing else contradicts."""

from itertools import combinations
from pathlib import Path

import pytest

from sources.importers import read
from sources.importers.mapping import fields_of
from sources.matching import Match, is_abbreviation, match

FILES = Path(__file__).parent / "importers" / "files"


def work(**said: str) -> dict:
    return {
        **dict.fromkeys(("doi", "pmid", "pmcid", "isbn", "authors", "container", "container_short"), ""),
        **dict.fromkeys(("volume", "pages"), ""),
        "work": "journal_article",
        "title": "Creatine and memory in older adults",
        **said,
    }


ARTICLE = work(authors="Rossi, Ida\nDoe, Jane", container="Journal of Aging", volume="3", pages="1-9")


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"authors": "Rossi, I"},
        {"container": "J Aging"},
        {"container": "", "container_short": "J. Aging", "volume": "Vol. 3"},
        {"pages": "1", "doi": "10.1000/x"},
    ],
)
def test_what_is_missing_or_abbreviated_contradicts_nothing(same):
    assert match(ARTICLE, {**ARTICLE, **same}) == Match.PROVED


@pytest.mark.parametrize(
    "other",
    [
        {"work": "preprint"},
        {"authors": "Meyer, Bernd"},
        {"authors": "Rossi, Anna"},
        {"container": "Journal of Sleep", "volume": "4"},
        {"container": "Journal of Aging Research", "pages": ""},
        {"volume": "4"},
        {"pages": "201-209"},
    ],
)
def test_what_contradicts_is_another_work(other):
    assert match(ARTICLE, {**ARTICLE, **other}) == Match.DIFFERENT
    assert match({**ARTICLE, **other}, ARTICLE) == Match.DIFFERENT


@pytest.mark.parametrize("name", ["doi", "pmid", "pmcid", "isbn"])
def test_two_numbers_are_two_works(name):
    assert match({**ARTICLE, name: "1"}, {**ARTICLE, name: "2"}) == Match.DIFFERENT


@pytest.mark.parametrize(
    "other",
    [
        {"container": "An Unknown Short Form"},
        {"pages": "e1042"},
        {"authors": "{Ida Rossi}"},
    ],
)
def test_what_programs_write_in_two_ways_is_doubtful(other):
    assert match(ARTICLE, {**ARTICLE, **other}) == Match.DOUBTFUL


def test_a_title_that_many_works_have_needs_two_other_agreements():
    editorial = work(title="Editorial", authors="Smith, Anna")
    assert match(editorial, editorial) == Match.DOUBTFUL
    assert match(editorial, work(title="Editorial")) == Match.DOUBTFUL
    placed = {**editorial, "container": "Journal of Sleep"}
    assert match(placed, placed) == Match.PROVED


def test_a_title_alone_is_likely():
    assert match(ARTICLE, work()) == Match.LIKELY


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("j res med sci", "journal of research in medical sciences"),
        ("proc natl acad sci u s a", "proceedings of the national academy of sciences of the united states of america"),
        ("lancet", "the lancet"),
        ("lancet", "lancet (london, england)"),
        ("jama", "journal of the american medical association"),
        ("bmj", "british medical journal"),
    ],
)
def test_abbreviations_are_recognised(short, name):
    assert is_abbreviation(short, name)


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("journal of sleep", "journal of sleep research"),
        ("sleep", "journal of sleep"),
        ("j nutr", "journal of neurology"),
        ("lancet", "lancet oncology"),
    ],
)
def test_another_journal_is_no_abbreviation(short, name):
    assert not is_abbreviation(short, name)


@pytest.mark.parametrize("name", ["dup-generic-title.ris", "dup-preprint-article.bib"])
def test_different_works_with_one_title_stay_apart(name):
    """Of the second file, b and c describe one article, once with its DOI."""
    works = [fields_of(entry.csl) for entry in read((FILES / name).read_bytes()).entries]
    same = [
        (place, other)
        for (place, one), (other, two) in combinations(enumerate(works), 2)
        if one["title"].lower() == two["title"].lower() and match(one, two) != Match.DIFFERENT
    ]
    assert same == ([] if name.endswith("ris") else [(1, 2)])
