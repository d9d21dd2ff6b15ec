"""The groups of kinds of evidence that readers see, strongest first. Pure.

The groups follow the usual order (OCEBM Levels of Evidence, 2011): syntheses, trials, observational studies, laboratory
and animal studies, and works without measurements of their own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sources.evidence_kinds import EVIDENCE_KINDS


class EvidenceGroup(NamedTuple):
    """A group of kinds of evidence, with its translatable name for one source and for several."""

    singular: str | Promise
    plural: str | Promise
    kinds: frozenset[str]


_NAMES = {
    "synthesis": (_("guideline or systematic review"), _("guidelines and systematic reviews")),
    "trial": (_("trial"), _("trials")),
    "observational": (_("observational study"), _("observational studies")),
    "laboratory": (_("laboratory or animal study"), _("laboratory and animal studies")),
    "report": (_("review, official page or other report"), _("reviews, official pages and other reports")),
}
GROUPS: dict[str, EvidenceGroup] = {
    name: EvidenceGroup(*names, frozenset(kind.evidence for kind in EVIDENCE_KINDS.values() if kind.group == name))
    for name, names in _NAMES.items()
}
WIDTH = 1000  # the width of the bar, in units of its SVG


@dataclass(frozen=True)
class Share:
    """A group's share of the sources: how many there are, a label, and the segment of the bar that shows them.

    `start` and `width` are in units of which the whole bar has WIDTH.
    """

    group: str
    count: int
    label: str
    start: int
    width: int


def group_of(evidence: str) -> str:
    """Return the name of the group that a kind of evidence belongs to, or "report" for an unknown kind."""
    kind = EVIDENCE_KINDS.get(evidence)
    return kind.group if kind else "report"


def mix(kinds: Iterable[str]) -> list[Share]:
    """Return the share of each group in these kinds of evidence (one for each source), the strongest group first.

    Groups without a source are left out. The segments fill the whole bar.
    """
    return mix_of(Counter(kinds))


def mix_of(kinds: Mapping[str, int]) -> list[Share]:
    """Return the share of each group, the strongest first, given the number of sources of each kind of evidence."""
    groups: Counter[str] = Counter()
    for kind, number in kinds.items():
        groups[group_of(kind)] += number
    shares, counted, total = [], 0, groups.total()
    for name, group in GROUPS.items():
        if count := groups[name]:
            start = round(WIDTH * counted / total)
            counted += count
            end = round(WIDTH * counted / total)
            label = str(group.singular if count == 1 else group.plural)
            shares.append(Share(name, count, label, start, end - start))
    return shares
