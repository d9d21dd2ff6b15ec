"""What the notices on record come to: the state of each source, and who says so.

Sources carry the result (`retraction_state`, `retraction_note`), and this module alone writes it. `refresh` is called
by whatever brings notices; a source that is saved is looked up among them at once (`watch`). What a change means for
those who cite the source is up to the receivers of sources.signals.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.text import get_text_list
from simple_history.utils import bulk_update_with_history

from accounts.models import User
from core import times
from core.exceptions import NotPermitted
from sources.models import Nature, RetractionNotice, RetractionState, Source, Speaker
from sources.signals import retraction_states_changed

MOST_AT_ONCE = 1000
_STATE = {Nature.RETRACTION: RetractionState.RETRACTED, Nature.CONCERN: RetractionState.CONCERN}
_LONGEST_NOTE = 300


@dataclass(frozen=True)
class StateChange:
    """A source whose state has changed, before and after as values of RetractionState.

    `unscheduled` has the keys of the articles that receivers took off the schedule because of it.
    """

    source: Source
    before: str
    after: str
    unscheduled: frozenset[int] = frozenset()


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


def refresh(sources: Iterable[Source]) -> list[StateChange]:
    """Set the state of these sources, and of those merged with them, to what all notices that mean them come to.

    A notice means a source by its DOI, its PMID or itself, and with it every source merged with that one. Inside a
    transaction of its own or the caller's; five queries for each thousand sources, however many notices there are,
    besides those of the receivers. Sources that changed get a row in their history. Those whose state is another are
    told to the receivers of `retraction_states_changed` in the same transaction, and returned. The instances handed in
    are brought up to date.
    """
    given = {source.pk: source for source in sources}
    changes: list[StateChange] = []
    with transaction.atomic():
        groups = _groups(set(given)) if given else []
        for start in range(0, len(groups), MOST_AT_ONCE):
            changes += _refresh(groups[start : start + MOST_AT_ONCE], given)
        return _announce(changes) if changes else []


def _announce(changes: Sequence[StateChange]) -> list[StateChange]:
    """Send the signal and return the changes with what the receivers took off the schedule."""
    taken_off: dict[int, set[int]] = defaultdict(set)
    for _, answer in retraction_states_changed.send(sender=Source, changes=tuple(changes)):
        for source, keys in (answer or {}).items():
            taken_off[source] |= set(keys)
    return [replace(change, unscheduled=frozenset(taken_off[change.source.pk])) for change in changes]


def unscheduled(changes: Iterable[StateChange]) -> int:
    """Return how many articles were taken off the schedule because of these changes, each counted once."""
    return len({key for change in changes for key in change.unscheduled})


def _groups(wanted: set[int]) -> list[set[int]]:
    """The primary keys of sources that are one work, for each that is wanted: merged into one another, or alone."""
    group_of = {pk: {pk} for pk in wanted}
    for pk, other in Source.objects.exclude(merged_into=None).values_list("pk", "merged_into"):
        joined = group_of.get(pk, {pk}) | group_of.get(other, {other})
        group_of.update(dict.fromkeys(joined, joined))
    unique = {min(group): group for pk, group in group_of.items() if group & wanted}
    return [unique[first] for first in sorted(unique)]


def _refresh(groups: Sequence[set[int]], given: dict[int, Source]) -> list[StateChange]:
    works = set().union(*groups)
    # no_key: whoever attaches one of them to an article meanwhile need not wait, and holds that article's lock.
    rows = Source.objects.select_for_update(no_key=True).filter(pk__in=works).order_by("pk")
    found = {source.pk: source for source in rows}
    notices = _notices_by_source(found.values())
    changes, changed = [], []
    for group in groups:
        own = {notice.pk: notice for pk in group for notice in notices[pk]}
        state, note = fold(own.values())
        for source in (found[pk] for pk in sorted(group) if pk in found):
            before = source.retraction_state
            if (before, source.retraction_note) != (state, note):
                source.retraction_state, source.retraction_note = state, note
                changed.append(source)
                if before != state:
                    changes.append(StateChange(source, before, state))
            if source.pk in given:
                given[source.pk].retraction_state, given[source.pk].retraction_note = state, note
    if changed:
        fields = ["retraction_state", "retraction_note"]
        bulk_update_with_history(changed, Source, fields, batch_size=500, default_change_reason="Notices on record")
    return changes


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
    if not actor.has_perm("sources.add_retractionnotice"):
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
    post_save.connect(_saved, sender=Source, dispatch_uid="sources.retractions")


def _saved(sender: type[Source], instance: Source, raw: bool = False, **kwargs: object) -> None:
    if not raw:
        refresh([instance])
