"""What the notices on record come to: the state of each source, and who says so.

Sources carry the result (`retraction_state`, `retraction_note`), and this module alone writes it. `refresh` is called
by whatever brings notices; a source that is saved is looked up among them at once (`watch`).
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.text import get_text_list
from simple_history.utils import bulk_update_with_history

from accounts.models import User
from articles import notifications, pending, workflow
from articles.exceptions import NotPermitted
from articles.models import (
    Article,
    Citation,
    Nature,
    Publication,
    RetractionNotice,
    RetractionState,
    Revision,
    Source,
    Speaker,
)
from articles.signals import sources_marked
from betterment import times

log = logging.getLogger(__name__)

MOST_AT_ONCE = 1000
_STATE = {Nature.RETRACTION: RetractionState.RETRACTED, Nature.CONCERN: RetractionState.CONCERN}
_LONGEST_NOTE = 300


@dataclass(frozen=True)
class Pending:
    """A revision that cites a source and that readers do not see yet; `place` says where it stands, in words.

    `is_called_off`: it was scheduled, and the retraction took it off the schedule.
    """

    revision: Revision
    place: str
    is_called_off: bool = False


@dataclass(frozen=True)
class Mark:
    """A source whose state has changed, with the live articles that cite it and with what is on its way to readers."""

    source: Source
    before: str
    after: str
    articles: tuple[Article, ...] = ()
    pending: tuple[Pending, ...] = ()


def fold(notices: Iterable[RetractionNotice]) -> tuple[RetractionState, str]:
    """What the notices about one work come to: its state, and a sentence on who says so since when. Pure.

    Read in the order of their own dates, whoever gave them: a retraction or an expression of concern stands until a
    later reinstatement takes back all before it; a retraction outweighs a concern; a correction marks nothing. Where
    the order is open, the warning stands: on one day a reinstatement is read first. A notice without a date is older
    than any with one, so that an undated retraction stands until a dated reinstatement; an undated reinstatement
    takes back what is undated too, and nothing else.
    """
    standing: list[RetractionNotice] = []
    for notice in sorted(notices, key=_place):
        if notice.nature == Nature.REINSTATEMENT:
            standing.clear()
        elif notice.nature in _STATE:
            standing.append(notice)
    for nature, state in _STATE.items():
        if says := [notice for notice in standing if notice.nature == nature]:
            return state, _who_says(says)
    return RetractionState.NONE, ""


def _place(notice: RetractionNotice) -> tuple[date, bool, int]:
    takes_back = notice.nature == Nature.REINSTATEMENT
    if notice.noticed_on is None:
        return date.min, takes_back, notice.pk or 0
    return notice.noticed_on, not takes_back, notice.pk or 0


def _who_says(notices: Sequence[RetractionNotice]) -> str:
    """Every speaker once, with the date of the first notice, and an editor's reason."""
    first: dict[str, RetractionNotice] = {}
    for notice in notices:
        known = first.get(notice.said_by)
        if known is None or (known.noticed_on is None and notice.noticed_on):
            first[notice.said_by] = notice
    said = []
    for notice in first.values():
        when = times.day(notice.noticed_on) or "undated"
        said.append(f"{Speaker(notice.said_by).label} ({when})")
    note = f"According to {get_text_list(said, 'and')}."
    reasons = [notice.reason for notice in first.values() if notice.said_by == Speaker.EDITOR and notice.reason]
    note = " ".join([note, *reasons])
    return note if len(note) <= _LONGEST_NOTE else f"{note[: _LONGEST_NOTE - 1]}…"


def refresh(sources: Iterable[Source]) -> list[Mark]:
    """Set the state of these sources, and of those merged with them, to what all notices that mean them come to.

    A notice means a source by its DOI, its PMID or itself, and with it every source merged with that one. Inside a
    transaction of its own or the caller's; five queries for each thousand sources, however many notices there are.
    Sources that changed get a row in their history; what is scheduled and cites one that is retracted now is taken off
    the schedule. After the commit `sources_marked` is sent for those whose state is another, and the editors get a
    letter. Returns these. The instances handed in are brought up to date.
    """
    given = {source.pk: source for source in sources}
    marks: list[Mark] = []
    with transaction.atomic():
        groups = _groups(set(given)) if given else []
        for start in range(0, len(groups), MOST_AT_ONCE):
            marks += _refresh(groups[start : start + MOST_AT_ONCE], given)
        if marks:
            retracted = [mark.source for mark in marks if mark.after == RetractionState.RETRACTED]
            called_off = workflow.unschedule_retracted(sources=retracted) if retracted else []
            marks = _with_articles(marks, {publication.approval.revision_id for publication in called_off})
            transaction.on_commit(partial(_tell, marks))
    return marks


def _groups(wanted: set[int]) -> list[set[int]]:
    """The primary keys of sources that are one work, for each that is wanted: merged into one another, or alone."""
    group_of = {pk: {pk} for pk in wanted}
    for pk, other in Source.objects.exclude(merged_into=None).values_list("pk", "merged_into"):
        joined = group_of.get(pk, {pk}) | group_of.get(other, {other})
        group_of.update(dict.fromkeys(joined, joined))
    unique = {min(group): group for pk, group in group_of.items() if group & wanted}
    return [unique[first] for first in sorted(unique)]


