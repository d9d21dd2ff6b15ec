"""Kinds of evidence in groups, as readers see them: strongest first. Pure.

The groups follow the usual order (OCEBM Levels of Evidence, 2011): syntheses, trials, observational studies,
laboratory and animal studies, and what reports rather than measures.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sources.models import Evidence

GROUPS: dict[str, tuple[str, str, frozenset[str]]] = {
    "synthesis": (
        "guideline or systematic review",
        "guidelines and systematic reviews",
        frozenset({Evidence.GUIDELINE, Evidence.SYSTEMATIC_REVIEW}),
    ),
    "trial": ("trial", "trials", frozenset({Evidence.RANDOMISED_TRIAL, Evidence.NONRANDOMISED_TRIAL})),
    "observational": (
        "observational study",
        "observational studies",
        frozenset({Evidence.COHORT, Evidence.CASE_CONTROL, Evidence.CROSS_SECTIONAL, Evidence.CASE_REPORT}),
    ),
    "laboratory": (
        "laboratory or animal study",
        "laboratory and animal studies",
        frozenset({Evidence.ANIMAL, Evidence.IN_VITRO}),
    ),
    "report": (
        "review, official page or other report",
        "reviews, official pages and other reports",
        frozenset({Evidence.NARRATIVE_REVIEW, Evidence.GOVERNMENT, Evidence.PREPRINT, Evidence.CONSUMER}),
    ),
}
WIDTH = 1000  # of the bar, in units of its own


@dataclass(frozen=True)
class Share:
    """A group's part of the sources: how many, in words, and where its piece of the bar lies."""

    group: str
    count: int
    label: str
    start: int
    width: int


def group_of(evidence: str) -> str:
    """The group of a kind of evidence; "report" for a kind that is in no group."""
    return next((name for name, (_, _, kinds) in GROUPS.items() if evidence in kinds), "report")


def mix(kinds: Iterable[str]) -> list[Share]:
    """The groups that these kinds of evidence belong to, strongest first; their pieces fill the bar without a gap."""
    return mix_of(Counter(kinds))


def mix_of(kinds: Mapping[str, int]) -> list[Share]:
    """The same of kinds that are counted already."""
    groups: Counter[str] = Counter()
    for kind, number in kinds.items():
        groups[group_of(kind)] += number
    shares, counted, total = [], 0, groups.total()
    for name, (one, many, _) in GROUPS.items():
        if count := groups[name]:
            start = round(WIDTH * counted / total)
            counted += count
            end = round(WIDTH * counted / total)
            shares.append(Share(name, count, one if count == 1 else many, start, end - start))
    return shares
