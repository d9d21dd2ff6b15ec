"""Tell people of an event: a notification in the inbox, and an email at once for those who want one."""

import logging
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from inbox import events
from inbox.models import Delivery, Notification
from inbox.preferences import deliveries
from mail import sending

log = logging.getLogger(__name__)

OwnEmail = tuple[str, dict[str, object]]


@transaction.atomic
def notify(
    event: str,
    people: Iterable[User],
    *,
    key: str,
    page: str,
    subject: str = "",
    words: str = "",
    actor: User | None = None,
    email: OwnEmail | None = None,
) -> int:
    """Tell these people of an event, in one transaction; return the number of emails queued.

    `key` names what happened; nobody is told twice of the same. `page` is the URL of the page where they can see or do
    something about it. `subject` and `words` say what happened and what is asked. `email` is the name of an email with
    its context, which is sent instead of the general one; its subject is also that of the notification. Whoever acted
    (`actor`) and people who are switched off are not told; the email comes in the name of the actor, who gets the
    replies. A bad address is logged and skipped. Raise KeyError for an event that is not registered.
    """
    if not events.is_registered(event):
        raise KeyError(event)
    told = {person.pk: person for person in people if person.is_active and person != actor}
    if email is not None:
        subject = sending.render(*email)[0]
    parts = urlsplit(page)
    path = parts._replace(scheme="", netloc="").geturl()
    known = set(Notification.objects.filter(key=key, recipient__in=told).values_list("recipient", flat=True))
    wanted = deliveries(event, told.values())
    queued = 0
    for pk, person in told.items():
        if pk in known:
            continue
        row = Notification(
            recipient=person,
            event=event,
            key=key,
            subject=subject[: Notification._meta.get_field("subject").max_length],
            words=words,
            path=path,
            actor=actor,
            delivery=wanted[pk],
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # told a moment ago, by another process
            continue
        if row.delivery == Delivery.AT_ONCE:
            queued += _send(row, email)
    return queued


def _send(row: Notification, email: OwnEmail | None) -> int:
    """Queue the email about a notification; return 1, or 0 for an address that cannot be written to."""
    name, context = email or ("inbox_notification", context_of(row))
    by = (str(row.actor), row.actor.email) if row.actor else None
    try:
        queued = sending.send(name, context, row.recipient.email, in_the_name_of=by)
    except sending.BadAddress as error:
        log.error("No email to user %s: %s", row.recipient_id, error)
        return 0
    row.emailed_at = timezone.now()
    row.save(update_fields=["emailed_at"])
    return queued


def context_of(row: Notification) -> dict[str, object]:
    """Return the template context of the general email about a notification."""
    return {
        "subject": row.subject,
        "words": row.words,
        "by": str(row.actor) if row.actor else "",
        "page": sending.site_url() + row.path,
        "preferences": sending.site_url() + reverse("admin:inbox_preferences"),
    }


def erase(*, of: Iterable[User], addresses: Iterable[str], names: Iterable[str]) -> int:
    """Delete the notifications of these people, and those that contain one of the names or addresses.

    Return their number.
    """
    found = Q(recipient__in=of)
    for word in filter(None, (*addresses, *names)):
        found |= Q(subject__icontains=word) | Q(words__icontains=word)
    return Notification.objects.filter(found).delete()[0]
