"""The requests of the editor's dialogs: sources to cite, new sources, articles to link to, checks of typed text."""

import pytest
from django.urls import reverse

from articles.models import Recommendation, Topic
from products.models import Product
from sources.models import Source
from tests import newsroom
from tests.admin_forms import article_form


@pytest.fixture
def writer(cast, client):
    client.force_login(cast.writer)
    return client


def sources(client, **query):
    return [row["key"] for row in client.get(reverse("admin:articles_pick_sources"), query).json()["sources"]]


@pytest.mark.parametrize("words", ["doe2020", "TRIAL called", "Jane", "10.1000/doe", "trial doe"])
def test_a_source_is_found_by_each_of_its_words(writer, words):
    newsroom.source("other2019", title="Elsewhere", authors="Roe, Ann")
    assert sources(writer, q=words) == ["doe2020"]


def test_an_organisation_among_the_sources_is_shown_without_its_braces(writer):
    newsroom.source("efsa2015", authors="{EFSA Panel}\nDoe, Jane")
    (found,) = writer.get(reverse("admin:articles_pick_sources"), {"q": "efsa2015"}).json()["sources"]
    assert found["authors"] == "EFSA Panel et al."


def test_the_articles_own_sources_come_first(writer, cast):
    newsroom.source("aaa2001")
    article = newsroom.draft(cast)
    assert sources(writer, article=article.pk) == ["doe2020", "aaa2001"]


def test_somebody_elses_article_tells_nothing_of_its_sources(cast, client):
    newsroom.source("aaa2001")
    article = newsroom.draft(cast)
    client.force_login(cast.colleague)
    assert sources(client, article=article.pk) == ["aaa2001", "doe2020"]


def test_a_source_is_added_without_leaving(writer, cast):
    answer = writer.post(
        reverse("admin:articles_pick_add_source"),
        {
            "key": "roe2021",
            "work": "journal_article",
            "evidence": "cohort",
            "title": "A cohort",
            "doi": "https://doi.org/10.1000/ROE",
        },
    )
    assert (answer.status_code, answer.json()["source"]["key"]) == (201, "roe2021")
    stored = Source.objects.get(key="roe2021")
    assert (stored.doi, stored.created_by) == ("10.1000/roe", cast.writer)


NEW = {"work": "journal_article", "evidence": "cohort", "title": "A cohort", "authors": "Roe, Ann", "year": "2021"}


def added(client, **fields):
    return client.post(reverse("admin:articles_pick_add_source"), {**NEW, **fields})


def test_a_source_without_a_key_gets_one(writer):
    assert added(writer, doi="10.1000/roe").json()["source"]["key"] == "roe2021"
    assert added(writer, doi="10.1000/roe-b").json()["source"]["key"] == "roe2021a"


def test_the_key_that_a_source_would_get_is_proposed(writer):
    newsroom.source("roe2021")
    address = reverse("admin:articles_pick_source_key")
    for query, key in (
        ({"authors": "Roe, Ann", "year": "2021"}, "roe2021a"),
        ({"authors": "Roe, Ann", "year": "soon"}, "roe"),
        ({}, "source"),
    ):
        assert writer.get(address, query).json() == {"key": key}


def test_what_is_folded_away_is_stored_as_well(writer):
    more = {"volume": "17", "issue": "12", "pages": "1161-9", "pmcid": "pmc3703169", "isbn": "978-0-19-024655-6"}
    added(writer, doi="10.1000/roe", published_on="2021-03-01", **more)
    stored = Source.objects.get(key="roe2021")
    assert (stored.volume, stored.issue, stored.pages) == ("17", "12", "1161-9")
    assert (stored.pmcid, stored.isbn, stored.published_on.isoformat()) == ("PMC3703169", "9780190246556", "2021-03-01")


@pytest.mark.parametrize(
    ("held", "typed"),
    [
        ({"pmcid": "PMC99"}, {"pmcid": "PMC99", "doi": "10.1000/roe"}),
        ({"url": "https://example.org/page/", "doi": ""}, {"url": "http://www.example.org/page"}),
        ({"pmid": "99"}, {"pmid": "https://pubmed.ncbi.nlm.nih.gov/99/"}),
    ],
)
def test_a_work_of_the_library_is_not_added_again_but_shown(writer, held, typed):
    newsroom.source("held2019", **held)
    answer = added(writer, **typed)
    assert (answer.status_code, answer.json()["known"]["key"]) == (400, "held2019")
    assert not Source.objects.filter(title=NEW["title"]).exists()


