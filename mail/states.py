"""The state of a queued email as a phrase, and its text without the links that give access, for the admin."""

import re
from typing import TypedDict, TypeVar

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from post_office.models import STATUS, Email, Log

from core import times
from core.logs import SECRET
from mail.sending import EmailCancelled

LEFT_OUT = gettext_noop("[the link is left out here]")
_Row = TypeVar("_Row", bound=Model)
_URL = re.compile(r"https?://[^\s\"'<>]+")

# The choices of the admin's filter: the value in the URL, its label, and the conditions on an email.
STATES: dict[str, tuple[str | Promise, dict[str, object]]] = {
    "queued": (gettext_lazy("queued"), {"status": STATUS.queued}),
    "sent": (gettext_lazy("sent"), {"status": STATUS.sent}),
    "again": (gettext_lazy("not sent yet, will be tried again"), {"status": STATUS.requeued}),
    "failed": (gettext_lazy("failed"), {"status": STATUS.failed}),
}


class LastError(TypedDict):
    """The annotations that `with_last_error` adds. Both are None if no attempt has failed."""

    last_error: str | None
    last_error_type: str | None


def with_last_error(rows: QuerySet[_Row], email: str = "pk") -> QuerySet[_Row]:
    """Return `rows` with the annotations `last_error` and `last_error_type` (see LastError).

    These are the message and the name of the exception of the last failed attempt. `email` is the name of the field of
    `rows` that holds the primary key of the email.
    """
    last = Log.objects.filter(email=OuterRef(email)).order_by("-pk")
    annotated: QuerySet[_Row] = rows.annotate(
        last_error=Subquery(last.values("message")[:1]),
        last_error_type=Subquery(last.values("exception_type")[:1]),
    )
    return annotated


def state_of(email: Email, error: str | None, error_type: str | None = "") -> str:
    """Return a phrase that says when the email was sent, or why it was not and when it will be tried again.

    `error` is the message of the last failed attempt and `error_type` the name of its exception (`with_last_error`).
    """
    if email.status == STATUS.sent:
        return _("sent %(when)s") % {"when": times.moment(email.last_updated)}
    if email.status == STATUS.failed:
        is_cancelled = error_type == EmailCancelled.__name__
        outcome = _("not sent, %(when)s: %(reason)s") if is_cancelled else _("failed, %(when)s: %(reason)s")
        return outcome % {"when": times.moment(email.last_updated), "reason": error or _("no reason is known")}
    if email.status == STATUS.requeued:
        if not error:
            return _("being sent")
        told = {"reason": error.rstrip("."), "when": times.moment(email.scheduled_time)}
        return _("not sent yet: %(reason)s. Next try: %(when)s") % told
    return _("queued %(when)s") % {"when": times.moment(email.created)}


def redacted(email: Email) -> tuple[str, str]:
    """Return the text and the HTML of an email, with LEFT_OUT in place of every URL that gives access.

    A URL gives access if it contains a placeholder that is filled on sending, or a token that is removed from logs
    (core.logs.SECRET).
    """
    placeholders = list((email.context or {}).get("placeholders", {}))
    return _without_secrets(email.message, placeholders), _without_secrets(email.html_message, placeholders)


def _without_secrets(text: str, placeholders: list[str]) -> str:
    def shown(match: re.Match[str]) -> str:
        url = match[0]
        is_secret = SECRET.search(url) or any(placeholder in url for placeholder in placeholders)
        return _(LEFT_OUT) if is_secret else url

    text = _URL.sub(shown, text)
    for placeholder in placeholders:
        text = text.replace(placeholder, _(LEFT_OUT))
    return SECRET.sub(_(LEFT_OUT), text)


def with_recipient_name(rows: QuerySet[_Row], people: QuerySet) -> QuerySet[_Row]:
    """Return `rows` with the annotation `recipient_name`, the name of the person in `people` with that email address.

    It is None if nobody in `people` has the email address of the recipient.
    """
    names = people.filter(email=OuterRef("to")).values("name")
    annotated: QuerySet[_Row] = rows.annotate(recipient_name=Subquery(names[:1]))
    return annotated
