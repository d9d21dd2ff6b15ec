"""Renders emails from templates and queues them; `mail.outbox` sends what is queued here. Knows no other app but core.

An email is queued as a row in the caller's transaction, so it exists if and only if the change that it reports does.
Subject, text and HTML are rendered when it is queued. A secret that must not be stored, such as a token, stands in the
stored text as a random placeholder, which is replaced when the email is sent.
"""

import base64
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from email.utils import make_msgid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db.models import Q
from django.template import Context
from django.template.loader import get_template, render_to_string
from post_office.models import PRIORITY, STATUS, Email

from core.house.memory import house
from core.text import clean_line, clean_prose, strip_controls

LONGEST_SUBJECT = 200
AUTOMATIC = {"Auto-Submitted": "auto-generated"}
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
# Characters that could end an address or a line, or begin another one. Quoted local parts are not accepted.
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029,;:<>()\[\]\"\\]")

# An attached file: name, content, media type.
Attachment = tuple[str, str | bytes, str]
# The name in the context, with the function that makes the text (`fills_placeholder`) and its argument.
Placeholders = Mapping[str, tuple[str, int]]

_COLLECTED: ContextVar[list[int] | None] = ContextVar("collected", default=None)
_PLACEHOLDERS: dict[str, Callable[[int], str]] = {}
# By the name of the email: on what occasion it is sent, and a function that returns a context to show it with.
SAMPLES: dict[str, tuple[str, Callable[[], dict]]] = {}


class BadAddress(ValueError):
    """Raised for a recipient that is not exactly one email address without a display name."""


class EmailCancelled(Exception):
    """Raised by the function of a placeholder when there is no longer a reason to send the email."""


def send(
    name: str,
    context: Mapping[str, object],
    to: str | Sequence[str],
    *,
    attachments: Sequence[Attachment] = (),
    headers: Mapping[str, str] | None = None,
    placeholders: Placeholders | None = None,
    erase_after_sending: bool = False,
) -> int:
    """Queue one email to each of these addresses and return how many were queued.

    The templates are emails/<name>.subject, .txt and .html, rendered with `context`. `placeholders` gives names of the
    context whose text is made on sending (`fills_placeholder`). With `erase_after_sending`, recipient and content are
    removed from the row once the email was sent or given up.

    Raises, before anything is queued, BadAddress for an invalid address and ValueError for an invalid header name.
    """
    addresses = [plain_address(address) for address in ([to] if isinstance(to, str) else to)]
    tokens = {key: secrets.token_urlsafe(32) for key in placeholders or {}}
    subject, text, html = render(name, {**context, **tokens})
    messages = []
    for address in addresses:
        message = EmailMultiAlternatives(
            subject, text, to=[address], headers=clean_headers({**AUTOMATIC, **(headers or {})})
        )
        message.attach_alternative(html, "text/html")
        for file_name, content, media_type in attachments:
            message.attach(clean_line(file_name), content, media_type)
        message.placeholders = {tokens[key]: list(source) for key, source in (placeholders or {}).items()}
        message.erase_after_sending = erase_after_sending
        messages.append(message)
    if not messages:
        return 0
    return get_connection().send_messages(messages) or 0


def render(name: str, context: Mapping[str, object]) -> tuple[str, str, str]:
    """Return the subject (one line), the text and the HTML of the email `name`.

    Subject and text are not HTML, so their templates escape nothing.
    """
    site = {"site_name": house().name, "site_url": settings.SITE_URL.rstrip("/")}
    everything = {**site, **context}
    subject = clean_line(_plain(f"emails/{name}.subject", everything))[:LONGEST_SUBJECT]
    text = re.sub(r"\n{3,}", "\n\n", clean_prose(_plain(f"emails/{name}.txt", everything))) + "\n"
    return subject, text, render_to_string(f"emails/{name}.html", everything)


def plain_address(address: str) -> str:
    """Return `address` unchanged if it is one email address and nothing else; raise BadAddress otherwise."""
    if _NOT_IN_ADDRESS.search(address) or clean_line(address) != address:
        raise BadAddress(f"{address!r} is not a plain email address.")
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadAddress(f"{address!r} is not an email address.") from error
    return address


