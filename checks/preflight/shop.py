"""Find the places at which a draft names one of our products. Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache

from checks.preflight.draft import Draft, DraftIngredient, DraftProduct
from checks.preflight.reading import Sentence, fields

TEXTS = ("title", "standfirst", "key_messages", "body")


@lru_cache(maxsize=16)
def _names_pattern(
    products: tuple[DraftProduct, ...], ingredients: tuple[DraftIngredient, ...]
) -> re.Pattern[str] | None:
    """Return a pattern for the names and brands of the products, case-sensitive and longest first, or None if there are
    none.

    A name that is also the name of an ingredient is left out.
    """
    ordinary = {name.casefold() for ingredient in ingredients for name in ingredient.names}
    names = {name.strip() for product in products for name in (product.name, product.brand)}
    names = {name for name in names if len(name) > 1 and name.casefold() not in ordinary}
    if not names:
        return None
    spelt = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(rf"(?<!\w)(?:{spelt})(?!\w)")


def mentions(
    draft: Draft, products: tuple[DraftProduct, ...] | None = None, texts: tuple[str, ...] = TEXTS
) -> Iterator[tuple[str, Sentence, re.Match[str]]]:
    """Yield (field, sentence, match) for each place at which the draft names one of these products or its brand.

    `products` defaults to all that we sell. `texts` are the names of the fields to search.
    """
    pattern = _names_pattern(draft.lists.products if products is None else products, draft.lists.ingredients)
    if pattern is None:
        return
    for name, sentence in fields(draft, *texts):
        for found in pattern.finditer(sentence.text):
            yield name, sentence, found
