"""The Cite dialog looks up an identifier that is typed into its search."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from core.outgoing.client import Answer
from sources import lookups
from sources.models import Source
from tests import newsroom
from tests.sources.lookups.test_lookups import Recorded

ADDRESS = reverse("admin:articles_pick_look_up")
DOI = "10.1000/plain"


@pytest.fixture
def writer(cast, client):
    client.force_login(cast.writer)
    return client


@pytest.fixture
def asked(monkeypatch):
    """Let the services answer from the recorded files; return the addresses that were asked."""
    find = lookups.find
    paper = b'<title>Paper</title><meta name="citation_doi" content="10.1000/plain"><h1>Paper</h1>'
    recorded = Recorded(
        **{"/works/10.1000%2Fplain": "crossref_plain.json", "efetch": "pubmed_list.xml", "idconv": "idconv.json"},
        **{"example.org/page": "page.html", "example.org/paper": paper},
        **{"busy": Answer(503, {}, b"", "https://example.org/busy")},
    )
    monkeypatch.setattr(lookups, "find", lambda wanted: find(wanted, fetch=recorded))
    return recorded.asked


def looked_up(client, words: str) -> dict:
    answer = client.post(ADDRESS, {"q": words})
    assert answer.status_code == 200
    return answer.json()


def test_a_doi_fills_in_the_form(writer, asked):
    fields = looked_up(writer, "https://doi.org/10.1000/PLAIN")["fields"]
    assert fields["title"].startswith("Supplementation & insomnia")
    assert fields["authors"] == "Abbasi, Behnood\n{The Sleep Group}"
    assert (fields["container"], fields["year"], fields["work"]) == (
        "Journal of Research in Medical Sciences",
        "2012",
        "journal_article",
    )
    assert (fields["doi"], fields["volume"], fields["pages"], fields["published_on"]) == (DOI, "17", "e1161", "")


@pytest.mark.parametrize("words", ["PMID 23853635", "https://pubmed.ncbi.nlm.nih.gov/23853635/", "PMC3703169"])
def test_a_pmid_and_a_pmcid_are_asked_of_pubmed(writer, asked, words):
    fields = looked_up(writer, words.replace("PMID ", "PMID: "))["fields"]
    assert (fields["pmid"], fields["pmcid"]) == ("23853635", "PMC3703169")
    assert fields["evidence"] == "randomised_trial"


def test_what_was_filled_in_can_be_added(writer, asked):
    fields = looked_up(writer, DOI)["fields"]
    answer = writer.post(reverse("admin:articles_pick_add_source"), {**fields, "evidence": "cohort"})
    assert answer.json()["source"]["key"] == "abbasi2012"
    assert Source.objects.get(doi=DOI).container_short == "J Res Med Sci"


def test_a_page_comes_with_the_day_on_which_it_was_read(writer, asked):
    fields = looked_up(writer, "https://example.org/page")["fields"]
    assert (fields["work"], fields["url"]) == ("web_page", "https://example.org/page") and fields["accessed_on"]


def test_a_page_that_names_its_doi_is_asked_of_crossref(writer, asked):
    fields = looked_up(writer, "https://example.org/paper")["fields"]
    assert (fields["doi"], fields["work"], fields["container_short"]) == (DOI, "journal_article", "J Res Med Sci")


@pytest.mark.parametrize(
    ("words", "said", "fields"),
    [
        ("10.1000/nowhere", "Crossref", {"doi": "10.1000/nowhere"}),
        ("https://example.org/busy", "busy", {"url": "https://example.org/busy", "work": "web_page"}),
    ],
)
def test_without_an_answer_the_reason_is_said_and_the_identifier_stays(writer, asked, words, said, fields):
    answer = looked_up(writer, words)
    assert said in answer["reason"] and answer["fields"] == fields


def test_what_the_library_has_is_not_looked_up(writer, asked):
    assert looked_up(writer, "doi:10.1000/DOE2020")["source"]["key"] == "doe2020"
    assert asked == []


def test_what_the_library_has_under_another_identifier_of_the_answer_is_chosen(writer, asked):
    newsroom.source("abbasi2012", pmcid="PMC3703169", doi="")
    assert looked_up(writer, "PMID: 23853635")["source"]["key"] == "abbasi2012"


def test_words_are_not_looked_up(writer, asked):
    answer = writer.post(ADDRESS, {"q": "magnesium and sleep"})
    assert answer.status_code == 400 and "not a DOI" in answer.json()["reason"]


def test_one_look_up_of_a_person_lasts_at_a_time(writer, cast, asked):
    cache.add(f"source-lookup-{cast.writer.pk}", 1)
    answer = writer.post(ADDRESS, {"q": DOI})
    assert answer.status_code == 429 and "at a time" in answer.json()["reason"] and asked == []
    cache.clear()
    assert "fields" in looked_up(writer, DOI) and "fields" in looked_up(writer, DOI)


@pytest.mark.parametrize("person", ["advisor1", "outsider"])
def test_who_adds_no_sources_looks_nothing_up(cast, client, asked, person):
    client.force_login(cast.everybody[person])
    assert client.post(ADDRESS, {"q": DOI}).status_code in (302, 403)
    assert asked == []


@pytest.mark.parametrize(
    ("words", "wanted", "keys"),
    [
        ("https://doi.org/10.1000/new", "DOI 10.1000/new", []),
        ("PMC99", "PMCID PMC99", []),
        ("23853635", "PMID 23853635", []),
        ("www.nhs.uk/insomnia", "https://www.nhs.uk/insomnia", []),
        ("https://doi.org/10.1000/DOE2020", "", ["doe2020"]),
        ("2020", "", ["doe2020"]),
        ("no such trial", "", []),
    ],
)
def test_the_search_says_what_can_be_looked_up(writer, words, wanted, keys):
    found = writer.get(reverse("admin:articles_pick_sources"), {"q": words}).json()
    assert (found["wanted"], [row["key"] for row in found["sources"]]) == (wanted, keys)
