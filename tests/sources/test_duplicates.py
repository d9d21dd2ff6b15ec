"""Finding sources that are in the library already, by identifier, by title and year, and by similar titles."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.cited_sources import merging
from sources import duplicates
from sources.duplicates import MOST_CANDIDATES, bare_address, folded, likely, likeness
from sources.models import Source
from tests import newsroom

TITLE = "The effect of magnesium supplementation on primary insomnia in elderly"


@pytest.fixture
def abbasi(cast):
    return newsroom.source(
        "abbasi2012", title=TITLE, year=2012, doi="10.1000/abc", pmid="23853635", pmcid="PMC3703169",
        url="https://www.example.org/abbasi/",
    )  # fmt: skip


def keys(**typed):
    return [(row.source.key, row.why) for row in likely(**typed)]


@pytest.mark.parametrize(
    ("title", "plain"),
    [("Ångström’s  Sleep: A–Z", "angstroms sleep a z"), ("", ""), ("?!", ""), ("ﬁsh OIL", "fish oil")],
)
def test_a_folded_title_is_what_two_ways_of_writing_have_in_common(title, plain):
    assert folded(title).replace("angstrom s", "angstroms") == plain


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://www.Example.org/a/", "example.org/a"),
        ("http://example.org/a?b=1#c", "example.org/a?b=1"),
        ("example", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_an_address_is_compared_without_what_does_not_matter(url, bare):
    assert bare_address(url) == bare


def test_likeness_goes_from_nothing_to_one():
    assert likeness("", "magnesium") == 0
    assert likeness("magnesium", "magnesium") == 1
    assert 0.6 < likeness("magnesium and sleep", "magnesium and asleep") < 1


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"doi": "https://doi.org/10.1000/ABC"}, "the same DOI"),
        ({"pmid": "https://pubmed.ncbi.nlm.nih.gov/23853635/"}, "the same PMID"),
        ({"pmcid": "pmc3703169"}, "the same PMCID"),
        ({"doi": "10.1000/abc", "pmid": "23853635"}, "the same DOI and PMID"),
        ({"url": "http://example.org/abbasi"}, "the same address"),
        ({"title": TITLE.upper() + ".", "year": 2012}, "the same title and year"),
        ({"title": TITLE}, "the same title"),
        ({"title": "Effect of magnesium supplementation in primary insomnia of the elderly", "year": 2011},
         "a title that is nearly the same"),
    ],
)  # fmt: skip
def test_a_source_that_is_there_is_found(abbasi, typed, why):
    assert keys(**typed) == [("abbasi2012", why)]


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"title": "Magnesium"},
        {"title": "Melatonin for the prevention and treatment of jet lag"},
        {"title": TITLE, "year": 2019},
        {"doi": "10.1000/abcd"},
        {"url": "https://example.org/"},
    ],
)
def test_another_work_is_left_alone(abbasi, typed):
    assert keys(**typed) == []


def test_the_source_that_is_edited_is_not_its_own_duplicate(abbasi):
    assert keys(title=TITLE, doi="10.1000/abc", apart_from=abbasi.pk) == []


def test_for_a_merged_duplicate_the_one_that_stands_for_it_is_named(cast, abbasi):
    newsroom.source("other2012", title="Elsewhere", doi="10.1000/other")
    merging.merge(duplicate=abbasi, into=Source.objects.get(key="other2012"), actor=cast.editor, take=[])
    assert keys(doi="10.1000/abc", title=TITLE) == [("other2012", "the same DOI")]


def test_of_a_large_library_few_titles_are_looked_at_and_in_few_queries(abbasi, monkeypatch):
    words = TITLE.lower().split()[::-1]
    Source.objects.bulk_create(
        Source(key=f"bulk{place}", evidence="cohort", year=2000, title=" ".join(words[place % 7 :] + [str(place)]))
        for place in range(20_000)
    )
    looked_at = []
    monkeypatch.setattr(duplicates, "likeness", lambda one, other: looked_at.append(other) or likeness(one, other))
    with CaptureQueriesContext(connection) as queries:
        found = likely(title=TITLE, doi="10.1000/abc")
    assert found[0].source == abbasi
    assert len(queries) <= 3
    assert 0 < len(looked_at) <= MOST_CANDIDATES


def test_the_form_asks_while_one_types(cast, abbasi, client):
    client.force_login(cast.writer)
    place = reverse("admin:articles_pick_duplicates")
    rows = client.get(place, {"title": TITLE, "year": "2012", "source": ""}).json()["likely"]
    assert [(row["key"], row["why"]) for row in rows] == [("abbasi2012", "the same title and year")]
    assert rows[0]["address"] == reverse("admin:sources_source_change", args=[abbasi.pk])
    assert client.get(place, {"title": TITLE, "source": abbasi.pk, "year": "MMXII"}).json()["likely"] == []


@pytest.mark.parametrize("person", ["advisor1", "outsider"])
def test_who_may_not_see_the_library_is_told_nothing(cast, abbasi, client, person):
    client.force_login(cast.everybody[person])
    answer = client.get(reverse("admin:articles_pick_duplicates"), {"doi": "10.1000/abc"})
    assert answer.status_code in (302, 403) and "abbasi2012" not in answer.content.decode()


def test_without_script_the_form_refuses_what_is_there_already(cast, abbasi, client):
    client.force_login(cast.writer)
    typed = {
        "key": "again2012",
        "work": "journal_article",
        "evidence": "cohort",
        "title": "T",
        "pmid": "PMID: 23853635",
    }
    page = client.post(reverse("admin:sources_source_add"), typed).content.decode()
    assert "A source with this PMID is in the library already." in page
