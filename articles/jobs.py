"""The jobs of articles and sources: announce starts and ends, check links and sources, render stored pages."""

from datetime import datetime, time, timedelta

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import drafting
from articles.cited_sources.link_gathering import gather
from articles.models import Publication, Revision, Transition
from articles.notifications import tell, tell_of_start
from articles.open_forms import autosaves
from articles.signals import publications_turned
from jobs.registry import JobContext, JobFailed, job
from jobs.schedules import Daily, Whenever
from sources.link_checks import LinkChecker
from sources.register_checks import SourceChecker
from sources.retractions import unscheduled

HOURS = timedelta(hours=1)


def next_turn(covered: datetime | None) -> datetime | None:
    """Return the aware time of the first start or end after `covered` (None: now), or None. Makes one query."""
    after = covered or timezone.now()
    rows = Publication.objects.filter(cancelled_at=None).filter(Q(starts_at__gt=after) | Q(ends_at__gt=after))
    found = rows.aggregate(
        start=Min("starts_at", filter=Q(starts_at__gt=after)), end=Min("ends_at", filter=Q(ends_at__gt=after))
    )
    return min(filter(None, found.values()), default=None)


@job("articles.turns", label=_("Announce publications that start or end"), schedule=Whenever(next_turn), atomic=True)
def follow_turns(context: JobContext) -> str:
    """Announce the publications that have started or ended since the last run (`articles.signals.publications_turned`).

    Return a summary. Also record these starts and ends as past, so that they stay so if the clock is set back later.
    Readers do not depend on this job otherwise: pages appear and disappear on time without it.
    """
    if context.covered is None:
        return "first run: nothing to announce yet"
    rows, since = Publication.objects.filter(cancelled_at=None), context.covered
    started = list(rows.filter(starts_at__gt=since, starts_at__lte=context.now).order_by("starts_at", "pk"))
    ended = list(rows.filter(ends_at__gt=since, ends_at__lte=context.now).order_by("ends_at", "pk"))
    for name, past in (("has_started", started), ("has_ended", ended)):
        rows.filter(pk__in=[row.pk for row in past], notice="", **{name: False}).update(**{name: True})
    for publication in started:
        if publication.created_at < publication.starts_at:
            tell_of_start(publication)
    if started or ended:
        publications_turned.send(sender=Publication, started=started, ended=ended)
    return f"{len(started)} started, {len(ended)} ended"


@job("articles.tell", label=_("Tell people what happened to their articles"), atomic=True)
def tell_of_action(context: JobContext) -> str:
    """Tell the people of an article of the action of the workflow in the argument `transition`; return a summary."""
    return f"{tell(Transition.objects.get(pk=context.arguments['transition']))} emails"


@job("articles.purge_autosaves", label=_("Delete old text that was never saved"), schedule=Daily(time(2, 5)))
def purge_autosaves(context: JobContext) -> str:
    """Delete the autosaves of texts that were typed long ago and never saved; return a summary."""
    return f"{autosaves.purge()} deleted"


@job("articles.check_links", label=_("Check links"), schedule=Daily(time(2, 20)), timeout=6 * HOURS, max_attempts=3)
def check_links(context: JobContext) -> str:
    """Check the links in sources and live texts, and return a summary. Raise JobFailed if no host could be reached."""
    done = LinkChecker().run(gather(), progress=lambda count: context.give_way())
    if not done.online:
        raise JobFailed(f"{done.asked} links: no host could be reached from here. Nothing was recorded.")
    return f"{done.asked} asked, {done.missing} failed, {done.died} newly dead, {done.left} left for the next run"


@job(
    "articles.check_sources",
    label=_("Check sources for retractions"),
    schedule=Daily(time(3, 20)),
    timeout=6 * HOURS,
    max_attempts=3,
)
def check_sources(context: JobContext) -> str:
    """Ask Crossref and PubMed about each source for which they have not answered for a week.

    Return a summary. Raise JobFailed if no question was answered.
    """
    done = SourceChecker().run(progress=lambda count: context.give_way())
    if done.asked and done.failed == done.asked:
        raise JobFailed(f"Nobody answered {done.asked} questions. {' '.join(dict.fromkeys(done.troubles))}")
    return f"{done.asked} asked, {len(done.changes)} changed, {unscheduled(done.changes)} articles off the schedule"


@job(
    "articles.rebuild_pages",
    label=_("Render outdated stored pages again"),
    schedule=Daily(time(3, 50)),
    timeout=6 * HOURS,
)
def rebuild_pages(context: JobContext) -> str:
    """Render the revisions whose stored page is missing or was made by another renderer; return a summary."""
    keys = drafting.outdated_renderings()
    for key in keys:
        drafting.keep_rendering(Revision.objects.prefetch_related("citations").get(pk=key))
        context.give_way()
    return f"{len(keys)} rendered anew"
