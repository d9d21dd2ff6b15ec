"""The vocabulary of claims: conditions, biomarkers, germs, medicines and what we sell, as one lexicon. Pure."""

from functools import lru_cache
from pathlib import Path

from checks.preflight.draft import WordLists
from checks.preflight.lexicon import Lexicon

# The tags by which patterns name the terms of a list: letters of a script that no text of ours uses.
OWN, SUBSTANCE, DISEASE, SYMPTOM, MARKER, GERM, MEDICINE = "ꀀꀁꀂꀃꀄꀅꀆ"

_CONDITIONS = Path(__file__).with_name("terms") / "conditions.txt"


@lru_cache(maxsize=1)
def public_conditions() -> tuple[str, ...]:
    """Return the names of diseases from the public vocabulary, whose source the first lines of its file name."""
    lines = _CONDITIONS.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if not line.startswith("#"))


@lru_cache(maxsize=8)
def claim_lexicon(lists: WordLists) -> Lexicon:
    """Return the terms of all lists with their tags; later ones replace the same term in earlier ones.

    The lists of editors come after the public vocabulary. Our products and ingredients come last, so that they are what
    a text is about whatever else they are called.
    """
    named = (name for ingredient in lists.ingredients for name in ingredient.names)
    products = (name for product in lists.products for name in (product.name, product.brand))
    tagged = (
        (public_conditions(), DISEASE),
        (lists.diseases, DISEASE),
        (lists.symptoms, SYMPTOM),
        (lists.markers, MARKER),
        (lists.germs, GERM),
        (lists.medicines, MEDICINE),
        (lists.substances, SUBSTANCE),
        (tuple(named), OWN),
        (tuple(products), OWN),
        (lists.excluded, ""),
    )
    return Lexicon((name, tag) for names, tag in tagged for name in names)
