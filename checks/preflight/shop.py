"""Where a text names what we sell. Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache

from checks.preflight.draft import Draft, DraftIngredient, DraftProduct
from checks.preflight.reading import Sentence, fields

TEXTS = ("title", "standfirst", "key_messages", "body")


@lru_cache(maxsize=16)
def _spelt(products: tuple[DraftProduct, ...], ingredients: tuple[DraftIngredient, ...]) -> re.Pattern[str] | None:
    """Names and brands as they are written, the longest first, but for those that are just an ingredient's name."""
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
    """Each field, sentence and place in which the draft names one of these products (all that we sell) or its brand."""
    pattern = _spelt(draft.lists.products if products is None else products, draft.lists.ingredients)
    if pattern is None:
        return
    for name, sentence in fields(draft, *texts):
        for found in pattern.finditer(sentence.text):
            yield name, sentence, found
