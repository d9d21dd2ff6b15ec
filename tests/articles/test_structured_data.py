"""What pages say to machines: true, complete, in words of schema.org, and of what readers may see alone."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from articles import workflow
from articles.models import ChangeKind, Recommendation
from articles.structured_data import of_person, of_site
from products.models import Product
from products.structured_data import of_product
from tests import newsroom

# Every type that the site names, with its properties; superseded ones are not in it.
VOCABULARY = json.loads((Path(__file__).parent / "schema_org.json").read_text())["types"]
SITE = "http://127.0.0.1:8000"
CANARY = "Xylocanary"


def graph_of(client, address: str) -> list[dict]:
    html = client.get(address).content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert len(found) == 1
    return json.loads(found[0])["@graph"]


def nodes(value) -> list[dict]:
    """Every object in a graph, at any depth."""
    if isinstance(value, list):
        return [node for item in value for node in nodes(item)]
    if isinstance(value, dict):
        return [value, *(node for item in value.values() for node in nodes(item))]
    return []


def strange(value) -> list[tuple[str, str]]:
    """Pairs of type and property that schema.org does not have."""
    return [
        (node.get("@type", "nothing"), key)
        for node in nodes(value)
        for key in node
        if set(node) != {"@id"} and not key.startswith("@") and key not in VOCABULARY.get(node.get("@type"), ())
    ]


def of_type(graph: list[dict], name: str) -> dict:
    (node,) = [node for node in graph if node["@type"] == name]
    return node


@pytest.fixture
def full(cast):
    """A corrected article with a product beside it."""
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
    assert strange(graph_of(client, "/")) == []
    assert strange(of_site()["@graph"]) == []
    assert strange(of_person(advisor, f"{SITE}/experts/ada/")["@graph"]) == []
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
    assert [row["text"] for row in article["correction"]] == ["A number was wrong."]
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
    named = [node["@id"] for node in nodes(graph) if "@id" in node and set(node) != {"@id"}]
    pointed = {node["@id"] for node in nodes(graph) if set(node) == {"@id"}}

    assert len(named) == len(set(named)) and pointed <= set(named)
    assert all(identifier.startswith(f"{SITE}/") for identifier in named)


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

    assert "ld+json" not in client.get(f"{full.get_absolute_url()}versions/1/").content.decode()
    workflow.withdraw(article=full, actor=cast.editor, notice="It was wrong.")
    gone = client.get(full.get_absolute_url()).content.decode()
    assert "ld+json" not in gone and "og:" not in gone
