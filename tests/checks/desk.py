"""The material of the tests of the editorial checks: the lists as shipped, a shop, sources of every kind, a draft."""

import importlib
import re
from datetime import date

from checks import preflight
from checks.preflight import Draft, DraftIngredient, DraftProduct, DraftSource, Finding, Term, WordLists

TODAY = date(2026, 11, 23)
WORD_LISTS = importlib.import_module("checks.migrations.0003_word_lists")
UPPER_LIMITS = importlib.import_module("products.migrations.0003_upper_limits")

GUMMY = DraftProduct("Evening Gummies", "Lunara", ("Sleep",))
GEL = DraftProduct("Cooling Gel", "Lunara", ("Sleep",), needs_fda_statement=False)
EVIDENCE = ("randomised_trial", "cohort", "animal", "in_vitro", "systematic_review", "consumer", "cross_sectional")


def ingredient(row: tuple) -> DraftIngredient:
    """Return a row of the migration as the checks read it."""
    fields = UPPER_LIMITS.values(row)
    others = fields["other_names"].splitlines()
    return DraftIngredient((fields["name"], *others), fields["unit"], fields["upper_limit"], fields["limit_source"])


LISTS = WordLists(
    terms=tuple(Term(*row) for row in WORD_LISTS.TERMS),
    **{f"{kind}s": tuple(WORD_LISTS.names(block)) for kind, block in WORD_LISTS.LISTS},
    ingredients=tuple(ingredient(row) for row in UPPER_LIMITS.INGREDIENTS),
    products=(GUMMY, GEL),
)


def source(key: str = "doe2020", **fields: object) -> DraftSource:
    """Return a source without any fault."""
    return DraftSource(
        **{"key": key, "title": "A trial", "doi": "10.1000/x", "evidence": "randomised_trial", "year": 2020, **fields}
    )


# One source for each kind of evidence, with the kind as its key: <sup data-cite="cohort"></sup>.
SOURCES = tuple(source(kind, evidence=kind) for kind in EVIDENCE)
NOTE = (
    "<p>The upper limit is 350 mg a day from supplements. Ask a doctor first if you are pregnant. It interacts with"
    " some medicines.</p>"
)


def draft(body: str = "<p>Text.</p>", **fields: object) -> Draft:
    """Return a complete draft with this body."""
    return Draft(
        **{
            "title": "Sleep",
            "standfirst": "What trials have measured.",
            "body": body,
            "safety_note": NOTE,
            "authors": ("A",),
            "lists": LISTS,
            "today": TODAY,
            **fields,
        }
    )


def found(body: str = "<p>Text.</p>", **fields: object) -> list[Finding]:
    """Return the findings in the body, without those about sources that are attached but not cited."""
    return [each for each in preflight.run(draft(body, **fields)) if "not cited" not in each.message]


def ids(body: str = "<p>Text.</p>", **fields: object) -> list[str]:
    """Return the ids of the findings, each once and without advice."""
    return sorted({each.id for each in found(body, **fields) if each.level.value != "advice"})


def words(sentence: str) -> str:
    """Return a paragraph in which [x y] becomes a citation mark."""
    return "<p>" + re.sub(r"\[([a-z_ ]+)\]", r'<sup data-cite="\1"></sup>', sentence) + "</p>"
