"""Sends the queue of letters: by any number of machines at once, and again until each letter went.

A letter is taken by a conditional update that puts its next attempt off, so that nobody else takes it, and so that it
comes back by itself if this process dies. The one thing that no sender can rule out is dying between the server's "yes"
and the note of it: then the letter goes once more, under the same Message-ID.
"""

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from post_office.models import STATUS, Email
from post_office.settings import get_backend, get_max_retries

from core.logs import anonymous, hidden
from mail.sending import NotWanted, is_passing, message_of

log = logging.getLogger(__name__)

PAUSE, LONGEST_PAUSE = timedelta(minutes=15), timedelta(hours=6)
MOST_LOSSES = 3  # of the connection, one after the other, before a run gives up


@dataclass
class SendingTally:
    """What a run came to. `trouble` says why it ended before the queue did."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0
    not_wanted: int = 0
    trouble: str = ""

    @property
    def nothing_went(self) -> bool:
        """Whether there were letters to send and the server took none of them."""
        return not self.sent and bool(self.put_off or self.given_up or self.trouble)


def unsent() -> "QuerySet[Email]":
    """The letters that have still to go, now or later."""
    return Email.objects.filter(status__in=[STATUS.queued, STATUS.requeued])


def waiting() -> "QuerySet[Email]":
    """The letters that may be sent now, the oldest first."""
    may_go = Q(scheduled_time=None) | Q(scheduled_time__lte=timezone.now())
    return unsent().filter(may_go).order_by("-priority", "pk")


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: a quarter of an hour, then twice as long each time, to six hours."""
    return min(PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)


def send_queue(progress: Callable[[], object] = lambda: None) -> SendingTally:
    """Send every letter that waits now. Nothing that a server or a single letter does raises.

    Where no connection can be made, nothing is touched and the next run begins anew. A letter that is refused is put
    off; after as many attempts as MAX_RETRIES allows it is given up, and kept with what the server said.
    """
    tally, losses, connection = SendingTally(), 0, None
    for pk in list(waiting().values_list("pk", flat=True)):
        if connection is None:
            try:
                connection = _connected()
            except (OSError, smtplib.SMTPException) as error:
                tally.trouble = f"The mail server takes nothing: {error}"
                break
        row = _take(pk)
        if row is None:
            continue
        error = _send(row, connection, tally)
        if _is_loss(error):
            losses += 1
            connection.close()
            connection = None
            if losses == MOST_LOSSES:
                tally.trouble = f"The connection to the mail server was lost {losses} times: {error}"
                break
        else:
            losses = 0
        progress()
    if connection is not None:
        connection.close()
    return tally


def _connected() -> BaseEmailBackend:
    connection = get_connection(get_backend())
    connection.open()
    return connection


def _take(pk: int) -> Email | None:
    """Put the next attempt off and count this one; None where somebody else has taken it."""
    attempts = Email.objects.values_list("number_of_retries", flat=True).filter(pk=pk).first() or 0
    now = timezone.now()
    taken = (
        waiting()
        .order_by()
        .filter(pk=pk)
        .update(
            status=STATUS.requeued,
            scheduled_time=now + pause_after(attempts + 1),
            number_of_retries=Coalesce(F("number_of_retries"), Value(0)) + 1,
            last_updated=now,
        )
    )
    return Email.objects.get(pk=pk) if taken else None


def _send(row: Email, connection: BaseEmailBackend, tally: SendingTally) -> Exception | None:
    """Send one letter and note what came of it; returns what went wrong."""
    try:
        connection.send_messages([message_of(row)])
    except NotWanted as error:
        _note(row, STATUS.failed, error)
        tally.not_wanted += 1
        return None
    except Exception as error:  # whatever a server or a letter can do must not hold up the others
        if row.number_of_retries >= get_max_retries() and not _is_loss(error):
            log.error("Email %s is given up after %s attempts: %s", row.pk, row.number_of_retries, _said(row, error))
            _note(row, STATUS.failed, error)
            tally.given_up += 1
        else:
            _note(row, STATUS.requeued, error)
            tally.put_off += 1
        return error
    _note(row, STATUS.sent)
    tally.sent += 1
    return None


def _is_loss(error: Exception | None) -> bool:
    """Whether the connection is gone, which is nobody's letter's fault."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return True
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)


def _note(row: Email, status: int, error: Exception | None = None) -> None:
    """Keep what came of an attempt; a passing email that is done with loses its recipient and its words."""
    passing = is_passing(row)
    emptied = {"to": [], "message": "", "html_message": ""} if passing and status != STATUS.requeued else {}
    if not Email.objects.filter(pk=row.pk).update(status=status, last_updated=timezone.now(), **emptied):
        return  # deleted on request while it was being sent
    if error is not None:
        said = _said(row, error)[:2000]
        row.logs.create(status=STATUS.failed, message=said, exception_type=type(error).__name__)


def _said(row: Email, error: Exception) -> str:
    """What the server said, without secrets; of a passing email without addresses as well."""
    return (anonymous if is_passing(row) else hidden)(_in_words(error))


def _in_words(error: Exception) -> str:
    """Return what the server said: its number and its words, for each address where they differ."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = [f"{address}: {code} {_decoded(words)}" for address, (code, words) in error.recipients.items()]
        return "; ".join(said)
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return str(error)


def _decoded(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
