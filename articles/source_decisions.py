"""What showing a revision to readers asks about the sources it cites that are retracted or in doubt."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db.models import QuerySet

from articles.exceptions import InvalidTransition
from articles.models import Citation, Publication, Revision
from core.text import has_words
from sources.models import RetractionState, Source


def marked_sources(revision: Revision) -> list[Source]:
    """Return the sources that this revision cites and that are now retracted or in doubt, in its order. One query."""
    marked = Source.objects.filter(citations__revision=revision).exclude(retraction_state=RetractionState.NONE)
    return list(marked.order_by("citations__number"))


def retracted_among(sources: Iterable[Source]) -> list[Source]:
    """Return those that are retracted; an expression of concern is named and asks for no decision."""
    return [source for source in sources if source.retraction_state == RetractionState.RETRACTED]


def lock_sources(revision: Revision | None) -> Revision | None:
    """Lock the sources that this revision cites, so that a retraction is seen here or sees what is done here.

    Called before the article's own row is locked, in the order of sources.retractions and articles.merging: in another
    order two could wait for each other. Returns the revision, for `diary_words`.
    """
    cited = Citation.objects.filter(revision=revision).order_by().values("source")
    list(Source.objects.select_for_update(no_key=True).filter(pk__in=cited).order_by("pk").values_list("pk"))
    return revision


def diary_words(publication: Publication, locked: Revision | None, note: str, override_reason: str) -> str:
    """Return what the diary says of a new publication: its note, and the decision on retracted sources that it cites.

    `locked` is the revision whose sources were locked before. Raises InvalidTransition where it is another by now, and
    as `decision_on_sources` does.
    """
    revision = publication.approval.revision
    if revision != locked:
        raise InvalidTransition("Somebody else was faster: there is a newer revision. Look at it first.")
    return "\n".join(filter(None, [note, decision_on_sources(revision, override_reason)]))


def decision_on_sources(revision: Revision, reason: str) -> str:
    """Return what the diary says of an editor's decision to show a revision that cites retracted sources.

    "" where it cites none. Raises InvalidTransition where the decision lacks a reason, or where the newsroom's policy
    (RETRACTED_SOURCES) leaves none to be made.
    """
    keys = ", ".join(source.key for source in retracted_among(marked_sources(revision)))
    if not keys:
        return ""
    cites = f"Revision {revision.number} cites what has been retracted: {keys}."
    if settings.RETRACTED_SOURCES == "forbid":
        raise InvalidTransition(
            f"{cites} The newsroom’s policy forbids showing it. Replace the source and submit the text again."
        )
    if not has_words(reason):
        raise InvalidTransition(f"{cites} Open the article and say why readers are to see it all the same.")
    return f"{cites} Decided to show it all the same: {reason}"


def scheduled_citing(sources: Sequence[Source]) -> "QuerySet[Publication]":
    """Return the publications that have not started and cite one of these sources."""
    citing = Citation.objects.filter(source__in=sources).order_by().values("revision")
    return Publication.objects.upcoming().filter(approval__revision__in=citing).select_related("approval__revision")


def why_retracted(revision: Revision, sources: Sequence[Source]) -> str:
    """Return who says of which of these sources, as far as this revision cites them, that they are retracted."""
    cited = Source.objects.filter(pk__in=[source.pk for source in sources], citations__revision=revision)
    return "\n".join(f"{source.key} was retracted. {source.retraction_note}" for source in cited.order_by("key"))
