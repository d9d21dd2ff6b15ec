"""The vocabulary of claims: conditions, biomarkers, germs, medicines and what we sell, as one lexicon. Pure."""

from functools import lru_cache
from pathlib import Path

from checks.preflight.draft import WordLists
from checks.preflight.lexicon import Lexicon

# The tags that stand for the terms of each list in patterns: letters of a script that our texts do not use.
OWN, SUBSTANCE, DISEASE, SYMPTOM, MARKER, GERM, MEDICINE = "ꀀꀁꀂꀃꀄꀅꀆ"

_TERMS = Path(__file__).with_name("terms")


@lru_cache(maxsize=3)
def public_terms(name: str) -> tuple[str, ...]:
    """Return the terms of a file in terms/ such as conditions.txt, without the comments that name the source."""
    lines = (_TERMS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if not line.startswith("#"))


@lru_cache(maxsize=8)
def claim_lexicon(lists: WordLists) -> Lexicon:
    """Return the terms of all lists with their tags. If a term is on several lists, the last list counts.

    The lists of editors come after those in terms/. Our ingredients and products follow, so that their names count as
    ours whatever else they mean. Excluded terms are removed at the end.
    """
    named = (name for ingredient in lists.ingredients for name in ingredient.names)
    products = (name for product in lists.products for name in (product.name, product.brand))
    tagged = (
        (public_terms("conditions"), DISEASE),
        (public_terms("topics"), DISEASE),
        (public_terms("substances"), SUBSTANCE),
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
