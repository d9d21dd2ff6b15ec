"""PubMed's publication types and MeSH headings -> our kinds of evidence. Pure."""

from collections.abc import Collection

from sources.models import Evidence

# Strongest first, since most works have several types: “Journal Article” and “Review” beside “Meta-Analysis”.
# https://www.nlm.nih.gov/mesh/pubtypes.html
TYPES: list[tuple[Evidence, set[str]]] = [
    (Evidence.ANIMAL, {"observational study, veterinary", "clinical trial, veterinary"}),
    (Evidence.ANIMAL, {"randomized controlled trial, veterinary"}),
    (Evidence.GUIDELINE, {"guideline", "practice guideline"}),
    (Evidence.SYSTEMATIC_REVIEW, {"systematic review", "meta-analysis", "network meta-analysis"}),
    (Evidence.RANDOMISED_TRIAL, {"randomized controlled trial", "equivalence trial", "pragmatic clinical trial"}),
    (Evidence.NONRANDOMISED_TRIAL, {"controlled clinical trial", "clinical trial", "adaptive clinical trial"}),
    (
        Evidence.NONRANDOMISED_TRIAL,
        {f"clinical trial, phase {phase}" for phase in ("i", "ii", "iii", "iv")},
    ),
    (Evidence.CASE_REPORT, {"case reports"}),
    (Evidence.PREPRINT, {"preprint"}),
    (Evidence.NARRATIVE_REVIEW, {"review", "scoping review", "editorial", "comment", "lecture", "personal narrative"}),
]
# Asked only where the types leave it open.
HEADINGS: list[tuple[Evidence, set[str]]] = [
    (Evidence.CASE_CONTROL, {"case-control studies"}),
    (Evidence.COHORT, {"cohort studies", "prospective studies", "longitudinal studies", "follow-up studies"}),
    (Evidence.CROSS_SECTIONAL, {"cross-sectional studies"}),
]


def evidence(types: Collection[str], headings: Collection[str] = ()) -> str:
    """The kind of evidence, one of models.Evidence, or "" where PubMed does not say enough to know."""
    types, headings = ({name.strip().lower() for name in names} for names in (types, headings))
    for kinds, names in ((TYPES, types), (HEADINGS, headings)):
        for kind, known in kinds:
            if known & names:
                return str(kind)
    if "animals" in headings and "humans" not in headings:
        return str(Evidence.ANIMAL)
    if "in vitro techniques" in headings and "humans" not in headings:
        return str(Evidence.IN_VITRO)
    return ""
