"""What has become of an email in the queue, and its words without what lets somebody in: for whoever may read it."""

import re

from django.db.models import OuterRef, QuerySet, Subquery
from post_office.models import STATUS, Email, Log

from core import times
from core.logs import SECRET
from mail.sending import NotWanted

LEFT_OUT = "[the link is left out here]"
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")

# The choices of a filter: what each is called, and which emails it has.
STATES: dict[str, tuple[str, dict[str, object]]] = {
    "queued": ("queued", {"status": STATUS.queued}),
    "sent": ("sent", {"status": STATUS.sent}),
    "again": ("not taken yet, tried again", {"status": STATUS.requeued}),
    "failed": ("failed", {"status": STATUS.failed}),
}


def with_trouble(rows: QuerySet, email: str = "pk") -> QuerySet:
    """Add `trouble`, what went wrong at the last attempt, and `trouble_kind`. `email` names the email's key."""
    last = Log.objects.filter(email=OuterRef(email)).order_by("-pk")
    return rows.annotate(
        trouble=Subquery(last.values("message")[:1]), trouble_kind=Subquery(last.values("exception_type")[:1])
    )


def state_of(email: Email, trouble: str | None, kind: str | None = "") -> str:
    """Say whether the mail server took the email, and when; else why not, and when it is tried again.

    `trouble` is what went wrong at the last attempt, and `kind` the name of the exception (see `with_trouble`).
    """
    if email.status == STATUS.sent:
        return f"sent {times.moment(email.last_updated)}"
    if email.status == STATUS.failed:
        said = "not sent" if kind == NotWanted.__name__ else "failed"
        return f"{said}, {times.moment(email.last_updated)}: {trouble or 'no reason is known'}"
    if email.status == STATUS.requeued:
        if not trouble:
            return "being sent"
        return f"not taken yet: {trouble.rstrip('.')}. Next try {times.moment(email.scheduled_time)}"
    return f"queued {times.moment(email.created)}"


def readable(email: Email) -> tuple[str, str]:
    """Return text and HTML of an email, with LEFT_OUT in place of every address that would let in whoever has it.

    That is every address with a place that is filled when the email leaves, and every one that the log leaves out.
    """
    places = list((email.context or {}).get("late", {}))
    return _without_secrets(email.message, places), _without_secrets(email.html_message, places)


def _without_secrets(words: str, places: list[str]) -> str:
    def shown(found: re.Match[str]) -> str:
        address = found[0]
        is_secret = SECRET.search(address) or any(place in address for place in places)
        return LEFT_OUT if is_secret else address

    words = _ADDRESS.sub(shown, words)
    for place in places:
        words = words.replace(place, LEFT_OUT)
    return SECRET.sub(LEFT_OUT, words)


def with_person(rows: QuerySet, people: QuerySet) -> QuerySet:
    """Add `person`, the name of whoever has the address that an email goes to."""
    return rows.annotate(person=Subquery(people.filter(email=OuterRef("to")).values("name")[:1]))
