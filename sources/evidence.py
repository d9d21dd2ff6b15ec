"""Determine a work's kind of evidence, if its description leaves no doubt. Pure.

Both functions return a proposal for a person to confirm. Nothing is guessed beyond the description.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from sources.evidence_kinds import EVIDENCE_KINDS
from sources.kinds import WORK_KINDS, Evidence

# If a title contains one of these words, no other word in it is evidence of the kind of study.
_NOT_THE_STUDY = re.compile(r"\bprotocol\b|\bcorrection\b|\berratum\b|\bretract|\bin vitro\b", re.IGNORECASE)
# MeSH indexes many cohort studies as cross-sectional too, so the heading for cross-sectional studies is read last.
_BY_HEADING = sorted(EVIDENCE_KINDS.values(), key=lambda kind: kind.evidence == Evidence.CROSS_SECTIONAL)


def proposed(item: Mapping[str, Any], work: str) -> str:
    """Return the kind of evidence (a value of Evidence) of a canonical item, or "" if it is not clear.

    `work` is its kind of work (a value of Work). The kind that the item itself states takes precedence, then PubMed's
    publication types, then the kind of work, then unambiguous words in the title.
    """
    custom = item.get("custom", {})
    stated: str = custom.get("evidence", "")
    if stated in Evidence.values:
        return stated
    types = set(custom.get("publication-types", ()))
    for kind in EVIDENCE_KINDS.values():
        if types & {*kind.types, *kind.file_types} or (
            kind.evidence == Evidence.NONRANDOMISED_TRIAL and _names_a_phase(types)
        ):
            return kind.evidence
    if follows := WORK_KINDS[work].evidence:
        return follows
    title = item.get("title", "")
    if _NOT_THE_STUDY.search(title):
        return ""
    titled = (kind for kind in EVIDENCE_KINDS.values() if kind.title)
    return next((kind.evidence for kind in titled if re.search(kind.title, title, re.IGNORECASE)), "")


def of_pubmed(types: Collection[str], headings: Collection[str] = ()) -> str:
    """Return the kind of evidence (a value of Evidence) by PubMed's publication types and MeSH headings.

    Return "" if it is not clear. Case is ignored. Headings are used only if the types do not determine the kind.
    """
    types, headings = ({name.strip().lower() for name in names} for names in (types, headings))
    if types & _lower(EVIDENCE_KINDS[Evidence.ANIMAL].answer_types):  # a veterinary trial is not a trial in people
        return str(Evidence.ANIMAL)
    for kind in EVIDENCE_KINDS.values():
        if types & _lower((*kind.types, *kind.answer_types)):
            return str(kind.evidence)
    for kind in _BY_HEADING:
        if headings & _lower(kind.headings):
            return str(kind.evidence)
    if "humans" not in headings:
        if "animals" in headings:
            return str(Evidence.ANIMAL)
        if "in vitro techniques" in headings:
            return str(Evidence.IN_VITRO)
    return ""


def _names_a_phase(types: set[str]) -> bool:
    return any(name.startswith("Clinical Trial, Phase") for name in types)


def _lower(names: Collection[str]) -> set[str]:
    return {name.lower() for name in names}
