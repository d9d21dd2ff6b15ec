"""Entries of the sealed log for an archive, whose rows are written without the signals that append them."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import Prefetch

from advisors.models import Review
from articles.models import Approval, Publication, Transition
from audit import leaves, log, merkle
from audit.models import Leaf
from audit.receivers import append_ends
from audit.verify import canonical_json, leaf_hash
from demo.archive.writing import BulkTable

BATCH = 1000  # entries in one transaction
# The time of a publication at which the action was performed; it is the start for the other actions.
_MOMENTS = {"schedule": "created_at", "unschedule": "cancelled_at", "withdraw": "ends_at"}


def append_missing(progress: Callable[[int], object] = lambda done: None) -> int:
    """Append the entries that the log lacks, in the order of the articles' logs, and return their number.

    Nothing else may append entries meanwhile. `progress` is called after each batch with the number of its entries.
    """
    missing = Transition.objects.filter(verb__in=leaves.EVENTS, leaf=None).order_by("pk")
    keys = list(missing.values_list("pk", flat=True))
    position, frontier = log.size(), log.frontier()
    for first in range(0, len(keys), BATCH):
        part = keys[first : first + BATCH]
        with transaction.atomic():
            frontier = _append(part, position, frontier)
        position += len(part)
        progress(len(part))
    with transaction.atomic():
        return len(keys) + append_ends()


def _append(keys: Sequence[int], position: int, frontier: list[bytes]) -> list[bytes]:
    """Append the entries about these transitions from `position` on; return the log's frontier afterwards."""
    entries = list(Transition.objects.filter(pk__in=keys).select_related("article").order_by("pk"))
    approvals, publications = _approvals_of(entries), _publications_of(entries)
    table = BulkTable(Leaf)
    for entry in entries:
        approval = publication = None
        if entry.verb == "approve":
            approval = next(one for one in approvals[entry.revision_id] if one.approved_at <= entry.at)
        else:
            moment = _MOMENTS.get(entry.verb, "starts_at")
            publication = next(one for one in publications[entry.revision_id] if getattr(one, moment) == entry.at)
        event = leaves.event_of(entry.verb, publication)
        data = leaves.data_of(event, entry.article, at=entry.at, approval=approval, publication=publication)
        text = canonical_json(data)
        frontier, made = merkle.grown(frontier, position, leaf_hash(text))
        table.add(
            position=position,
            event=event,
            data=text.decode(),
            hashes="".join(hash_.hex() for hash_ in made),
            transition_id=entry.pk,
            approval_id=approval and approval.pk,
            publication_id=publication and publication.pk,
        )
        position += 1
    table.write()
    return frontier


def _approvals_of(entries: Sequence[Transition]) -> dict[int | None, list[Approval]]:
    """Return the approvals of the entries' revisions by revision, the newest first, with what a leaf says of them."""
    reviews = Prefetch("submission__reviews", Review.objects.select_related("signature"))
    approvals = Approval.objects.filter(
        revision__in={entry.revision_id for entry in entries if entry.verb == "approve"}
    )
    found: dict[int | None, list[Approval]] = defaultdict(list)
    for approval in (
        approvals.select_related("revision", "submission")
        .prefetch_related("signatories", reviews)
        .order_by("-approved_at", "-pk")
    ):
        found[approval.revision_id].append(approval)
    return found


def _publications_of(entries: Sequence[Transition]) -> dict[int | None, list[Publication]]:
    """Return the publications of the entries' revisions, by revision."""
    revisions = {entry.revision_id for entry in entries if entry.verb != "approve"}
    publications = Publication.objects.filter(approval__revision__in=revisions).select_related("approval__revision")
    found: dict[int | None, list[Publication]] = defaultdict(list)
    for publication in publications.order_by("pk"):
        found[publication.approval.revision_id].append(publication)
    return found
