"""COM and LEG: what each check finds, and a similar sentence that it accepts."""

import pytest

from checks.preflight import DraftProduct
from tests.checks.desk import GEL, GUMMY, ids, words

DISCLOSURE = "We sell supplements."


@pytest.mark.parametrize("sentence", ["Evening Gummies taste of plum.", "Many know Lunara by its jars."])
def test_naming_what_we_sell_without_a_disclosure_blocks(sentence):
    assert ids(words(sentence)) == ["COM01"]
    assert ids(words(sentence), disclosure=DISCLOSURE) == []


@pytest.mark.parametrize("sentence", ["Gummies in the evening taste of plum.", "The lunara moth flies at night."])
def test_ordinary_words_are_left_alone(sentence):
    assert ids(words(sentence)) == []


def test_a_product_called_like_its_ingredient_is_the_ingredient():
    lists = GUMMY.__class__("Magnesium")
    from tests.checks.desk import LISTS

    shop = LISTS.__class__(ingredients=LISTS.ingredients, products=(lists,))
    assert ids(words("Magnesium is a mineral."), lists=shop) == []


def test_products_of_other_topics_warn():
    fields = {"topics": ("Focus",), "disclosure": DISCLOSURE}
    assert ids(products=(GUMMY,), **fields) == ["COM02"]
    assert ids(products=(GUMMY,), topics=("Sleep", "Focus"), disclosure=DISCLOSURE) == []
    assert ids(products=(DraftProduct("Without topics"),), **fields) == []


def test_more_than_eight_products_warn():
    shop = tuple(DraftProduct(f"Product {number}") for number in range(9))
    assert ids(products=shop) == ["COM02"]
    assert ids(products=shop[:8]) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Evening Gummies support healthy sleep.",
        "With Lunara you help your muscles relax.",
        "Evening Gummies calm a busy mind.",
    ],
)
def test_an_effect_on_the_body_without_the_fda_statement_blocks(sentence):
    assert ids(words(sentence), disclosure=DISCLOSURE) == ["LEG01"]
    assert ids(words(sentence), disclosure=DISCLOSURE, products=(GEL,)) == ["LEG01"]
    assert ids(words(sentence), disclosure=DISCLOSURE, products=(GUMMY,)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Evening Gummies do not improve sleep.",
        "Do Evening Gummies improve sleep?",
        "Evening Gummies taste of plum.",
        "Magnesium supports healthy sleep.",
        "Cooling Gel helps tired muscles relax.",
        "Sales of Evening Gummies support our work, and customers write about sleep.",
    ],
)
def test_no_claim_no_product_or_no_supplement_is_left_alone(sentence):
    assert "LEG01" not in ids(words(sentence), disclosure=DISCLOSURE)
