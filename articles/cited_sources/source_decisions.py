"""Editors' decisions to show readers a revision that cites retracted sources."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.exceptions import InvalidTransition
from articles.models import Citation, Publication, Revision
from core.text import has_words
from sources.models import RetractionState, Source


def marked_sources(revision: Revision) -> list[Source]:
    """Return the cited sources that are retracted or doubtful now, sorted by citation number. Makes one query."""
    marked = Source.objects.filter(citations__revision=revision).exclude(retraction_state=RetractionState.NONE)
    return list(marked.order_by("citations__number"))


def retracted_among(sources: Iterable[Source]) -> list[Source]:
    """Return the retracted sources among these. An expression of concern needs no decision."""
    return [source for source in sources if source.retraction_state == RetractionState.RETRACTED]


def lock_sources(revision: Revision | None) -> Revision | None:
    """Lock the sources that this revision cites, and return the revision for use with `log_note`.

    Without the lock, a retraction and a publication at the same time might not notice each other. Lock the sources
    before the article's row, as sources.retractions and merging do, because another order could end in a deadlock.
    """
    cited = Citation.objects.filter(revision=revision).order_by().values("source")
    list(Source.objects.select_for_update(no_key=True).filter(pk__in=cited).order_by("pk").values_list("pk"))
    return revision


def log_note(publication: Publication, locked: Revision | None, note: str, override_reason: str) -> str:
    """Return the text of a publication's log entry: its note, and the decision on the retracted sources that it cites.

    `locked` is the revision whose sources are locked. Raise InvalidTransition if the publication shows another
    revision, or if it cites retracted sources and the reason is missing or the setting RETRACTED_SOURCES is “forbid”.
    """
    revision = publication.approval.revision
    if revision != locked:
        raise InvalidTransition(
            _("The revision to be shown has changed in the meantime. Reload the page, and look at the new one first.")
        )
    return "\n".join(filter(None, [note, decision_on_sources(revision, override_reason)]))


def decision_on_sources(revision: Revision, reason: str) -> str:
    """Return the log's sentences on an editor's decision to show a revision that cites retracted sources.

    Return "" if the revision cites none. Raise InvalidTransition if the reason is missing, or if the setting
    RETRACTED_SOURCES is “forbid”.
    """
    keys = ", ".join(source.key for source in retracted_among(marked_sources(revision)))
    if not keys:
        return ""
    params = {"number": revision.number, "keys": keys}
    if settings.RETRACTED_SOURCES == "forbid":
        message = _(
            "Revision %(number)s cites retracted sources: %(keys)s. The newsroom’s policy forbids showing it. "
            "Replace the source and submit the text again."
        )
        raise InvalidTransition(message % params)
    if not has_words(reason):
        message = _(
            "Revision %(number)s cites retracted sources: %(keys)s. "
            "Open the article and give the reason for showing it nevertheless."
        )
        raise InvalidTransition(message % params)
    # The log stores this sentence, so it is not translated.
    cites = f"Revision {revision.number} cites retracted sources: {keys}."
    return f"{cites} It is shown nevertheless, for this reason: {reason}"


def scheduled_citing(sources: Sequence[Source]) -> "QuerySet[Publication]":
    """Return the scheduled publications that cite one of these sources."""
    citing = Citation.objects.filter(source__in=sources).order_by().values("revision")
    return Publication.objects.upcoming().filter(approval__revision__in=citing).select_related("approval__revision")


def why_retracted(revision: Revision, sources: Sequence[Source]) -> str:
    """Return one line, with the retraction note, for each of these sources that the revision cites."""
    cited = Source.objects.filter(pk__in=[source.pk for source in sources], citations__revision=revision)
    return "\n".join(f"{source.key} was retracted. {source.retraction_note}" for source in cited.order_by("key"))
