"""The demo's pictures are drawn, not stored: each slug gives one picture, always the same, of one size."""

import io
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

import demo
from demo.pictures import article_hero, portrait, product_picture
from demo.pictures.heroes import SCENES
from demo.pictures.looks import LOOKS
from demo.pictures.portraits import KNOWN

CONTENT = Path(demo.__file__).parent / "content"
HEAVIEST = 250_000
SIZES = {article_hero: (1600, 900), product_picture: (1200, 1200), portrait: (800, 800)}
REFUSED = ("proven", "miracle", "most advanced", "antidote", "completely safe", "no side effects", "remedy")
FIELDS = {"name", "slug", "audience", "kind", "tagline", "description", "ingredients", "directions"}
FIELDS |= {"cautions", "alt"}


def content(name: str) -> dict:
    return tomllib.loads((CONTENT / name).read_text())


PRODUCTS = content("products.toml")["product"]
ARTICLES = sorted(path.parent.name for path in CONTENT.glob("*/article.toml"))
PEOPLE = [person["slug"] for kind in ("author", "advisor") for person in content("people.toml")[kind]]
PICTURES = [
    *[(article_hero, slug) for slug in ARTICLES],
    *[(product_picture, product["slug"], view) for product in PRODUCTS for view in (0, 1)],
    *[(portrait, slug) for slug in PEOPLE],
]
every_picture = pytest.mark.parametrize(
    "picture",
    PICTURES,
    ids=lambda picture: "-".join(str(getattr(part, "__name__", part)) for part in picture),
)
every_product = pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product["slug"])


@cache
def drawn(draw: Callable[..., bytes], *subject) -> bytes:
    """A picture, drawn once for all the tests that only look at it."""
    return draw(*subject)


@every_picture
def test_a_picture_has_the_stated_size_and_stays_light(picture):
    file = drawn(*picture)
    with Image.open(io.BytesIO(file)) as image:
        image.load()
        assert (image.format, image.size) == ("JPEG", SIZES[picture[0]])
    assert len(file) < HEAVIEST


@every_picture
def test_drawing_it_again_gives_the_same_bytes(picture):
    draw, *subject = picture
    assert draw(*subject) == drawn(*picture)


def test_no_two_pictures_are_alike():
    assert len({drawn(*picture) for picture in PICTURES}) == len(PICTURES)


def test_another_process_with_another_hash_seed_draws_the_same_picture():
    slug = PEOPLE[0]
    code = f"import hashlib; from demo.pictures import portrait; print(hashlib.sha256(portrait({slug!r})).hexdigest())"
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        cwd=Path(demo.__file__).parent.parent,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        text=True,
    )
    assert run.stdout.strip() == sha256(drawn(portrait, slug)).hexdigest()


def test_everything_in_the_content_has_a_picture_of_its_own():
    assert set(SCENES) == set(ARTICLES)
    assert set(LOOKS) == {product["slug"] for product in PRODUCTS}
    assert set(KNOWN) == set(PEOPLE)


@pytest.mark.parametrize("draw", SIZES)
def test_an_unknown_slug_gets_a_picture_all_the_same(draw):
    one, other = draw("not-in-the-content"), draw("nor-is-this")
    with Image.open(io.BytesIO(one)) as image:
        assert image.size == SIZES[draw]
    assert one != other


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
