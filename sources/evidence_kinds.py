"""The kinds of evidence, each with the signs by which it is recognised in the description of a work. Pure."""

from dataclasses import dataclass

from sources.kinds import Evidence


@dataclass(frozen=True, kw_only=True)
class EvidenceKind:
    """A kind of evidence, and the signs by which `sources.evidence` recognises it in the description of a work."""

    evidence: Evidence
    # A key of `sources.evidence_groups.GROUPS`.
    group: str
    # PubMed's publication types (MeSH tree V03, https://www.nlm.nih.gov/mesh/pubtypes.html): those that are read
    # everywhere, those read only in files of reference managers, and those read only in PubMed's own answers.
    types: tuple[str, ...] = ()
    file_types: tuple[str, ...] = ()
    answer_types: tuple[str, ...] = ()
    # MeSH headings.
    headings: tuple[str, ...] = ()
    # A regular expression for words in a title that leave no doubt.
    title: str = ""


# In the order in which the signs are looked for: a work with signs of several kinds is of the first of them.
EVIDENCE_KINDS: dict[str, EvidenceKind] = {
    kind.evidence: kind
    for kind in (
        EvidenceKind(
            evidence=Evidence.GUIDELINE,
            group="synthesis",
            types=("Practice Guideline", "Guideline"),
            file_types=("Consensus Development Conference",),
        ),
        EvidenceKind(
            evidence=Evidence.SYSTEMATIC_REVIEW,
            group="synthesis",
            types=("Meta-Analysis", "Systematic Review", "Network Meta-Analysis"),
            title=r"systematic review|meta-?analys[ie]s",
        ),
        EvidenceKind(
            evidence=Evidence.RANDOMISED_TRIAL,
            group="trial",
            types=("Randomized Controlled Trial", "Equivalence Trial", "Pragmatic Clinical Trial"),
            title=r"randomi[sz]ed[^.:]{0,80}\btrial\b",
        ),
        EvidenceKind(
            evidence=Evidence.NONRANDOMISED_TRIAL,
            group="trial",
            types=("Controlled Clinical Trial", "Clinical Trial", "Adaptive Clinical Trial"),
            answer_types=tuple(f"Clinical Trial, Phase {phase}" for phase in ("I", "II", "III", "IV")),
        ),
        EvidenceKind(
            evidence=Evidence.CASE_CONTROL,
            group="observational",
            headings=("Case-Control Studies",),
            title=r"case[- ]control study",
        ),
        EvidenceKind(
            evidence=Evidence.CROSS_SECTIONAL,
            group="observational",
            headings=("Cross-Sectional Studies",),
            title=r"cross[- ]sectional (?:study|survey|analysis)",
        ),
        EvidenceKind(
            evidence=Evidence.COHORT,
            group="observational",
            headings=("Cohort Studies", "Prospective Studies", "Longitudinal Studies", "Follow-Up Studies"),
            title=r"cohort study",
        ),
        EvidenceKind(
            evidence=Evidence.CASE_REPORT,
            group="observational",
            types=("Case Reports",),
            title=r"\bcase report\b",
        ),
        EvidenceKind(
            evidence=Evidence.PREPRINT,
            group="report",
            types=("Preprint",),
        ),
        EvidenceKind(
            evidence=Evidence.NARRATIVE_REVIEW,
            group="report",
            types=("Review", "Editorial", "Comment", "Scoping Review"),
            file_types=("Letter",),
            answer_types=("Lecture", "Personal Narrative"),
        ),
        EvidenceKind(
            evidence=Evidence.ANIMAL,
            group="laboratory",
            answer_types=(
                "Observational Study, Veterinary",
                "Clinical Trial, Veterinary",
                "Randomized Controlled Trial, Veterinary",
            ),
            title=r"\bin (?:mice|rats)\b",
        ),
        EvidenceKind(evidence=Evidence.IN_VITRO, group="laboratory"),
        EvidenceKind(evidence=Evidence.GOVERNMENT, group="report"),
        EvidenceKind(evidence=Evidence.CONSUMER, group="report"),
    )
}


def evidence_label(evidence: str) -> str:
    """Return the on-screen name of a kind of evidence, or `evidence` itself if the kind is unknown.

    Django's `get_evidence_display` returns the same, but translates the names of all kinds in order to find one.
    """
    return str(Evidence(evidence).label) if evidence in EVIDENCE_KINDS else evidence