def test_of_a_merged_duplicate_the_source_that_stays_is_shown(writer, cast):
    twin = newsroom.source("twin2020", pmid="99", doi="")
    Source.objects.filter(pk=twin.pk).update(merged_into=cast.source)
    assert added(writer, pmid="99").json()["known"]["key"] == "doe2020"


def test_a_source_that_nobody_could_look_up_is_not_added(writer):
    """A writer could not complete it later, because only editors may edit a cited source."""
    page = {"key": "roe2021", "work": "web_page", "evidence": "consumer", "title": "A page"}
    for missing, typed in (("doi", page), ("accessed_on", {**page, "url": "https://example.org/page"})):
        answer = writer.post(reverse("admin:articles_pick_add_source"), typed)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [missing])
    assert not Source.objects.filter(key="roe2021").exists()


def test_a_list_of_sources_that_goes_on_says_so(writer):
    for number in range(19):
        newsroom.source(f"many{number}")
    assert writer.get(reverse("admin:articles_pick_sources")).json()["more"] is False
    newsroom.source("one-more")
    answer = writer.get(reverse("admin:articles_pick_sources")).json()
    assert (len(answer["sources"]), answer["more"]) == (20, True)


def test_a_source_that_is_there_already_is_named_as_such(writer):
    answer = writer.post(
        reverse("admin:articles_pick_add_source"),
        {"key": "doe2020b", "work": "book", "evidence": "cohort", "title": "Again", "doi": "10.1000/doe2020"},
    )
    assert answer.status_code == 400
    assert "in the library already" in str(answer.json()["errors"])


@pytest.mark.parametrize("person", ["advisor1", "outsider"])
def test_who_does_not_write_is_told_nothing(cast, client, person):
    client.force_login(cast.everybody[person])
    for name in ("articles_pick_sources", "articles_pick_articles", "articles_pick_source_key"):
        answer = client.get(reverse(f"admin:{name}"))
        assert "doe2020" not in answer.content.decode()
        assert answer.status_code in (302, 403)


def test_links_lead_to_what_readers_see(writer, cast):
    newsroom.published(cast, slug="live", title="Shown")
    newsroom.draft(cast, slug="hidden", title="Not shown")
    rows = writer.get(reverse("admin:articles_pick_articles"), {"q": "shown"}).json()["articles"]
    assert [(row["title"], row["url"]) for row in rows] == [("Shown", "/articles/live/")]


def typed(client, address, **fields):
    return client.post(address, {"title": "T", "standfirst": "S", **fields}).content.decode()


def test_the_checks_read_what_is_typed_and_store_nothing(writer, cast):
    article = newsroom.draft(cast)
    address = reverse("admin:articles_article_checks", args=[article.pk])
    page = typed(writer, address, body='<p>Longer.<sup data-cite="nobody1999"></sup></p>')
    assert "“nobody1999”" in page
    article.refresh_from_db()
    assert "nobody1999" not in article.body


def test_the_checks_know_the_rows_of_the_form(writer, cast):
    page = typed(
        writer,
        reverse("admin:articles_article_checks_new"),
        body="<p>Longer.[@doe2020]</p>",
        **{"article_sources-0-source": cast.source.pk, "authorships-0-author": cast.author.pk},
    )
    assert "The checks found nothing" in page


def test_a_row_marked_for_removal_counts_no_more(writer, cast):
    page = typed(
        writer,
        reverse("admin:articles_article_checks_new"),
        body="<p>Longer.[@doe2020]</p>",
        **{"article_sources-0-source": cast.source.pk, "article_sources-0-DELETE": "on"},
    )
    assert "“doe2020”" in page


def test_the_checks_know_the_products_that_a_writer_sees_and_may_not_change(writer, cast):
    article = newsroom.draft(cast)
    cream = Product.objects.create(name="Cooling Cream", slug="cooling-cream")
    cream.topics.add(Topic.objects.create(name="Skin", slug="skin"))
    Recommendation.objects.create(article=article, product=cream)
    form = article_form(writer, article)
    page = writer.post(reverse("admin:articles_article_checks", args=[article.pk]), form.data).content.decode()
    assert "“Cooling Cream” has no topic in common with the article." in page


def test_a_text_too_large_to_read_is_a_finding(writer):
    page = typed(writer, reverse("admin:articles_article_checks_new"), body="<p>x</p>" * 30_000)
    assert "STR05" in page


def test_the_checks_of_somebody_elses_article_are_not_there(cast, client):
    article = newsroom.draft(cast)
    client.force_login(cast.colleague)
    assert client.post(reverse("admin:articles_article_checks", args=[article.pk]), {}).status_code == 404
