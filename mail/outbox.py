"""The outbox: sends queued emails, on any number of machines at once, and retries those that failed.

A sender claims an email by a conditional update that schedules the next attempt. No other sender can then claim the
email, and if the process dies, the email becomes due again by itself. If the process dies after the server has accepted
an email and before this is recorded, the email is sent a second time with the same Message-ID.
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

from core.logs import anonymise, redact_secrets
from mail.sending import EmailCancelled, build_message, is_erased_after_sending

log = logging.getLogger(__name__)

FIRST_RETRY_DELAY, MAX_RETRY_DELAY = timedelta(minutes=15), timedelta(hours=6)
MAX_CONNECTION_LOSSES = 3  # in a row, before a run gives up


@dataclass
class SendingResult:
    """The numbers of emails that a run sent, deferred, gave up on (`failed`) and cancelled.

    `error` says why the run ended before it had tried every due email; it is empty otherwise.
    """

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    cancelled: int = 0
    error: str = ""

    @property
    def nothing_sent(self) -> bool:
        """Return whether there were emails to send and the server accepted none of them."""
        return not self.sent and bool(self.deferred or self.failed or self.error)


def unsent() -> "QuerySet[Email]":
    """Return the emails that are neither sent nor given up, including those that are not due yet."""
    rows: QuerySet[Email] = Email.objects.filter(status__in=[STATUS.queued, STATUS.requeued])
    return rows


def due() -> "QuerySet[Email]":
    """Return the emails that may be sent now, sorted by priority (highest first) and then by age (oldest first)."""
    is_due = Q(scheduled_time=None) | Q(scheduled_time__lte=timezone.now())
    return unsent().filter(is_due).order_by("-priority", "pk")


def retry_delay(attempts: int) -> timedelta:
    """Return the delay after this number of attempts: 15 minutes, doubled with each attempt, at most six hours."""
    delay: timedelta = min(FIRST_RETRY_DELAY * 2 ** min(attempts - 1, 10), MAX_RETRY_DELAY)
    return delay


def send_queue(progress: Callable[[], object] = lambda: None) -> SendingResult:
    """Send every email that is due, call `progress` after each attempt, and return the result.

    If no connection can be made, no email is changed, and the next run tries again. An email that the server rejects
    is deferred; after MAX_RETRIES attempts it is given up, and its row keeps the server's reply. Errors of a server or
    of a single email are recorded and not raised; errors of the database are raised.
    """
    result, losses, connection = SendingResult(), 0, None
    for pk in list(due().values_list("pk", flat=True)):
        if connection is None:
            try:
                connection = _connected()
            except (OSError, smtplib.SMTPException) as error:
                result.error = f"The mail server accepts no emails: {error}"
                break
        row = _claim(pk)
        if row is None:
            continue
        trouble = _send(row, connection, result)
        if _is_loss(trouble):
            losses += 1
            connection.close()
            connection = None
            if losses == MAX_CONNECTION_LOSSES:
                result.error = f"The connection to the mail server was lost {losses} times: {trouble}"
                break
        else:
            losses = 0
        progress()
    if connection is not None:
        connection.close()
    return result


def _connected() -> BaseEmailBackend:
    connection: BaseEmailBackend = get_connection(get_backend())
    connection.open()
    return connection


def _claim(pk: int) -> Email | None:
    """Claim an email: count this attempt, schedule the next one and return the email.

    Return None if another sender has claimed the email or it is no longer due.
    """
    attempts = Email.objects.values_list("number_of_retries", flat=True).filter(pk=pk).first() or 0
    now = timezone.now()
    claimed = (
        due()
        .order_by()
        .filter(pk=pk)
        .update(
            status=STATUS.requeued,
            scheduled_time=now + retry_delay(attempts + 1),
            number_of_retries=Coalesce(F("number_of_retries"), Value(0)) + 1,
            last_updated=now,
        )
    )
    return Email.objects.get(pk=pk) if claimed else None


def _send(row: Email, connection: BaseEmailBackend, result: SendingResult) -> Exception | None:
    """Send one email, record the outcome in its row and in `result`, and return the error, if any.

    Return None for a sent and for a cancelled email.
    """
    try:
        connection.send_messages([build_message(row)])
    except EmailCancelled as error:
        _record(row, STATUS.failed, error)
        result.cancelled += 1
        return None
    except Exception as error:  # one server or one email must not hold up the others
        if row.number_of_retries >= get_max_retries() and not _is_loss(error):
            log.error(
                "Email %s is given up after %s attempts: %s", row.pk, row.number_of_retries, _redacted_reply(row, error)
            )
            _record(row, STATUS.failed, error)
            result.failed += 1
        else:
            _record(row, STATUS.requeued, error)
            result.deferred += 1
        return error
    _record(row, STATUS.sent)
    result.sent += 1
    return None


def _is_loss(error: Exception | None) -> bool:
    """Return whether the error means that the connection is lost, rather than that this email was rejected."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return True
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)


def _record(row: Email, status: int, error: Exception | None = None) -> None:
    """Record the outcome of an attempt.

    Remove the recipient and the content of an email that is to be erased after sending, unless it is tried again.
    """
    is_over = status != STATUS.requeued
    emptied = {"to": [], "message": "", "html_message": ""} if is_over and is_erased_after_sending(row) else {}
    if not Email.objects.filter(pk=row.pk).update(status=status, last_updated=timezone.now(), **emptied):
        return  # deleted on request while it was being sent
    if error is not None:
        reply = _redacted_reply(row, error)[:2000]
        row.logs.create(status=STATUS.failed, message=reply, exception_type=type(error).__name__)


def _redacted_reply(row: Email, error: Exception) -> str:
    """Return the server's reply without secrets, and without addresses if the email is erased after sending."""
    return (anonymise if is_erased_after_sending(row) else redact_secrets)(_reply(error))


def _reply(error: Exception) -> str:
    """Return the server's reply with its code. If it rejected recipients, return the reply for each of them.

    For an error without a reply, return the text of the exception.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = [f"{address}: {code} {_decoded(text)}" for address, (code, text) in error.recipients.items()]
        return "; ".join(replies)
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return str(error)


def _decoded(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
