"""Derive the retraction state of each source from the notices on record.

Sources store the result (`retraction_state`, `retraction_note`, `reported_retraction`), which only this module writes.
Code that stores notices has to call `refresh`; when a source is saved, it is refreshed automatically (`watch`). The
receivers of sources.signals decide what a change means for articles that cite the source.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import override
from simple_history.utils import bulk_update_with_history

from accounts.models import User
from core import times
from core.exceptions import NotPermitted
from sources.importers.retraction_reports import FileReport
from sources.models import Nature, NoticeOrigin, RetractionNotice, RetractionState, Source
from sources.signals import retraction_states_changed

MOST_AT_ONCE = 1000
_STATE = {Nature.RETRACTION: RetractionState.RETRACTED, Nature.CONCERN: RetractionState.CONCERN}
_LONGEST_NOTE = 300


@dataclass(frozen=True)
class StateChange:
    """A source whose retraction state has changed, with the values of RetractionState before and after.

    `unscheduled` holds the primary keys of the articles whose publication was unscheduled because of the change.
    """

    source: Source
    before: str
    after: str
    unscheduled: frozenset[int] = frozenset()


def fold(notices: Iterable[RetractionNotice]) -> tuple[RetractionState, str]:
    """Return the state of a work by the notices about it, and a sentence that says who gave them and when. Pure.

    Notices are applied in the order of their dates, whoever gave them. A reinstatement cancels all notices before it. A
    retraction outweighs an expression of concern; a correction changes nothing. On the same day, a reinstatement comes
    first, so that the warning remains. A notice without a date counts as older than any with a date; among those
    without a date, a reinstatement comes last. Reports in imported files are ignored here (see `reported`). The
    sentence is empty if the state is NONE.
    """
    standing: list[RetractionNotice] = []
    for notice in sorted(notices, key=_place):
        if notice.nature == Nature.REINSTATEMENT:
            standing.clear()
        elif notice.nature in _STATE and notice.said_by != NoticeOrigin.FILE:
            standing.append(notice)
    for nature, state in _STATE.items():
        if says := [notice for notice in standing if notice.nature == nature]:
            return state, _who_says(says)
    return RetractionState.NONE, ""


def reported(notices: Iterable[RetractionNotice], state: RetractionState) -> str:
    """Return a sentence with an unconfirmed report from an imported file, or "" if there is none. Pure.

    A report is confirmed once `state`, which follows from the other notices, is the reported state or a graver one. A
    reinstatement that is recorded later cancels it.
    """
    notices = list(notices)
    cancelled = max((one.recorded_at for one in notices if one.nature == Nature.REINSTATEMENT), default=None)
    for nature, confirmed in _STATE.items():
        if state in (confirmed, RetractionState.RETRACTED):
            continue
        for notice in notices:
            is_standing = cancelled is None or notice.recorded_at > cancelled
            if notice.said_by == NoticeOrigin.FILE and notice.nature == nature and is_standing:
                with override(None):  # the sentence is stored, so it is not translated
                    day = times.day(timezone.localdate(notice.recorded_at))
                    note = f"A file imported on {day} says: {notice.reason}"
                return note if len(note) <= _LONGEST_NOTE else f"{note[: _LONGEST_NOTE - 1]}…"
    return ""


def _place(notice: RetractionNotice) -> tuple[date, bool, int]:
    """Return the sort key of a notice."""
    takes_back = notice.nature == Nature.REINSTATEMENT
    if notice.noticed_on is None:
        return date.min, takes_back, notice.pk or 0
    return notice.noticed_on, not takes_back, notice.pk or 0


def _who_says(notices: Sequence[RetractionNotice]) -> str:
    """Return a sentence that names each origin once, with the date of its first notice, and the reason that an editor
    gave.
    """
    first: dict[str, RetractionNotice] = {}
    for notice in notices:
        known = first.get(notice.said_by)
        if known is None or (known.noticed_on is None and notice.noticed_on):
            first[notice.said_by] = notice
    said = []
    with override(None):  # the sentence is stored, so it is not translated
        for notice in first.values():
            when = times.day(notice.noticed_on) or "undated"
            said.append(f"{NoticeOrigin(notice.said_by).label} ({when})")
        note = f"According to {get_text_list(said, 'and')}."
    reasons = [notice.reason for notice in first.values() if notice.said_by == NoticeOrigin.EDITOR and notice.reason]
    note = " ".join([note, *reasons])
    return note if len(note) <= _LONGEST_NOTE else f"{note[: _LONGEST_NOTE - 1]}…"


def refresh(sources: Iterable[Source]) -> list[StateChange]:
    """Derive the state of these sources, and of those merged with them, from all notices about them, and store it.

    A notice concerns the source that it names or that has its DOI or PMID, and every source merged with that one.

    Return the changes. For these, `retraction_states_changed` has been sent in the same transaction (the caller's, or a
    new one). Changed sources get a row in their history, and the instances passed in are updated. Makes five queries
    for each thousand sources, besides those of the receivers.
    """
    given = {source.pk: source for source in sources}
    changes: list[StateChange] = []
    with transaction.atomic():
        groups = _groups(set(given)) if given else []
        for start in range(0, len(groups), MOST_AT_ONCE):
            changes += _refresh(groups[start : start + MOST_AT_ONCE], given)
        return _announce(changes) if changes else []


def _announce(changes: Sequence[StateChange]) -> list[StateChange]:
    """Send the signal, and return the changes with the articles that the receivers unscheduled."""
    taken_off: dict[int, set[int]] = defaultdict(set)
    answers: list[tuple[object, Mapping[int, Iterable[int]] | None]]
    answers = retraction_states_changed.send(  # type: ignore[assignment]  # the stubs expect text
        sender=Source, changes=tuple(changes)
    )
    for _receiver, answer in answers:
        for source, keys in (answer or {}).items():
            taken_off[source] |= set(keys)
    return [replace(change, unscheduled=frozenset(taken_off[change.source.pk])) for change in changes]


def unscheduled(changes: Iterable[StateChange]) -> int:
    """Return the number of different articles that were unscheduled because of these changes."""
    return len({key for change in changes for key in change.unscheduled})


def _groups(wanted: set[int]) -> list[set[int]]:
    """Return the groups of merged sources that contain a wanted source, as sets of primary keys without duplicates."""
    group_of = {pk: {pk} for pk in wanted}
    merged = Source.objects.exclude(merged_into=None).values_list("pk", "merged_into")
    for pk, other in cast("Iterable[tuple[int, int]]", merged):  # without the rows in which `merged_into` is None
        joined = group_of.get(pk, {pk}) | group_of.get(other, {other})
        group_of.update(dict.fromkeys(joined, joined))
    unique = {min(group): group for pk, group in group_of.items() if group & wanted}
    return [unique[first] for first in sorted(unique)]


def _refresh(groups: Sequence[set[int]], given: dict[int, Source]) -> list[StateChange]:
    """Set the state of each group of merged sources; return the changes, and update the instances in `given`."""
    works = set().union(*groups)
    # no_key: attaching one of these sources to an article, which locks the article, must not wait for this lock.
    rows = Source.objects.select_for_update(no_key=True).filter(pk__in=works).order_by("pk")
    found = {source.pk: source for source in rows}
    notices = _notices_by_source(found.values())
    changes, changed = [], []
    for group in groups:
        own = {notice.pk: notice for pk in group for notice in notices[pk]}
        state, note = fold(own.values())
        values = {
            "retraction_state": state,
            "retraction_note": note,
            "reported_retraction": reported(own.values(), state),
        }
        for source in (found[pk] for pk in sorted(group) if pk in found):
            before = source.retraction_state
            if any(getattr(source, name) != value for name, value in values.items()):
                _set(source, values)
                changed.append(source)
                if before != state:
                    changes.append(StateChange(source, before, state))
            if source.pk in given:
                _set(given[source.pk], values)
    if changed:
        fields = ["retraction_state", "retraction_note", "reported_retraction"]
        bulk_update_with_history(changed, Source, fields, batch_size=500, default_change_reason="Notices on record")
    return changes


def _set(source: Source, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        setattr(source, name, value)


def _notices_by_source(sources: Iterable[Source]) -> dict[int, list[RetractionNotice]]:
    """Return the notices about each source, by its primary key. Makes one query."""
    by_doi = {source.doi: source.pk for source in sources if source.doi}
    by_pmid = {source.pmid: source.pk for source in sources if source.pmid}
    own = [source.pk for source in sources]
    means = Q(source__in=own) | Q(doi__in=list(by_doi)) | Q(pmid__in=list(by_pmid))
    notices: dict[int, list[RetractionNotice]] = defaultdict(list)
    for notice in RetractionNotice.objects.filter(means):
        named = {notice.source_id, by_doi.get(notice.doi), by_pmid.get(notice.pmid)}
        for pk in (pk for pk in named if pk is not None):
            notices[pk].append(notice)
    return notices


def check_note(reason: str, on: date | None) -> None:
    """Raise ValidationError if a notice has no reason (not_said) or its date `on` is in the future (in_future)."""
    if not reason.strip():
        raise ValidationError(
            {"reason": ValidationError(_("Give the reason, and say where it can be read."), code="not_said")}
        )
    if on and on > timezone.localdate():
        raise ValidationError({"noticed_on": ValidationError(_("This day is in the future."), code="in_future")})


def note(*, source: Source, actor: User, nature: Nature, reason: str, on: date | None = None) -> RetractionNotice:
    """Store an editor's own notice and update the state of the source, in one transaction; return the notice.

    `on` is the date of the notice, or None if it has none. A reinstatement cancels older notices. Raise NotPermitted if
    the actor may not add notices, and ValidationError if the reason is empty (not_said) or `on` is in the future
    (in_future).
    """
    if not actor.has_perm("sources.add_retractionnotice"):
        raise NotPermitted(_("Only editors can add retraction notices."))
    check_note(reason, on)
    now = timezone.now()
    with transaction.atomic():
        notice = RetractionNotice.objects.create(
            said_by=NoticeOrigin.EDITOR,
            record=f"{actor.name or actor.email}, {timezone.localtime(now).isoformat()}, {source.pk}"[-200:],
            nature=nature,
            noticed_on=on,
            source=source,
            reason=reason,
            recorded_at=now,
        )
        refresh([source])
    return notice


def record_reports(reports: Iterable[tuple[Source, FileReport]]) -> list[StateChange]:
    """Store reports of retractions from an imported file, update the sources concerned, and return their changes.

    A report is about the source in its pair unless it names another work by DOI or PMID. A report with the same text is
    stored only once for each work.
    """
    now = timezone.now()
    rows = []
    about = Q(pk=None)
    for source, report in reports:
        is_own = not report.doi and not report.pmid
        mark = hashlib.sha256(f"{report.nature} {report.words}".encode()).hexdigest()[:24]
        rows.append(
            RetractionNotice(
                said_by=NoticeOrigin.FILE,
                record=f"file {mark}" + (f" {source.pk}" if is_own else ""),
                nature=report.nature,
                source=source if is_own else None,
                doi=report.doi[:200],
                pmid=report.pmid,
                reason=report.words[:500],
                recorded_at=now,
            )
        )
        about |= Q(pk=source.pk) if is_own else Q()
        about |= Q(doi=report.doi) if report.doi else Q()
        about |= Q(pmid=report.pmid) if report.pmid else Q()
    if not rows:
        return []
    with transaction.atomic():
        RetractionNotice.objects.bulk_create(rows, ignore_conflicts=True)
        return refresh(Source.objects.filter(about))


def watch() -> None:
    """Connect the receiver that derives a source's retraction state again whenever the source is saved.

    It runs in the transaction of the save.
    """
    post_save.connect(_saved, sender=Source, dispatch_uid="sources.retractions")


def _saved(sender: type[Source], instance: Source, raw: bool = False, **kwargs: object) -> None:
    if not raw:
        refresh([instance])
