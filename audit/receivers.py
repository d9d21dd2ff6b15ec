"""Signal receivers: each event of an article is appended to the sealed log in the transaction that records it."""

from typing import Any

from django.db.models import F, Q
from django.db.models.signals import post_save
from django.utils import timezone

from articles.models import Publication, Transition
from articles.signals import publications_turned
from audit import leaves, log
from audit.models import Event


def append_event(sender: type, instance: Transition, created: bool, **kwargs: Any) -> None:
    """Receive post_save: append a new entry of an article's log to the sealed log if its action is one of EVENTS."""
    if created and instance.verb in leaves.EVENTS:
        approval, publication = leaves.rows_of(instance)
        event = leaves.event_of(instance.verb, publication)
        data = leaves.data_of(event, instance.article, at=instance.at, approval=approval, publication=publication)
        log.append(event, data, transition=instance, approval=approval, publication=publication)


def append_ends(sender: type | None = None, **kwargs: Any) -> int:
    """Append an event for each publication that expired as planned and whose end the log lacks; return their number.

    Nobody acts at such an end. It is therefore logged by the job that follows up starts and ends, and before each seal.
    """
    ended = Publication.objects.filter(
        ~Q(leaves__event=Event.END), cancelled_at=None, notice="", ends_at=F("expires_at"), ends_at__lte=timezone.now()
    )
    rows = list(ended.select_related("article", "approval__revision").order_by("ends_at", "pk"))
    for row in rows:
        assert row.ends_at is not None  # by the query
        data = leaves.data_of(Event.END, row.article, at=row.ends_at, publication=row)
        log.append(Event.END, data, publication=row)
    return len(rows)


post_save.connect(append_event, sender=Transition, dispatch_uid="log-transition")
publications_turned.connect(append_ends, dispatch_uid="log-ends")
