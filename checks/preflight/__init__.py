"""Editorial checks: they find problems in a draft before a scientist reads it. Pure: no queries.

The admin, the check before a submission, and commands call `run(draft)`. Each family of checks is a module; to add a
check, add a function to the CHECKS of its family.
"""

from checks.preflight import citations, claims, commerce, harm, leftovers, legal, puffery, safety, structure, wording
from checks.preflight.draft import Draft, DraftIngredient, DraftProduct, DraftSource, Term, WordLists
from checks.preflight.findings import Finding, Level

__all__ = [
    "Draft",
    "DraftIngredient",
    "DraftProduct",
    "DraftSource",
    "Finding",
    "Level",
    "WordLists",
    "Term",
    "blockers",
    "run",
    "unanswered",
]

FAMILIES = (structure, citations, leftovers, claims, puffery, harm, safety, commerce, legal, wording)


def run(draft: Draft) -> list[Finding]:
    """Return the findings of all checks, the most serious level first and otherwise in the order of the families."""
    found = [finding for family in FAMILIES for check in family.CHECKS for finding in check(draft)]
    return sorted(found, key=lambda finding: finding.level.gravity)


def blockers(findings: list[Finding]) -> list[Finding]:
    """Return the blockers among the findings, which must be resolved before a submission."""
    return [finding for finding in findings if finding.level is Level.BLOCKER]


def unanswered(findings: list[Finding]) -> list[Finding]:
    """Return the warnings that have no waiver yet."""
    return [finding for finding in findings if finding.level is Level.WARNING and not finding.waived]
