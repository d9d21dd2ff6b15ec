"""Read the lists that editors maintain for the editorial checks."""

from checks.models import Condition, ConditionKind, PreferredTerm
from checks.preflight import DraftIngredient, DraftProduct, Term, WordLists
from products.models import Ingredient, Product


def lists() -> WordLists:
    """Return the word lists that editors maintain for the checks. Makes four queries."""
    names: dict[str, list[str]] = {kind: [] for kind in ConditionKind.values}
    for name, kind in Condition.objects.values_list("name", "kind"):
        names[kind].append(name)
    return WordLists(
        terms=tuple(Term(term.avoid, term.prefer, term.why) for term in PreferredTerm.objects.all()),
        diseases=tuple(names[ConditionKind.DISEASE]),
        symptoms=tuple(names[ConditionKind.SYMPTOM]),
        markers=tuple(names[ConditionKind.MARKER]),
        germs=tuple(names[ConditionKind.GERM]),
        medicines=tuple(names[ConditionKind.MEDICINE]),
        substances=tuple(names[ConditionKind.SUBSTANCE]),
        verbs=tuple(names[ConditionKind.VERB]),
        excluded=tuple(names[ConditionKind.EXCLUDED]),
        ingredients=tuple(
            DraftIngredient(
                names=(row.name, *(name.strip() for name in row.other_names.splitlines() if name.strip())),
                unit=row.unit,
                upper_limit=row.upper_limit,
                limit_source=row.limit_source,
            )
            for row in Ingredient.objects.all()
        ),
        products=tuple(DraftProduct(name, brand) for name, brand in Product.objects.values_list("name", "brand")),
    )
