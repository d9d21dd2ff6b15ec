"""Active ingredients of products and their upper limits."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from products.models import Ingredient, Product, ProductIngredient
from tests.admin_forms import form_of

LIMIT = {"upper_limit": Decimal("350"), "limit_source": "US NASEM, 1997"}


@pytest.fixture
def magnesium(db):
    return Ingredient.objects.create(name="Magnesium of the tests", unit="mg", **LIMIT)


@pytest.fixture
def product(db):
    return Product.objects.create(name="Gummies", slug="gummies")


@pytest.mark.parametrize(("amount", "is_taken"), [("350", True), ("350.001", False), ("100", True)])
def test_an_amount_above_the_limit_on_record_is_refused(magnesium, product, amount, is_taken):
    row = ProductIngredient(product=product, ingredient=magnesium, amount=Decimal(amount))
    if is_taken:
        row.full_clean()
    else:
        with pytest.raises(ValidationError, match="350 mg a day .US NASEM, 1997"):
            row.full_clean()


def test_an_ingredient_without_a_limit_on_record_takes_any_amount(product):
    tea = Ingredient.objects.create(name="Green tea extract")
    ProductIngredient(product=product, ingredient=tea, amount=Decimal("5000")).full_clean()


def test_a_limit_comes_with_its_source(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        Ingredient.objects.create(name="Zinc of the tests", upper_limit=Decimal("40"))


def test_nothing_is_on_the_list_twice(magnesium, product):
    ProductIngredient.objects.create(product=product, ingredient=magnesium, amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductIngredient.objects.create(product=product, ingredient=magnesium, amount=2)


def test_every_change_of_a_limit_is_kept_with_who_made_it(cast, client, magnesium):
    client.force_login(cast.editor)
    address = reverse("admin:products_ingredient_change", args=[magnesium.pk])
    form_of(client.get(address), "ingredient_form").send(client, upper_limit="250", limit_source="EFSA, 2006")
    kept = [(row.upper_limit, row.history_user) for row in magnesium.history.all()]
    assert kept == [(Decimal("250"), cast.editor), (Decimal("350"), None)]


def test_a_writer_looks_and_changes_nothing(cast, client, magnesium):
    client.force_login(cast.writer)
    address = reverse("admin:products_ingredient_change", args=[magnesium.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"name": "Other", "unit": "mg"}).status_code == 403
    magnesium.refresh_from_db()
    assert magnesium.name == "Magnesium of the tests"


def test_an_amount_stands_without_the_zeros_of_its_column(cast, client, magnesium, product):
    ProductIngredient.objects.create(product=product, ingredient=magnesium, amount=Decimal("0.5"))
    change = reverse("admin:products_ingredient_change", args=[magnesium.pk])
    of_product = reverse("admin:products_product_change", args=[product.pk])
    client.force_login(cast.editor)
    listed = client.get(reverse("admin:products_ingredient_changelist"), {"q": magnesium.name}).content.decode()
    assert "350\u00a0mg" in listed and "350.0" not in listed
    assert 'value="350"' in client.get(change).content.decode()
    assert 'value="0.5"' in client.get(of_product).content.decode()
    client.force_login(cast.writer)  # who may look, and change nothing
    looked_at = client.get(change).content.decode() + client.get(of_product).content.decode()
    assert "350\u00a0mg" in looked_at and "0.5\u00a0mg" in looked_at
    assert "350.0" not in looked_at and "0.500" not in looked_at
