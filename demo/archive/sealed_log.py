"""Entries of the sealed log for an archive, whose rows are written without the signals that append them."""

from django.db.models import QuerySet

from articles.models import Approval, Publication, Transition
from audit import leaves, log
from audit.receivers import append_ends


def append_missing() -> int:
    """Append the entries that the log lacks, in the order of the articles' logs, and return their number."""
    entries = Transition.objects.filter(verb__in=leaves.EVENTS, leaf=None).select_related("article").order_by("pk")
    count = 0
    for entry in list(entries):
        approval = _approval(entry) if entry.verb == "approve" else None
        publication = None if approval else _publication(entry)
        event = leaves.event_of(entry.verb, publication)
        data = leaves.data_of(event, entry.article, at=entry.at, approval=approval, publication=publication)
        log.append(event, data, transition=entry, approval=approval, publication=publication)
        count += 1
    return count + append_ends()


def _approval(entry: Transition) -> Approval:
    """Return the approval that an entry is about: the newest of its revision at that time."""
    made = Approval.objects.filter(revision=entry.revision_id, approved_at__lte=entry.at)
    return made.select_related("revision", "submission").latest("approved_at", "pk")


def _publication(entry: Transition) -> Publication:
    """Return the publication that an entry began, called off or ended."""
    own: QuerySet[Publication] = entry.article.publications.select_related("approval__revision")
    moment = {"schedule": "created_at", "unschedule": "cancelled_at", "withdraw": "ends_at"}.get(
        entry.verb, "starts_at"
    )
    return own.get(**{"approval__revision": entry.revision_id, moment: entry.at})