def _refresh(groups: Sequence[set[int]], given: dict[int, Source]) -> list[Mark]:
    works = set().union(*groups)
    # no_key: whoever attaches one of them to an article meanwhile need not wait, and holds that article's lock.
    rows = Source.objects.select_for_update(no_key=True).filter(pk__in=works).order_by("pk")
    found = {source.pk: source for source in rows}
    notices = _notices_by_source(found.values())
    marks, changed = [], []
    for group in groups:
        own = {notice.pk: notice for pk in group for notice in notices[pk]}
        state, note = fold(own.values())
        for source in (found[pk] for pk in sorted(group) if pk in found):
            before = source.retraction_state
            if (before, source.retraction_note) != (state, note):
                source.retraction_state, source.retraction_note = state, note
                changed.append(source)
                if before != state:
                    marks.append(Mark(source, before, state))
            if source.pk in given:
                given[source.pk].retraction_state, given[source.pk].retraction_note = state, note
    if changed:
        fields = ["retraction_state", "retraction_note"]
        bulk_update_with_history(changed, Source, fields, batch_size=500, default_change_reason="Notices on record")
    return marks


def _notices_by_source(sources: Iterable[Source]) -> dict[int, list[RetractionNotice]]:
    """The notices that mean each source, by its primary key: one query."""
    by_doi = {source.doi: source.pk for source in sources if source.doi}
    by_pmid = {source.pmid: source.pk for source in sources if source.pmid}
    own = [source.pk for source in sources]
    means = Q(source__in=own) | Q(doi__in=list(by_doi)) | Q(pmid__in=list(by_pmid))
    notices: dict[int, list[RetractionNotice]] = defaultdict(list)
    for notice in RetractionNotice.objects.filter(means):
        for pk in {notice.source_id, by_doi.get(notice.doi), by_pmid.get(notice.pmid)} - {None}:
            notices[pk].append(notice)
    return notices


def _with_articles(marks: Sequence[Mark], called_off: set[int]) -> list[Mark]:
    """The marks with the articles of which readers now see a revision that cites the source, and what is pending."""
    live = Publication.objects.visible().filter(approval__revision__citations__source__in=[m.source for m in marks])
    citing = defaultdict(list)
    pairs = live.values_list("approval__revision__citations__source", "article").distinct()
    wanted = list(pairs)
    articles = Article.objects.in_bulk({article for _, article in wanted})
    for source, article in wanted:
        citing[source].append(articles[article])
    coming = _pending(marks, called_off)
    return [replace(mark, articles=tuple(citing[mark.source.pk]), pending=coming[mark.source.pk]) for mark in marks]


def _pending(marks: Sequence[Mark], called_off: set[int]) -> dict[int, tuple[Pending, ...]]:
    """What is on its way to readers and cites each of these sources, by its key. Five queries.

    `called_off` has the revisions that have just been taken off the schedule.
    """
    sources = [mark.source for mark in marks]
    cited = pending.citations().filter(source__in=sources)
    taken = Citation.objects.filter(source__in=sources, revision__in=called_off)  # an article may be a draft again
    by_source: dict[int, list[Revision]] = {source.pk: [] for source in sources}
    for citation in {*cited.select_related("revision"), *taken.select_related("revision")}:
        by_source[citation.source_id].append(citation.revision)
    for revisions in by_source.values():
        revisions.sort(key=lambda revision: revision.pk)
    places = pending.places({revision for revisions in by_source.values() for revision in revisions})
    return {
        source: tuple(Pending(one, places[one.pk], one.pk in called_off) for one in revisions)
        for source, revisions in by_source.items()
    }


def called_off(marks: Iterable[Mark]) -> int:
    """Return how many articles were taken off the schedule by these marks."""
    return len({one.revision.article_id for mark in marks for one in mark.pending if one.is_called_off})


def _tell(marks: Sequence[Mark]) -> None:
    """After the commit: the signal for each, and one letter. Nothing that fails here undoes the marking."""
    for mark in marks:
        answers = sources_marked.send_robust(
            sender=Source, source=mark.source, before=mark.before, after=mark.after, articles=list(mark.articles)
        )
        for receiver, error in answers:
            if isinstance(error, Exception):
                log.error("%r failed for %s: %s", receiver, mark.source.key, error)
    try:
        notifications.sources_marked(marks)
    except Exception as error:
        log.error("The email on %s marked sources was not sent: %s", len(marks), error)


def check_note(reason: str, on: date | None) -> None:
    """Raises ValidationError (not_said, in_future) for a notice without a reason or of a day that is still to come."""
    if not reason.strip():
        raise ValidationError({"reason": ValidationError("Say why, and where it can be read.", code="not_said")})
    if on and on > timezone.localdate():
        raise ValidationError({"noticed_on": ValidationError("This day is still to come.", code="in_future")})


def note(*, source: Source, actor: User, nature: Nature, reason: str, on: date | None = None) -> RetractionNotice:
    """Put an editor's own notice on record and mark the source by it, in one transaction.

    `on` is the day of the notice, in the newsroom's time zone; None means that it has none. A Reinstatement takes
    back what is older. Raises NotPermitted without the right to add notices, ValidationError (not_said, in_future)
    without a reason or for a day to come.
    """
    if not actor.has_perm("articles.add_retractionnotice"):
        raise NotPermitted("Only editors put notices of retraction on record.")
    check_note(reason, on)
    now = timezone.now()
    with transaction.atomic():
        notice = RetractionNotice.objects.create(
            said_by=Speaker.EDITOR,
            record=f"{actor.name or actor.email}, {timezone.localtime(now).isoformat()}, {source.pk}"[-200:],
            nature=nature,
            noticed_on=on,
            source=source,
            reason=reason,
            recorded_at=now,
        )
        refresh([source])
    return notice


def watch() -> None:
    """From now on, a source is looked up among the notices whenever it is saved, in the same transaction."""
    post_save.connect(_saved, sender=Source, dispatch_uid="articles.retractions")


def _saved(sender: type[Source], instance: Source, raw: bool = False, **kwargs: object) -> None:
    if not raw:
        refresh([instance])
