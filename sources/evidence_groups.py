"""Kinds of evidence in groups, as readers see them: strongest first. Pure.

The groups follow the usual order (OCEBM Levels of Evidence, 2011): syntheses, trials, observational studies,
laboratory and animal studies, and what reports rather than measures.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sources.kinds import EVIDENCE_KINDS


class EvidenceGroup(NamedTuple):
    """What readers call one source of a group, and several of them; and the kinds of evidence in it."""

    singular: str
    plural: str
    kinds: frozenset[str]


_NAMES = {
    "synthesis": ("guideline or systematic review", "guidelines and systematic reviews"),
    "trial": ("trial", "trials"),
    "observational": ("observational study", "observational studies"),
    "laboratory": ("laboratory or animal study", "laboratory and animal studies"),
    "report": ("review, official page or other report", "reviews, official pages and other reports"),
}
GROUPS: dict[str, EvidenceGroup] = {
    name: EvidenceGroup(*names, frozenset(kind.evidence for kind in EVIDENCE_KINDS.values() if kind.group == name))
    for name, names in _NAMES.items()
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
    kind = EVIDENCE_KINDS.get(evidence)
    return kind.group if kind else "report"


def mix(kinds: Iterable[str]) -> list[Share]:
    """The groups that these kinds of evidence belong to, strongest first; their pieces fill the bar without a gap."""
    return mix_of(Counter(kinds))


def mix_of(kinds: Mapping[str, int]) -> list[Share]:
    """The same of kinds that are counted already."""
    groups: Counter[str] = Counter()
    for kind, number in kinds.items():
        groups[group_of(kind)] += number
    shares, counted, total = [], 0, groups.total()
    for name, group in GROUPS.items():
        if count := groups[name]:
            start = round(WIDTH * counted / total)
            counted += count
            end = round(WIDTH * counted / total)
            shares.append(Share(name, count, group.singular if count == 1 else group.plural, start, end - start))
    return shares