def clean_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers, each value as one line without control characters.

    Raises ValueError for an invalid header name.
    """
    for name in headers:
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not the name of a header.")
    return {name: clean_line(str(value)) for name, value in headers.items()}


@contextmanager
def collect_queued() -> Iterator[list[int]]:
    """Context manager: yield a list that receives the primary key of each email queued while the block runs."""
    keys: list[int] = []
    token = _COLLECTED.set(keys)
    try:
        yield keys
    finally:
        _COLLECTED.reset(token)


def fills_placeholder(name: str) -> Callable[[Callable[[int], str]], Callable[[int], str]]:
    """Decorator: the function returns the text of the placeholder `name` each time an email with it is sent.

    The function gets the argument that `send` was given for it. If it raises EmailCancelled, the email is not sent.
    """

    def decorator(function: Callable[[int], str]) -> Callable[[int], str]:
        _PLACEHOLDERS[name] = function
        return function

    return decorator


def sample(name: str, occasion: str) -> Callable[[Callable[[], dict]], Callable[[], dict]]:
    """Decorator: the function returns a sample context for the email `name`, to show it without real data.

    `occasion` says in words to whom and when the email is sent.
    """

    def decorator(function: Callable[[], dict]) -> Callable[[], dict]:
        SAMPLES[name] = (occasion, function)
        return function

    return decorator


def delete_emails(header: str, value: str, *, since: datetime, containing: str = "") -> int:
    """Delete the emails with this header and value that were queued at or after `since`, and return how many.

    Emails that were already sent are deleted as well. `containing` also finds emails without the header, by a line of
    their text that ends with it. An email that is being sent at this moment may still be delivered.
    """
    matching = Q(**{f"headers__{header}": value})
    if containing:
        matching |= Q(message__contains=f"{containing}\n")
    rows = Email.objects.filter(matching, created__gte=since)
    found = list(rows.values_list("pk", flat=True))
    Email.objects.filter(pk__in=found).delete()
    return len(found)


def is_erased_after_sending(row: Email) -> bool:
    """Whether recipient and content are removed from the row once it was sent or given up (see `send`)."""
    return bool((row.context or {}).get("erase_after_sending"))


def build_message(row: Email) -> EmailMessage:
    """Return the message of a queued email, with its placeholders replaced and its files attached.

    Raises EmailCancelled where a placeholder's function does.
    """
    extra = row.context or {}
    for token, (name, argument) in extra.get("placeholders", {}).items():
        text = _PLACEHOLDERS[name](argument)
        row.message = row.message.replace(token, text)
        row.html_message = row.html_message.replace(token, text)
    message = row.prepare_email_message()
    for file_name, content, is_base64, media_type in extra.get("attachments", []):
        message.attach(file_name, base64.b64decode(content) if is_base64 else content, media_type)
    return message


class OutboxBackend(BaseEmailBackend):
    """An email backend for Django that queues each message as a row of django-post-office.

    The backend of django-post-office is not used, for three reasons: it renders the text of a message as a template
    (`{{ … }}` in a title would be run), it loses the media type of a file, and it stores files on a disk that other
    machines do not share and that a rollback does not clean up. Here files are stored in the row.

    Sender and address for answers are those of the house settings unless the message names its own.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue each message in the current transaction and return how many were queued."""
        collected = _COLLECTED.get()
        for message in email_messages:
            row = self._queue(message)
            if collected is not None:
                collected.append(row.pk)
        return len(email_messages)

    def _queue(self, message: EmailMessage) -> Email:
        in_force = house()
        html = [content for content, kind in getattr(message, "alternatives", []) if kind == "text/html"]
        headers = dict(message.extra_headers)
        if message.reply_to:
            headers.setdefault("Reply-To", ", ".join(message.reply_to))
        elif in_force.contact:
            headers.setdefault("Reply-To", in_force.contact)
        extra = {
            "placeholders": getattr(message, "placeholders", {}),
            "attachments": [_as_json(*file) for file in message.attachments],
            "erase_after_sending": getattr(message, "erase_after_sending", False),
        }
        return Email.objects.create(
            from_email=in_force.sender if message.from_email == settings.DEFAULT_FROM_EMAIL else message.from_email,
            to=[plain_address(address) for address in message.to],
            cc=[plain_address(address) for address in message.cc],
            bcc=[plain_address(address) for address in message.bcc],
            subject=clean_line(str(message.subject))[:LONGEST_SUBJECT],
            # PostgreSQL refuses NUL in text, and an email needs no other control character.
            message=strip_controls(message.body),
            html_message=strip_controls(html[0]) if html else "",
            headers=clean_headers(headers),
            context=extra if any(extra.values()) else None,
            message_id=make_msgid(domain=settings.POST_OFFICE["MESSAGE_ID_FQDN"]),
            priority=PRIORITY.medium,
            status=STATUS.queued,
        )


def _as_json(name: str, content: str | bytes, media_type: str) -> tuple[str, str, bool, str]:
    """Return a file as JSON can hold it: name, content, whether the content is base64, media type."""
    if isinstance(content, bytes):
        return name, base64.b64encode(content).decode(), True, media_type
    return name, content, False, media_type


def _plain(name: str, context: Mapping[str, object]) -> str:
    return get_template(name).template.render(Context(context, autoescape=False))
