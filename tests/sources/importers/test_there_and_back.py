"""An export that is imported again gives the same values, for everything that the format can hold."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import clean_line
from sources.exporters import bibtex, ris, write_csl_json
from sources.importers import read
from sources.importers.canonical import canonical, names
from sources.importers.latex import decode, encode, encode_verbatim, verbatim
from sources.importers.mapping import FIELDS, TYPES, fields_of, item_of
from sources.importers.person_names import people
from sources.markup import plain
from sources.models import Evidence, Work

SIGNS = st.one_of(st.sampled_from("aZé {}%&#$_~^\\\"'`-@,;:=<>/()[]|+*!?. łŁß中ا"), st.characters(codec="utf-8"))
TEXT = st.text(SIGNS, min_size=1, max_size=40).map(clean_line).filter(bool)
NAME = TEXT.map(lambda text: clean_line(re.sub(r"[{},]", " ", text))).filter(bool)
PERSON = st.one_of(
    st.fixed_dictionaries({"family": NAME, "given": NAME}),
    st.fixed_dictionaries({"family": NAME}),
    st.fixed_dictionaries({"literal": NAME}),
)
DAYS = st.dates(date(1500, 1, 1), date(2100, 12, 31))
DATE = st.builds(lambda day, size: {"date-parts": [[day.year, day.month, day.day][:size]]}, DAYS, st.integers(1, 3))
KEY = st.from_regex(r"[a-z]{2,12}(1[5-9]|20)[0-9]{2}[a-z]?", fullmatch=True)
NUMBERS = {
    "DOI": st.from_regex(r"10\.[0-9]{4,6}/[a-z0-9().;/:_<>\-]{1,20}", fullmatch=True),
    "PMID": st.from_regex(r"[1-9][0-9]{0,8}", fullmatch=True),
    "PMCID": st.from_regex(r"PMC[1-9][0-9]{0,8}", fullmatch=True),
    "ISBN": st.sampled_from(["9780190246556", "0306406152", "097522980X"]),
    "URL": st.from_regex(r"https://[a-z]{1,9}\.org/[a-zA-Z0-9%&#$_~^{}\\?=.;\-]{0,30}", fullmatch=True),
}
TEXTS = ("container-title", "container-title-short", "publisher", "edition", "volume", "issue", "page")
ITEM = (
    st.fixed_dictionaries(
        {"id": KEY, "type": st.sampled_from(sorted(TYPES.values())), "title": TEXT},
        optional={
            **dict.fromkeys(TEXTS, TEXT),
            **NUMBERS,
            **dict.fromkeys(("author", "editor"), st.lists(PERSON, min_size=1, max_size=4)),
            **dict.fromkeys(("issued", "accessed", "available-date"), DATE),
            "custom": st.fixed_dictionaries(
                {},
                optional={
                    "evidence": st.sampled_from(Evidence.values),
                    "archived-url": NUMBERS["URL"],
                    "archived-on": DAYS.map(date.isoformat),
                    "publication-types": st.lists(TEXT, min_size=1, max_size=3),
                    "notices": st.lists(TEXT, min_size=1, max_size=3),
                },
            ),
        },
    )
    .map(canonical)
    .filter(lambda item: "title" in item)
)


def back(text: str) -> list[dict]:
    found = read(text)
    assert found.unread == ()
    return [entry.csl for entry in found.entries]


@given(ITEM)
def test_the_canonical_form_of_a_canonical_item_is_itself(item):
    assert canonical(item) == item


@given(st.lists(ITEM, min_size=1, max_size=3, unique_by=lambda item: item["id"]))
def test_csl_json_holds_everything(items):
    assert back(write_csl_json(items)) == items


def held_by_bibtex(item: dict) -> dict:
    return {name: value for name, value in item.items() if name in bibtex.HOLDS}


@given(st.lists(ITEM.map(held_by_bibtex), min_size=1, max_size=3, unique_by=lambda item: item["id"]))
def test_bibtex_holds_all_that_it_says(items):
    assert back(bibtex.write(items)) == items


def is_plain(one: dict) -> bool:
    """Return whether RIS can tell this name from others: it has no signs for initials, degrees and several names."""
    written = f"{one['family']}, {one['given']}" if "given" in one else one.get("literal", "")
    return bool(written) and list(names(people([written]))) == [one]


def held_by_ris(item: dict) -> dict:
    held = {name: value for name, value in item.items() if name in ris.HOLDS}
    for name in ("author", "editor"):
        people = [one for one in held.get(name, ()) if is_plain(one)]
        people = [one for place, one in enumerate(people) if one not in people[:place]]
        held.pop(name, None)
        if people:
            held[name] = people
    # The same tag has a journal's number (ISSN), a book's (ISBN) and a patent's.
    if item["type"] in ("article-journal", "article", "article-magazine", "patent"):
        held.pop("ISBN", None)
    return held


@given(st.lists(ITEM.map(held_by_ris), min_size=1, max_size=3))
def test_ris_holds_all_that_it_says(items):
    assert back(ris.write(items)) == items


@given(TEXT)
def test_latex_gives_back_what_was_encoded(text):
    assert decode(encode(text)) == text
    assert verbatim(encode_verbatim(text)) == text


LINES = st.lists(PERSON, max_size=4).map(lambda people: item_lines(people))


def item_lines(people: list[dict]) -> str:
    held = canonical({"type": "book", "title": "T", "author": people})
    return fields_of(held)["authors"]


WHOLE_WORKS = (Work.BOOK, Work.REPORT, Work.THESIS)
SOURCE = st.fixed_dictionaries(
    {
        "key": KEY,
        "work": st.sampled_from(Work.values),
        "evidence": st.sampled_from(Evidence.values),
        "title": TEXT,
        "authors": LINES,
        "editors": LINES,
        **dict.fromkeys(
            ("container", "container_short", "publisher", "edition", "volume", "issue"), TEXT | st.just("")
        ),
        "pages": st.sampled_from(["", "1161-1169", "e2217872120", "S1-S9", "12"]),
        "year": st.none() | st.integers(1500, 2100),
        "published_on": st.none() | DAYS,
        **{name.lower(): strategy | st.just("") for name, strategy in NUMBERS.items()},
        "accessed_on": st.none() | DAYS,
        "archived_url": NUMBERS["URL"] | st.just(""),
        "archived_on": st.none() | DAYS,
    }
).filter(lambda held: held["year"] is not None or held["published_on"] is None)


@given(SOURCE)
def test_a_sources_fields_survive_the_way_through_an_item(held):
    held = {**held, **{name: clean(held[name]) for name in ("title", "container", "container_short", "publisher")}}
    item = item_of(held)
    assert item["id"] == held["key"]
    got = fields_of(item)
    # A whole work has no container that only repeats its title.
    if held["work"] in WHOLE_WORKS and repeats(held["container"], held["title"]):
        held["container"] = ""
    for name in FIELDS:
        if name in ("edition", "volume", "issue"):
            assert got[name] == clean(held[name]), name
        elif name != "title" or held["title"]:
            assert got[name] == held[name], name


def repeats(container: str, title: str) -> bool:
    container, title = (text.casefold().rstrip(". ") for text in (container, title))
    return container != "" and container == title


def clean(text: str) -> str:
    return plain(text)


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Vitamin D and DNA repair in adults", "Vitamin {D} and {DNA} repair in adults"),
        ("50% of mice & men", r"50\% of mice \& men"),
        ("An {odd} title\\", r"An \textbraceleft{}odd\textbraceright{} title\textbackslash{}"),
        ("Müller’s naïve reply", "Müller’s naïve reply"),
        ("iPhone use", "{iPhone} use"),
        ("a_b #1 $5", r"a\_b \#1 \$5"),
    ],
)
def test_what_bibtex_would_misread_is_protected(title, written):
    text = bibtex.write([{"id": "x2020", "type": "book", "title": title}])
    assert f"title = {{{written}}}" in text
    assert back(text)[0]["title"] == title


@pytest.mark.parametrize(
    "person",
    [
        {"family": "Barnes and Noble", "given": "J"},
        {"family": "Doe", "given": "Jane and John"},
        {"family": "and", "given": "and"},
        {"family": "others"},
        {"literal": "Barnes and Noble"},
        {"family": "van der Berg"},
    ],
)
def test_an_and_within_a_name_parts_nobody(person):
    item = {"type": "book", "id": "x2020", "title": "T", "author": [person, {"family": "Roe", "given": "A"}]}
    assert back(bibtex.write([item])) == [item]
