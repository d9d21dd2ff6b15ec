"""The kind of evidence that a work is, as far as its description says so without doubt. Pure.

A proposal that a person confirms: PubMed's publication types first, then the kind of work, then words in the title
that leave no choice. Nothing is guessed beyond that.
"""

import re

from sources.importers.records import Csl
from sources.models import Evidence, Work

# PubMed's publication types, the strongest kind first (MeSH tree V03).
TYPES = (
    (Evidence.GUIDELINE, ("Practice Guideline", "Guideline", "Consensus Development Conference")),
    (Evidence.SYSTEMATIC_REVIEW, ("Meta-Analysis", "Systematic Review", "Network Meta-Analysis")),
    (Evidence.RANDOMISED_TRIAL, ("Randomized Controlled Trial", "Equivalence Trial", "Pragmatic Clinical Trial")),
    (Evidence.NONRANDOMISED_TRIAL, ("Controlled Clinical Trial", "Clinical Trial", "Adaptive Clinical Trial")),
    (Evidence.CASE_REPORT, ("Case Reports",)),
    (Evidence.PREPRINT, ("Preprint",)),
    (Evidence.NARRATIVE_REVIEW, ("Review", "Editorial", "Comment", "Letter", "Scoping Review")),
)
TITLES = (
    (Evidence.SYSTEMATIC_REVIEW, r"systematic review|meta-?analys[ie]s"),
    (Evidence.RANDOMISED_TRIAL, r"randomi[sz]ed[^.:]{0,80}\btrial\b"),
    (Evidence.CASE_CONTROL, r"case[- ]control study"),
    (Evidence.CROSS_SECTIONAL, r"cross[- ]sectional (?:study|survey|analysis)"),
    (Evidence.COHORT, r"cohort study"),
    (Evidence.CASE_REPORT, r"\bcase report\b"),
    (Evidence.ANIMAL, r"\bin (?:mice|rats)\b"),
)
NOT_THE_THING = re.compile(r"\bprotocol\b|\bcorrection\b|\berratum\b|\bretract|\bin vitro\b", re.IGNORECASE)


def proposed(item: Csl, work: str) -> str:
    """A kind of evidence (models.Evidence), or "" where a person has to say."""
    custom = item.get("custom", {})
    if custom.get("evidence") in Evidence.values:
        return custom["evidence"]
    types = set(custom.get("publication-types", ()))
    for kind, names in TYPES:
        if types & set(names) or (kind == Evidence.NONRANDOMISED_TRIAL and _is_phase(types)):
            return kind
    if work == Work.PREPRINT:
        return Evidence.PREPRINT
    if work == Work.WEB_PAGE:
        return Evidence.CONSUMER
    title = item.get("title", "")
    if NOT_THE_THING.search(title):
        return ""
    return next((kind for kind, words in TITLES if re.search(words, title, re.IGNORECASE)), "")


def _is_phase(types: set[str]) -> bool:
    return any(name.startswith("Clinical Trial, Phase") for name in types)
