"""React to retractions: find the articles that cite the source, unschedule publications, and notify editors."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import partial

from django.db import transaction

from articles import notifications, pending, workflow
from articles.cited_sources.affected_articles import AffectedArticles, PendingRevision
from articles.models import Article, Citation, Publication, Revision
from sources.models import RetractionState, Source
from sources.retractions import StateChange
from sources.signals import retraction_states_changed

log = logging.getLogger(__name__)


def watch() -> None:
    """Connect the receiver that cancels scheduled publications when a source that they cite is retracted."""
    retraction_states_changed.connect(_changed, dispatch_uid="articles.cited_sources.retracted_sources")


def _changed(sender: type[Source], changes: Sequence[StateChange], **kwargs: object) -> dict[int, set[int]]:
    """Cancel the scheduled publications that cite a retracted source, in the caller's transaction.

    Return the primary keys of the articles concerned, by the primary key of the source. One email after the commit
    tells editors of all changes.
    """
    retracted = [change.source for change in changes if change.after == RetractionState.RETRACTED]
    called_off = workflow.unschedule_retracted(sources=retracted) if retracted else []
    affected = affected_articles(changes, {publication.approval.revision_id for publication in called_off})
    transaction.on_commit(partial(_tell, affected))
    return {
        one.change.source.pk: {waiting.revision.article_id for waiting in one.pending if waiting.is_called_off}
        for one in affected
    }


def affected_articles(changes: Sequence[StateChange], called_off: Collection[int] = ()) -> list[AffectedArticles]:
    """Return, for each change, the live articles and the pending revisions that cite the source. Makes seven queries.

    `called_off` has the primary keys of revisions that have just been taken off the schedule.
    """
    sources = [change.source for change in changes]
    live = Publication.objects.visible().filter(approval__revision__citations__source__in=sources)
    citing = defaultdict(list)
    wanted = list(live.values_list("approval__revision__citations__source", "article").distinct())
    articles = Article.objects.in_bulk({article for _, article in wanted})
    for source, article in wanted:
        citing[source].append(articles[article])
    coming = _pending(sources, called_off)
    return [AffectedArticles(one, tuple(citing[one.source.pk]), coming[one.source.pk]) for one in changes]


def _pending(sources: Iterable[Source], called_off: Collection[int]) -> dict[int, tuple[PendingRevision, ...]]:
    """Return the pending revisions that cite each of these sources, by the source's primary key. Makes five queries."""
    cited = pending.citations().filter(source__in=sources)
    taken = Citation.objects.filter(source__in=sources, revision__in=called_off)  # an article may be a draft again
    by_source: dict[int, list[Revision]] = {source.pk: [] for source in sources}
    for citation in {*cited.select_related("revision"), *taken.select_related("revision")}:
        by_source[citation.source_id].append(citation.revision)
    for revisions in by_source.values():
        revisions.sort(key=lambda revision: revision.pk)
    places = pending.places({revision for revisions in by_source.values() for revision in revisions})
    return {
        source: tuple(PendingRevision(one, places[one.pk], one.pk in called_off) for one in revisions)
        for source, revisions in by_source.items()
    }


def _tell(affected: Sequence[AffectedArticles]) -> None:
    """Send the email. Log a failure instead of raising it, because the change is already committed."""
    try:
        notifications.sources_marked(affected)
    except Exception as error:
        log.error("The email on %s marked sources was not sent: %s", len(affected), error)
