"""Structured data: true, complete, in terms of schema.org, and only about what readers may see."""

import re
from datetime import datetime

import pytest

from articles import workflow
from articles.models import ChangeKind, Recommendation
from products.models import Product
from products.structured_data import of_product
from tests import newsroom
from tests.graphs import graph_of, loose_ends, of_type, strange
from website.structured_data import of_person

SITE = "http://127.0.0.1:8000"
CANARY = "Xylocanary"


@pytest.fixture
def full(cast):
    """Return a corrected article with a product beside it."""
    article = newsroom.published(cast)
    product = Product.objects.create(name="Magnesium", slug="magnesium", shop_url="https://shop.example.org/m")
    Recommendation.objects.create(article=article, product=product)
    newsroom.rewrite(cast, article, standfirst="What trials </script><b>have</b> measured.")
    newsroom.approve(newsroom.submit(cast, article))
    article.refresh_from_db()
    workflow.publish(article=article, actor=cast.editor, change_note="A number was wrong.", kind=ChangeKind.CORRECTION)
    return article


def test_every_pair_of_type_and_property_is_in_the_vocabulary(client, cast, full):
    product = Product(name="Magnesium", slug="m", brand="Ours", tagline="Helps.", shop_url="https://shop.example.org/")
    advisor = cast.advisors[0]
    advisor.orcid, advisor.job_title, advisor.affiliation = "0000-0002-1825-0097", "Professor", "A university"

    assert strange(graph_of(client, full.get_absolute_url())) == []
    assert strange(of_person(advisor, "/experts/ada/")["@graph"]) == []
    assert strange(of_product(product, f"{SITE}/products/m/", [f"{SITE}/media/m.webp"])["@graph"]) == []


def test_a_strange_pair_is_found():
    assert strange([{"@type": "Article", "reviewedBy": {"@id": "#a"}}]) == [("Article", "reviewedBy")]
    assert strange([{"@type": "MedicalWebPage", "aspect": "causes"}]) == [("MedicalWebPage", "aspect")]
    assert strange([{"@type": "Artikel", "name": "A"}]) == [("Artikel", "name")]


def test_the_article_says_what_the_page_says(client, full):
    graph = graph_of(client, full.get_absolute_url())
    page, article = of_type(graph, "MedicalWebPage"), of_type(graph, "Article")

    assert article["headline"] == page["name"] == "Magnesium and sleep"
    assert article["abstract"] == "What trials </script><b>have</b> measured."
    assert [row["text"] for row in article["correction"]] == ["Editors’ note: A number was wrong."]
    assert article["citation"][0]["name"].startswith("Doe J. A trial called doe2020.")
    assert article["mentions"][0]["name"] == "Magnesium" and "offers" not in article["mentions"][0]
    for moment in (article["datePublished"], article["dateModified"]):
        assert datetime.fromisoformat(moment).utcoffset() is not None
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", page["lastReviewed"])


def test_people_are_named_without_their_titles(client, full):
    people = [node for node in graph_of(client, full.get_absolute_url()) if node["@type"] == "Person"]
    ada = next(person for person in people if person["name"] == "Ada")

    assert {person["name"] for person in people} == {"Ada", "Ben", "Wanda Writer"}
    assert (ada["honorificPrefix"], ada["honorificSuffix"], ada["@id"]) == ("Dr", "PhD", f"{SITE}/experts/ada/#person")
    assert ada["hasCredential"] == [{"@type": "EducationalOccupationalCredential", "name": "PhD"}]


def test_every_reference_leads_to_a_node_and_no_identifier_stands_twice(client, full):
    graph = graph_of(client, full.get_absolute_url())

    assert loose_ends(graph) == set()
    assert all(node["@id"].startswith(f"{SITE}/") for node in graph)


def test_an_address_is_full_and_the_identifiers_stay(client, cast, full):
    before = {node["@id"] for node in graph_of(client, full.get_absolute_url())}
    newsroom.rewrite(cast, full, title="Another title")
    newsroom.approve(newsroom.submit(cast, full))
    full.refresh_from_db()
    newsroom.publish(cast, full)

    assert {node["@id"] for node in graph_of(client, full.get_absolute_url())} == before


