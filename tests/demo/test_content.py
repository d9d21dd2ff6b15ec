"""The content of the demonstration: each text that shows a picture has one, and products have what their page needs."""

from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from demo.load import VIEWS
from demo.texts import CONTENT, table

MOST_BYTES = 3_000_000
REFUSED = ("proven", "miracle", "most advanced", "antidote", "completely safe", "no side effects", "remedy")
FIELDS = {"name", "slug", "audience", "kind", "tagline", "description", "ingredients", "directions"}
FIELDS |= {"cautions", "alt"}

PRODUCTS = table("products")["product"]
PEOPLE = [person["slug"] for kind in ("author", "advisor") for person in table("people")[kind]]
SIZES = {
    **{path.with_name("hero.webp"): (1600, 900) for path in CONTENT.glob("*/article.toml")},
    **{CONTENT / "people" / f"{slug}.webp": (480, 480) for slug in PEOPLE},
    **{CONTENT / "products" / f"{row['slug']}-{view}.webp": (800, 800) for row in PRODUCTS for view in VIEWS},
}
every_product = pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product["slug"])


def test_every_text_that_shows_a_picture_has_one_and_no_picture_is_left_over():
    assert {path for path in CONTENT.rglob("*") if is_picture(path)} == set(SIZES)


def test_every_picture_is_a_webp_of_the_size_in_which_it_is_used():
    for path, size in SIZES.items():
        with Image.open(path) as image:
            image.load()
            assert (image.format, image.size) == ("WEBP", size), path.name


def test_the_pictures_are_light_and_no_two_are_alike():
    files = [path.read_bytes() for path in SIZES]

    assert sum(map(len, files)) < MOST_BYTES
    assert len({sha256(file).digest() for file in files}) == len(files)


@every_product
def test_a_product_says_all_that_its_page_needs(product):
    assert set(product) - {"active"} == FIELDS
    assert product["audience"] in {"everyone", "men", "women"}
    assert product["kind"] in {"supplement", "topical", "bundle"}
    assert 0 < len(product["tagline"]) <= 120
    assert product["description"].count("<p>") == 2
    assert product["ingredients"]
    assert product["directions"].endswith(".")
    assert product["cautions"].endswith(".")


@every_product
def test_both_pictures_of_a_product_have_an_alternative_text_of_their_own(product):
    first, second = product["alt"]
    assert first != second
    assert all(20 < len(text) <= 250 for text in (first, second))


@every_product
def test_a_product_uses_none_of_the_words_that_the_checks_refuse(product):
    words = " ".join(str(value) for value in product.values()).lower()
    assert [word for word in REFUSED if word in words] == []


def is_picture(path: Path) -> bool:
    return path.is_file() and path.suffix not in (".toml", ".html")
