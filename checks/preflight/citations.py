"""CIT: checks that every statement is supported by a source, and that the sources can be found and trusted."""

from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from checks.preflight.amounts import figure
from checks.preflight.draft import Draft, DraftSource
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.hearsay import hearsay
from checks.preflight.language import passage
from checks.preflight.reading import CELLS, cited_keys, fields

OLD = 10  # years after which a source should be reconsidered
# Kinds of evidence that can support a statement on health: guidelines, reviews and studies (sources.models.Evidence).
_RESEARCH = {
    *("guideline", "systematic_review", "randomised_trial", "nonrandomised_trial", "cohort", "case_control"),
    *("cross_sectional", "case_report", "animal", "in_vitro", "narrative_review", "preprint"),
}


def figures_cited(draft: Draft) -> Iterator[Finding]:
    """Yield findings (CIT01) for a dose, percentage, prevalence or count without a citation.

    The citation may be in the sentence or at the end of its paragraph; a table gets one finding. Only the body is
    checked: titles and key messages cannot cite, and the safety note may name doses as limits.
    """
    tables = set()
    for _name, sentence in fields(draft, "body"):
        if sentence.is_cited or sentence.is_heading or sentence.is_question or sentence.paragraph in tables:
            continue
        if found := figure(sentence.said):
            if sentence.kind in CELLS:
                tables.add(sentence.paragraph)
            yield Finding(
                "CIT01",
                Level.BLOCKER,
                translated(_("“%(figure)s” has no source."), figure=found[0].strip()),
                translated(_("Cite the source of the figure in this sentence or at the end of its paragraph.")),
                passage(sentence, found.start()),
            )


def hearsay_cited(draft: Draft) -> Iterator[Finding]:
    """Yield findings (CIT02) for “studies show”, “linked to”, “thought to” and similar phrases without a citation."""
    for name, sentence in fields(draft, "body", "safety_note"):
        if sentence.is_cited or sentence.is_heading or sentence.is_question:
            continue
        if found := next(hearsay(sentence.said), None):
            yield Finding(
                "CIT02",
                Level.BLOCKER,
                translated(_("“%(words)s” does not say which study found this."), words=found[0]),
                translated(_("Cite the study that found it, or make the statement without referring to a study.")),
                passage(sentence, found.start()),
                name,
            )


def cites_research(draft: Draft) -> Iterator[Finding]:
    """Yield findings (CIT03) if no source is a study, review or guideline, or more than half are consumer pages.

    Nothing is reported while the kind of any source is unknown.
    """
    kinds = [source.evidence for source in draft.sources]
    if not kinds or not all(kinds):
        return
    if not _RESEARCH.intersection(kinds):
        message = translated(_("No study, review or guideline is among the sources."))
        yield Finding(
            "CIT03",
            Level.WARNING,
            message,
            translated(_("Find the research that these pages are based on, and cite it.")),
        )
    if kinds.count("consumer") * 2 > len(kinds):
        message = translated(
            _("%(count)s of %(total)s sources are consumer pages."), count=kinds.count("consumer"), total=len(kinds)
        )
        yield Finding(
            "CIT03",
            Level.WARNING,
            message,
            translated(_("Cite the studies that those pages rely on instead.")),
            field="sources",
        )


def citations_have_sources(draft: Draft) -> Iterator[Finding]:
    """Yield findings (CIT04) for cited sources that are not attached, and for attached sources that are not cited."""
    cited = dict.fromkeys(cited_keys(draft))
    attached = {source.key for source in draft.sources}
    for key in (key for key in cited if key not in attached):
        yield Finding(
            "CIT04",
            Level.BLOCKER,
            translated(_("The text cites “%(key)s”, which is not among the article's sources."), key=key),
            translated(_("Attach the source, or remove the citation.")),
            key,
        )
    for source in draft.sources:
        if source.key not in cited:
            yield Finding(
                "CIT04",
                Level.WARNING,
                translated(_("The source “%(key)s” is attached but not cited."), key=source.key),
                translated(_("Cite it, or remove it from the attached sources.")),
                source.key,
                "sources",
            )


def sources_still_reliable(draft: Draft) -> Iterator[Finding]:
    """Yield findings (CIT05) for cited sources that have been retracted or may be unreliable.

    A retraction is a blocker. An expression of concern, an unconfirmed report of a retraction in an imported file, a
    preprint, a dead link, or an age of more than ten years is a warning.
    """
    cited = set(cited_keys(draft))
    for source in draft.sources:
        if source.key not in cited:
            continue
        if source.retraction == "retracted":
            yield Finding(
                "CIT05",
                Level.BLOCKER,
                translated(_("The source “%(key)s” has been retracted."), key=source.key),
                translated(_("Cite other evidence for the statement, or delete the statement.")),
                source.key,
                "sources",
            )
        for message, hint in _doubts(source, draft):
            yield Finding("CIT05", Level.WARNING, message, hint, source.key, "sources")


def _doubts(source: DraftSource, draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield (message, hint) for each reason to doubt a source, other than a retraction."""
    if source.retraction == "concern":
        yield (
            translated(_("Its journal has published an expression of concern about “%(key)s”."), key=source.key),
            translated(_("Check whether the statement still holds.")),
        )
    if source.reported_retraction:
        yield (
            translated(
                _("An imported file says that “%(key)s” was retracted or is doubted. Nobody has confirmed it."),
                key=source.key,
            ),
            translated(_("Look it up in its journal. An editor can confirm or cancel the report with a notice.")),
        )
    if "preprint" in (source.evidence, source.work):
        yield (
            translated(_("The source “%(key)s” is a preprint, which has not been peer-reviewed."), key=source.key),
            translated(
                _("Cite the peer-reviewed article if there is one by now, or say in the text that it is a preprint.")
            ),
        )
    if source.link_is_dead:
        yield (
            translated(_("The address of “%(key)s” no longer answers."), key=source.key),
            translated(_("Give the new address or an archived copy, or cite another source.")),
        )
    if draft.today and source.year and draft.today.year - source.year > OLD:
        yield (
            translated(
                _("The source “%(key)s” is from %(year)s, more than ten years ago."), key=source.key, year=source.year
            ),
            translated(_("Look for newer evidence, or say why this is still the best there is.")),
        )


def sources_can_be_found(draft: Draft) -> Iterator[Finding]:
    """Yield findings (CIT06) for sources that readers cannot look up.

    A source needs a title, and a DOI, PMID or URL; if it has only a URL, it needs the day of access as well.
    """
    for source in draft.sources:
        if not source.title.strip():
            yield Finding(
                "CIT06",
                Level.BLOCKER,
                translated(_("The source “%(key)s” has no title."), key=source.key),
                translated(_("Give it one.")),
                source.key,
                "sources",
            )
        if not (source.doi or source.pmid or source.url):
            yield Finding(
                "CIT06",
                Level.BLOCKER,
                translated(_("The source “%(key)s” cannot be looked up."), key=source.key),
                translated(_("Add its DOI, its PMID or its address.")),
                source.key,
                "sources",
            )
        elif not (source.doi or source.pmid or source.dated):
            yield Finding(
                "CIT06",
                Level.BLOCKER,
                translated(_("The source “%(key)s” is an address without the day it was read."), key=source.key),
                translated(_("Add the day on which it was read.")),
                source.key,
                "sources",
            )


CHECKS = (
    figures_cited,
    hearsay_cited,
    cites_research,
    citations_have_sources,
    sources_still_reliable,
    sources_can_be_found,
)
