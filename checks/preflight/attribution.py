"""Find the ingredient to which a dose refers. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from checks.preflight.amounts import Dose
from checks.preflight.draft import Draft, DraftIngredient
from checks.preflight.language import naming
from checks.preflight.reading import Sentence

# Words after “of” that are not the name of a substance, as in “500 mg of it” and “500 mg a day of, in tablets, zinc”.
_GENERIC = {
    *("it", "the", "this", "these", "that", "elemental", "supplement", "supplemental", "each", "a", "your", "per"),
    *("and", "or", "with", "in", "of", "daily", "taken"),
}
_OF = re.compile(r"(?: daily| a day| per day)? of ((?!\d)[\w-]+)", re.IGNORECASE)
_JOINED = re.compile(r"(?: daily| a day| per day| a night)?(?: of)?(?: [\w-]+){0,2}? ")
# Words that separate two substances. The space after one may be the space before the next, hence the lookahead.
_PARTING = re.compile(r" (?:and|or|with)(?= )")
# µg in one international unit (NIH Office of Dietary Supplements, fact sheets on vitamins A (retinol), D and E
# (natural alpha-tocopherol)).
_UNITS = {"vitamin a": Decimal("0.3"), "vitamin d": Decimal("0.025"), "vitamin e": Decimal(670)}


@lru_cache(maxsize=16)
def _table(ingredients: tuple[DraftIngredient, ...]) -> tuple[re.Pattern[str] | None, dict[str, DraftIngredient]]:
    """Return a pattern that finds the names of the ingredients, and the ingredients by casefolded name."""
    known = {name.casefold(): ingredient for ingredient in reversed(ingredients) for name in ingredient.names}
    return naming(tuple(name for ingredient in ingredients for name in ingredient.names)), known


def micrograms(dose: Dose, ingredient: DraftIngredient) -> Decimal | None:
    """Return the dose in µg, or None for international units of an ingredient without a fixed factor."""
    factors = [_UNITS[name.casefold()] for name in ingredient.names if name.casefold() in _UNITS]
    return dose.micrograms(factors[0] if factors else None)


def attributed(dose: Dose, sentence: Sentence, draft: Draft) -> tuple[DraftIngredient | None, int]:
    """Return the ingredient to which a dose refers, and the offset in `sentence.said` at which its name ends.

    It is the ingredient whose name is nearest to the dose; a name after the dose is preferred to one before it. If the
    sentence names no ingredient but its heading, or else the title, names exactly one, return that one and -1; for a
    dose in grams, only if the ingredient is measured in grams. Return (None, -1) in all other cases, such as a dose of
    a substance that is not on the list.
    """
    pattern, known = _table(draft.lists.ingredients)
    if pattern is None:
        return None, -1
    text = sentence.said
    named = _named(text, pattern)
    of = _OF.match(text, dose.end)
    if of and of[1].lower() not in _GENERIC and not named.begins_in(of.start(1), of.start(1) + 40):
        return None, -1
    if named.places:
        nearest = min(named.around(dose), key=lambda found: _distance(dose, found, named))
        return known.get(_key(nearest[0])), nearest.end()
    for words in (sentence.heading, draft.title):
        found = {id(one): one for one in (known.get(name) for name in _named(words, pattern).keys) if one}
        if len(found) == 1:
            only = next(iter(found.values()))
            # Nobody takes grams of an ingredient that is measured in mg: this is a portion, or an amount in the body.
            return (only if dose.unit != "g" or only.unit == "g" else None), -1
        if found:
            break
    return None, -1


class _Named:
    """The names of ingredients in a sentence, and the words and signs that separate them.

    This is computed once for a sentence: repeating it for each dose would take quadratic time for lists of doses.
    """

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self.text = text
        self.places = list(pattern.finditer(text))
        self.starts = [found.start() for found in self.places]
        self.ends = [found.end() for found in self.places]
        self.keys = {_key(found[0]) for found in self.places}
        words = [found.span() for found in _PARTING.finditer(text)]
        self.word_starts = [start for start, _ in words]
        self.word_ends = [end for _, end in words]
        self.signs = [found.start() for found in re.finditer(r"[,;]", text)]
        self.stops = [place for place in self.signs if text[place] == ";"]

    def begins_in(self, start: int, end: int) -> bool:
        """Return whether a name begins at or after `start` and before `end`."""
        return bisect_left(self.starts, start) < bisect_left(self.starts, end)

    def around(self, dose: Dose) -> Iterator[re.Match[str]]:
        """Yield the names that may be nearest to a dose, in order.

        These are the last name before the dose, one that overlaps it, and the first name after it, if they exist.
        """
        touching, behind = bisect_left(self.ends, dose.start), bisect_left(self.starts, dose.end)
        for place in sorted({touching - 1, touching, behind} & set(range(len(self.places)))):
            yield self.places[place]

    def separators(self, start: int, end: int, signs: list[int]) -> int:
        """Return how many of these signs, and of the words “and”, “or” and “with”, are between `start` and `end`."""
        words = bisect_left(self.word_ends, end) - bisect_left(self.word_starts, start)
        return max(0, words) + max(0, bisect_left(signs, end) - bisect_left(signs, start))


@lru_cache(maxsize=16)
def _named(text: str, pattern: re.Pattern[str]) -> _Named:
    """Return the names of ingredients in a sentence; cached."""
    return _Named(text, pattern)


def _key(name: str) -> str:
    """Return a name in the form in which `_table` has it."""
    return name.casefold()


def _distance(dose: Dose, found: re.Match[str], named: _Named) -> int:
    """Return the distance between a name and a dose in characters.

    Each separating word or sign adds 30. The distance is 0 if the name follows the dose directly (“500 mg of zinc”).
    """
    if found.start() >= dose.end:
        if _JOINED.fullmatch(named.text, dose.end, found.start()):
            return 0
        return found.start() - dose.end + 30 * named.separators(dose.end, found.start(), named.signs)
    return 1 + max(0, dose.start - found.end()) + 30 * named.separators(found.end(), dose.start, named.stops)
