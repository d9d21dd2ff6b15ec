"""Which ingredient a dose is of. Pure."""

import re
from decimal import Decimal
from functools import lru_cache

from articles.preflight.amounts import Dose
from articles.preflight.draft import Draft, DraftIngredient
from articles.preflight.language import naming
from articles.preflight.reading import Sentence

# “500 mg of it”: no name of another substance.
_GENERIC = {"it", "the", "this", "these", "that", "elemental", "supplement", "supplemental", "each", "a", "your", "per"}
_OF = re.compile(r"(?: daily| a day| per day)? of ([\w-]+)", re.IGNORECASE)
# µg of one international unit, by which a label's IU can be read (NIH Office of Dietary Supplements, fact sheets
# on vitamins A (retinol), D and E (natural alpha-tocopherol)).
_UNITS = {"vitamin a": Decimal("0.3"), "vitamin d": Decimal("0.025"), "vitamin e": Decimal(670)}


@lru_cache(maxsize=16)
def _table(ingredients: tuple[DraftIngredient, ...]) -> tuple[re.Pattern[str] | None, dict[str, DraftIngredient]]:
    known = {name.casefold(): ingredient for ingredient in reversed(ingredients) for name in ingredient.names}
    return naming(tuple(name for ingredient in ingredients for name in ingredient.names)), known


def micrograms(dose: Dose, ingredient: DraftIngredient) -> Decimal | None:
    """The dose in µg; None for international units of what has no fixed factor."""
    factors = [_UNITS[name.casefold()] for name in ingredient.names if name.casefold() in _UNITS]
    return dose.micrograms(factors[0] if factors else None)


def attributed(dose: Dose, sentence: Sentence, draft: Draft) -> tuple[DraftIngredient | None, int]:
    """The ingredient that a dose is of, and where its name ends in the sentence (-1 where it does not stand there).

    The one named nearest in the sentence, a name behind the dose before one in front of it; else the only one that
    its heading, or else the title, names. None where the dose is of something that is not on our list.
    """
    pattern, known = _table(draft.lists.ingredients)
    if pattern is None:
        return None, -1
    text = sentence.said
    named = list(pattern.finditer(text))
    of = _OF.match(text, dose.end)
    if of and of[1].lower() not in _GENERIC and not any(found.start() - of.start(1) in range(40) for found in named):
        return None, -1
    if named:
        nearest = min(named, key=lambda found: _distance(dose, found, text))
        return known.get(_key(nearest[0])), nearest.end()
    for words in (sentence.heading, draft.title):
        found = {id(one): one for one in (known.get(_key(match[0])) for match in pattern.finditer(words)) if one}
        if len(found) == 1:
            only = next(iter(found.values()))
            # Grams of what is taken in milligrams are of something else: a portion, a body's store.
            return (only if dose.unit != "g" or only.unit == "g" else None), -1
        if found:
            break
    return None, -1


def _key(name: str) -> str:
    return name.casefold()


def _distance(dose: Dose, found: re.Match[str], text: str) -> int:
    """How far a name is from a dose, in characters; what stands between commas and the like is farther."""
    if found.start() >= dose.end:
        between = text[dose.end : found.start()]
        joined = re.fullmatch(r"(?: daily| a day| per day| a night)?(?: of)?(?: [\w-]+){0,2}? ", between)
        return 0 if joined else len(between) + 30 * len(re.findall(r"[,;]| and | or | with ", between))
    between = text[found.end() : dose.start]
    return 1 + len(between) + 30 * len(re.findall(r"[;]| and | or | with ", between))