def test_the_offer_stands_on_the_product_s_page():
    product = Product(name="Magnesium", slug="m", shop_url="https://shop.example.org/", is_available=False)
    offer = of_type(of_product(product, f"{SITE}/products/m/")["@graph"], "Product")["offers"]

    assert offer["url"] == "https://shop.example.org/" and offer["availability"] == "https://schema.org/Discontinued"


def test_a_link_to_the_article_is_shown_with_its_words(client, full):
    html = client.get(full.get_absolute_url()).content.decode()

    assert '<meta property="og:type" content="article">' in html
    assert '<meta property="og:title" content="Magnesium and sleep">' in html
    assert f'<meta property="og:url" content="{SITE}{full.get_absolute_url()}">' in html
    assert '<meta name="twitter:card" content="summary">' in html
    assert '<meta name="robots" content="max-image-preview:large">' in html
    assert html.count('rel="canonical"') == html.count('name="description"') == 1


def test_neither_drafts_nor_earlier_nor_withdrawn_words_are_told(client, cast, full):
    newsroom.rewrite(cast, full, title=CANARY, standfirst=CANARY)
    assert CANARY not in client.get(full.get_absolute_url()).content.decode()

    version = str(graph_of(client, f"{full.get_absolute_url()}versions/1/"))
    assert "Magnesium and sleep" in version and "</script>" not in version and CANARY not in version
    workflow.withdraw(article=full, actor=cast.editor, notice="It was wrong.")
    for address in (full.get_absolute_url(), f"{full.get_absolute_url()}versions/1/"):
        gone = client.get(address).content.decode()
        assert "ld+json" not in gone and "og:" not in gone


AROUND = ["/", "/?page=2", "/topics/", "/topics/sleep/", "/search/", "/experts/", "/experts/ada/"]
AROUND += ["/authors/wanda-writer/", "/corrections/", "/newsletter/", "{article}", "{article}record/"]
AROUND += ["{article}versions/1/", "{article}versions/2/"]


@pytest.mark.parametrize("address", AROUND)
def test_a_page_has_one_graph_in_which_everything_hangs_together(client, cast, full, address):
    for _ in range(12 if "page" in address else 0):
        newsroom.published(cast)
    graph = graph_of(client, address.format(article=full.get_absolute_url()))
    (page,) = [node for node in graph if node["@type"].endswith("Page")]

    assert strange(graph) == []
    assert loose_ends(graph) <= {f"{SITE}{full.get_absolute_url()}#article"}
    assert page["url"] == f"{SITE}{address.format(article=full.get_absolute_url())}" and page["name"]
    assert page["isPartOf"] == {"@id": f"{SITE}/#website"}


def test_a_list_names_what_it_holds_in_its_order(client, cast, full):
    other = newsroom.published(cast, title="Zinc")
    steps = of_type(graph_of(client, "/topics/sleep/"), "ItemList")["itemListElement"]

    assert [(step["position"], step["name"]) for step in steps] == [(1, "Zinc"), (2, "Magnesium and sleep")]
    assert steps[0]["item"] == f"{SITE}{other.get_absolute_url()}"


def test_the_way_to_a_page_is_told_from_the_first_page_on(client, full):
    steps = of_type(graph_of(client, f"{full.get_absolute_url()}record/"), "BreadcrumbList")["itemListElement"]

    assert [step["name"] for step in steps][1:] == ["Magnesium and sleep", "The record of “Magnesium and sleep”"]
    assert steps[0]["item"] == f"{SITE}/" and steps[-1]["item"] == f"{SITE}{full.get_absolute_url()}record/"


def test_a_version_is_an_example_of_its_article(client, full):
    graph = graph_of(client, f"{full.get_absolute_url()}versions/1/")
    version = of_type(graph, "Article")

    assert version["version"] == 1 and version["headline"] == "Magnesium and sleep"
    assert version["exampleOfWork"]["@id"] == f"{SITE}{full.get_absolute_url()}#article"


@pytest.mark.parametrize("query", ["?q=magnesium", "?topic=sleep", "?evidence=trial", "?page=1"])
def test_what_somebody_looked_for_is_not_to_be_listed(client, full, query):
    html = client.get(f"/search/{query}").content.decode()

    assert '<meta name="robots" content="noindex, follow">' in html and "ld+json" not in html
    assert f'<link rel="canonical" href="{SITE}/search/">' in html
    assert "noindex" not in client.get("/search/").content.decode()
