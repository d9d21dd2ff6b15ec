"""Which ingredient of a sentence a dose belongs to, compared with a rule that is short but slow."""

import re
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from checks.preflight import Draft, DraftIngredient, WordLists
from checks.preflight.amounts import Dose, doses
from checks.preflight.attribution import attributed
from checks.preflight.reading import read

NAMES = {"magnesium": "magnesium", "Mg": "magnesium", "vitamin D": "vitamin D", "zinc": "zinc"}
LISTS = WordLists(
    ingredients=(
        DraftIngredient(("magnesium", "Mg"), "mg", Decimal(350)),
        DraftIngredient(("vitamin D",), "µg", Decimal(100)),
        DraftIngredient(("zinc",), "mg", Decimal(25)),
    )
)
PHRASES = (
    *NAMES,
    *("500 mg", "2 g", "100 to 400 mg", "1000 IU", "and 30 mg", "or 5 mg", "with zinc", "and magnesium", "of zinc"),
    *("daily", "a day", "a day of", "taken at night", ",", ";", "(", "in tablets", "of it"),
)


def farther(between: str, signs: str) -> int:
    return len(between) + 30 * len(re.findall(rf"[{signs}]| (?:and|or|with)(?= )", between))


def nearest(text: str, dose: Dose) -> str:
    """Return the ingredient with the nearest name, measuring the distance of each name from the dose."""

    def distance(name: re.Match[str]) -> int:
        if name.start() < dose.end:
            return 1 + farther(text[name.end() : dose.start], ";")
        between = text[dose.end : name.start()]
        joined = re.fullmatch(r"(?: daily| a day| per day| a night)?(?: of)?(?: [\w-]+){0,2}? ", between)
        return 0 if joined else farther(between, ",;")

    found = re.finditer(rf"(?<![\w-])(?:{'|'.join(sorted(NAMES, key=len, reverse=True))})(?!\w)", text)
    return NAMES[min(found, key=distance)[0]]


@given(st.lists(st.sampled_from(PHRASES), min_size=1, max_size=20))
def test_it_is_the_one_that_is_named_nearest(phrases):
    draft = Draft(body=f"<p>Take {' '.join(phrases)} zinc</p>", lists=LISTS, today=date(2026, 11, 28))
    for sentence in read(draft.body):
        for dose in doses(sentence.said):
            ingredient, _ = attributed(dose, sentence, draft)
            assert ingredient.names[0] == nearest(sentence.said, dose)
