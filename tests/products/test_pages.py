"""What readers see of the shop: what is on sale, each product with its limits, and the articles that recommend it."""

import json
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Recommendation
from products.models import Audience, Ingredient, Kind, Product, ProductIngredient, ProductPicture
from tests import newsroom

PAGE = "/products/gummies/"


@pytest.fixture(autouse=True)
def no_picture_files(monkeypatch):
    """Only name pictures and do not store them: their dimensions are given and not read from a file."""
    monkeypatch.setattr("django.db.models.fields.files.ImageField.update_dimension_fields", lambda *a, **k: None)


def product(name: str = "Gummies", **fields: object) -> Product:
    made = Product.objects.create(name=name, slug=name.lower().replace(" ", "-"), **fields)
    ProductPicture.objects.create(product=made, image="a.webp", width=4, height=3, alternative_text="A jar")
    return made


def get(client, address: str = PAGE, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        get(client, address)
    return len(asked)


def test_the_list_shows_what_is_on_sale_by_whom_it_is_for(client, db):
    product("Male", audience=Audience.MEN)
    product("Zebra")
    product("Aardvark")
    product("Female", audience=Audience.WOMEN)
    product("Gone", is_available=False)
    html = get(client, "/products/").split("<footer")[0]

    assert re.findall(r"<h[23][^>]*>(?:<a[^>]*>)?([^<]+)", html.split("<footer")[0]) == [
        *("For everyone", "Aardvark", "Zebra", "For women", "Female", "For men", "Male"),
    ]
    assert "It does not review products" in html


def test_the_list_has_pages_and_asks_the_same_however_many_there_are(client, db):
    product("One")
    few = queries(client, "/products/")
    for serial in range(30):
        product(f"More {serial}")

    assert queries(client, "/products/") == few == 3
    assert "page 2" in get(client, "/products/?page=2") and get(client, "/products/?page=3", 404)


def test_an_empty_shop_says_so(client, db):
    assert "Nothing is on sale" in get(client, "/products/")


def test_a_product_says_what_is_in_it_and_where_the_limit_comes_from(client, db):
    made = product(ingredients="Magnesium, 80 mg\n\nPectin", directions="Two a day.", cautions="Ask first.")
    zinc = Ingredient.objects.create(
        name="Zinc of the tests", unit="µg", upper_limit=40_000, limit_source="A body, 2001, https://doi.org/10.17226/1"
    )
    none = Ingredient.objects.create(name="A leaf", unit="mg")
    ProductIngredient.objects.create(product=made, ingredient=zinc, amount=Decimal("8100.500"))
    ProductIngredient.objects.create(product=made, ingredient=none, amount=5, position=1)
    html = get(client)

    assert "8,100.5\u00a0µg" in html and "21% of the limit" in html and "40,000\u00a0µg" in html
    assert 'href="https://doi.org/10.17226/1"' in html and "None on record" in html
    assert "<li>Pectin</li>" in html and "Two a day." in html and "Ask first." in html


def test_whom_it_is_for_stands_above_its_name(client, db):
    product(audience=Audience.WOMEN)
    html = get(client)

    assert html.index("For women") < html.index("<h1>Gummies</h1>")


def test_the_statement_of_the_fda_is_about_supplements_only(client, db):
    made = product(tagline="Helps you rest.")
    html = get(client)
    assert html.count("This product is not intended to diagnose") == 1 and 'href="#fdaStatement"' in html
    assert "These products are not intended" in get(client, "/products/")

    Product.objects.filter(pk=made.pk).update(kind=Kind.TOPICAL)
    assert "Food and Drug" not in get(client) + get(client, "/products/")


def test_the_articles_behind_it_are_those_that_readers_can_open(client, cast):
    made = product()
    live = newsroom.published(cast, title="A live text")
    draft = newsroom.draft(cast, title="A draft canary")
    other = newsroom.published(cast, title="Another text")
    for article in (live, draft):
        Recommendation.objects.create(article=article, product=made)
    html = get(client)

    assert f'href="{live.get_absolute_url()}"' in html and "A live text" in html
    assert "canary" not in html and other.title not in html
    assert "reviews articles, not products" in html
    workflow.withdraw(article=live, actor=cast.editor, notice="It was wrong.")
    assert "A live text" not in get(client)


def test_no_query_grows_with_what_a_product_has(client, cast):
    made = product()
    Recommendation.objects.create(article=newsroom.published(cast), product=made)
    few = queries(client, PAGE)
    for serial in range(4):
        Recommendation.objects.create(article=newsroom.published(cast), product=made)
        ingredient = Ingredient.objects.create(name=f"Leaf {serial}", unit="mg")
        ProductIngredient.objects.create(product=made, ingredient=ingredient, amount=1)
        ProductPicture.objects.create(product=made, image="b.webp", width=4, height=3, alternative_text="A jar")

    # One more for the ingredients themselves, as soon as there is one.
    assert (few, queries(client, PAGE)) == (5, 6)


def test_what_is_no_longer_sold_keeps_its_page_and_says_so(client, db):
    made = product(shop_url="https://shop.example.org/g", cautions="Ask first.")
    assert "https://shop.example.org/g" in get(client)
    made.is_available = False
    made.save()
    html = get(client)

    assert "We no longer sell this" in html and "Ask first." in html
    assert 'href="https://shop.example.org/g"' not in html and 'content="noindex, follow"' in html
    assert "https://schema.org/Discontinued" in html


def test_what_was_never_on_sale_has_no_page(client, db):
    product(is_available=False)
    get(client, PAGE, 404)


def test_its_graph_offers_it_without_a_price(client, db):
    product(shop_url="https://shop.example.org/g", brand="Ours")
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', get(client))
    nodes = {node["@type"]: node for node in json.loads(script)["@graph"]}

    assert nodes["Product"]["offers"]["url"] == "https://shop.example.org/g"
    assert nodes["Product"]["image"] == ["http://127.0.0.1:8000/media/a.webp"]
    assert nodes["WebPage"]["mainEntity"] == {"@id": nodes["Product"]["@id"]}
    assert [step["name"] for step in nodes["BreadcrumbList"]["itemListElement"]][1:] == ["Products", "Gummies"]


def test_nothing_that_was_typed_becomes_markup(client, db):
    script = "<script>alert(1)</script>"
    made = product(tagline=script, ingredients=script, directions=script, cautions=script, brand=script)
    Product.objects.filter(pk=made.pk).update(shop_url="javascript:alert(1)")
    with connection.cursor() as cursor:  # past every door of the house
        cursor.execute("UPDATE products_product SET description = %s", [f"<p>Fine</p>{script}"])
    html = get(client).replace('<script type="application/ld+json">', "", 1)

    assert "<script" not in html and "javascript:" not in html and "<p>Fine</p>" in html


@pytest.mark.parametrize("address", ["/products/", PAGE])
def test_any_cache_may_keep_it_and_no_cookie_is_set(client, db, address):
    product()
    answer = client.get(address)

    assert answer.is_public and not answer.cookies and "csrf" not in answer.content.decode()
    assert client.post(address).status_code == 405
