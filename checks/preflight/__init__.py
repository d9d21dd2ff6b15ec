"""Editorial checks: what a machine can say of a draft before a scientist has to. Pure.

`run(draft)` serves the admin, the gate before a submission and commands alike. One family of checks a file;
adding a check is adding a function to its family's CHECKS.
"""

from checks.preflight import citations, claims, commerce, legal, safety, structure, wording
from checks.preflight.draft import Draft, DraftIngredient, DraftProduct, DraftSource, Lists, Term
from checks.preflight.findings import Finding, Level

__all__ = [
    "Draft",
    "DraftIngredient",
    "DraftProduct",
    "DraftSource",
    "Finding",
    "Level",
    "Lists",
    "Term",
    "blockers",
    "run",
    "unanswered",
]

FAMILIES = (structure, citations, claims, safety, commerce, legal, wording)


def run(draft: Draft) -> list[Finding]:
    """Every finding of every check, the gravest first, otherwise in the order of the families."""
    found = [finding for family in FAMILIES for check in family.CHECKS for finding in check(draft)]
    return sorted(found, key=lambda finding: finding.level.gravity)


def blockers(findings: list[Finding]) -> list[Finding]:
    """Those that have to be mended before the board reads."""
    return [finding for finding in findings if finding.level is Level.BLOCKER]


def unanswered(findings: list[Finding]) -> list[Finding]:
    """Warnings that nobody has answered yet."""
    return [finding for finding in findings if finding.level is Level.WARNING and not finding.waived]
