"""A newsroom in which one word, “magnesium”, names something of every kind."""

from collections.abc import Callable

import pytest
from django.test import Client

from core.admin.search.finding import NewsroomResults
from products.models import Ingredient, Product
from tests import newsroom

PAGE, FOUND = "/admin/search/", "/admin/search/found/"


@pytest.fixture
def scene(cast):
    """Return the cast; a draft, a source, an advisor, a product, an ingredient and an account are about magnesium."""
    newsroom.draft(cast, slug="the-draft", title="Magnesium and sleep")
    newsroom.source("magnesium2019", title="Oral magnesium in adults")
    newsroom.advisor("magnesium")
    Product.objects.create(name="Magnesium Gummies", slug="magnesium-gummies")
    Ingredient.objects.create(name="Magnesium salts")
    return cast


@pytest.fixture
def search(client: Client) -> Callable[..., NewsroomResults]:
    """Return a function that searches as a person, by what the dialog asks: search(cast.writer, "magnesium")."""

    def searched(user, typed: str, address: str = FOUND) -> NewsroomResults:
        client.force_login(user)
        answer = client.get(address, {"q": typed})
        assert answer.status_code == 200
        return answer.context["results"]

    return searched


def titles(results: NewsroomResults, label: str) -> list[str]:
    """Return the titles of the rows in the group with this label, or an empty list if there is no such group."""
    return [row.title for group in results.groups if group.label == label for row in group.rows]


def labels(results: NewsroomResults) -> list[str]:
    return [group.label for group in results.groups]
