"""Functions that render emails from templates and queue them; `mail.outbox` sends them. Depends on core alone.

An email is queued as a row in the caller's transaction, so it exists if and only if the change that it reports does.
Subject, text and HTML are rendered when the email is queued. A secret that must not be stored, such as a token, is
represented in the stored text by a random placeholder, which is replaced when the email is sent.
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
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from post_office.models import PRIORITY, STATUS, Email

from core.house.memory import house
from core.house.values import phrase
from core.text import clean_line, clean_prose, strip_controls

LONGEST_SUBJECT = 200
AUTOMATIC = {"Auto-Submitted": "auto-generated"}
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
# Characters that could end an address or a line, or begin another one. Quoted local parts are not accepted.
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029,;:<>()\[\]\"\\]")

# An attached file: name, content, media type.
Attachment = tuple[str, str | bytes, str]
# Variable of the context -> name of the function that makes its text (`fills_placeholder`), argument of the function.
Placeholders = Mapping[str, tuple[str, int]]

_COLLECTED: ContextVar[list[int] | None] = ContextVar("collected", default=None)
# Name -> function that makes the text, from the argument given to `send` and the address of the recipient.
_PLACEHOLDERS: dict[str, Callable[[int, str], str]] = {}
# Name of the email -> the occasion on which it is sent, and a function that returns a sample context.
SAMPLES: dict[str, tuple[str | Promise, Callable[[], dict]]] = {}


class BadAddress(ValueError):
    """Raised for a recipient that is not exactly one email address without a display name."""


class EmailCancelled(Exception):
    """Raised by the function of a placeholder if there is no longer a reason to send the email."""


class _RenderedMessage(EmailMultiAlternatives):
    """A message from `send`, with two more values for OutboxBackend: placeholders by token, and whether to erase it."""

    placeholders: dict[str, list[str | int]]
    erase_after_sending: bool


def send(
    name: str,
    context: Mapping[str, object],
    to: str | Sequence[str],
    *,
    attachments: Sequence[Attachment] = (),
    headers: Mapping[str, str] | None = None,
    placeholders: Placeholders | None = None,
    erase_after_sending: bool = False,
    in_the_name_of: tuple[str, str] | None = None,
) -> int:
    """Queue one email to each of these addresses and return the number queued.

    The templates are emails/<name>.subject, .txt and .html, rendered with `context`. Each of the `attachments` is a
    tuple of file name, content and media type. `headers` are added to the email. `placeholders` is for variables of the
    context whose text is made only when the email is sent. It maps the name of each to a pair: the name of the function
    that makes the text (`fills_placeholder`), and its argument. With `erase_after_sending`, the recipient and the
    content are removed from the row once the email has been sent, given up or cancelled. `in_the_name_of` is the name
    and the email address of whoever acted: the email names them as its sender, from the site's own address, and they
    get the replies.

    Raise BadAddress for an invalid address and ValueError for an invalid header name, both before anything is queued.
    """
    addresses = [plain_address(address) for address in ([to] if isinstance(to, str) else to)]
    tokens = {key: secrets.token_urlsafe(32) for key in placeholders or {}}
    subject, text, html = render(name, {**context, **tokens})
    messages = []
    for address in addresses:
        message = _RenderedMessage(subject, text, to=[address], headers=clean_headers({**AUTOMATIC, **(headers or {})}))
        if in_the_name_of:
            message.from_email, message.reply_to = sender_for(in_the_name_of[0]), [plain_address(in_the_name_of[1])]
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

    The templates of the subject and the text are rendered without HTML escaping.
    """
    site = {"site_name": house().name, "site_url": site_url()}
    everything = {**site, **context}
    subject = clean_line(_plain(f"emails/{name}.subject", everything))[:LONGEST_SUBJECT]
    text = re.sub(r"\n{3,}", "\n\n", clean_prose(_plain(f"emails/{name}.txt", everything))) + "\n"
    return subject, text, render_to_string(f"emails/{name}.html", everything)


def sender_for(name: str) -> str:
    """Return the sender of an email in somebody's name: their name and the site's, with the site's own address."""
    in_force = house()
    shown = _("%(name)s (%(site)s)") % {"name": clean_line(name), "site": in_force.name}
    return f"{phrase(shown)} <{in_force.sender_address}>"


def site_url() -> str:
    """Return the URL of the site without a trailing slash, for the links in emails."""
    return str(settings.SITE_URL).rstrip("/")


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

    Raise ValueError for an invalid header name.
    """
    for name in headers:
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not the name of a header.")
    return {name: clean_line(str(value)) for name, value in headers.items()}


@contextmanager
def collect_queued() -> Iterator[list[int]]:
    """Context manager: yield a list to which the primary key of each email queued within the block is added."""
    keys: list[int] = []
    token = _COLLECTED.set(keys)
    try:
        yield keys
    finally:
        _COLLECTED.reset(token)


def fills_placeholder(name: str) -> Callable[[Callable[[int, str], str]], Callable[[int, str], str]]:
    """Register the decorated function, which returns the text of the placeholder `name` for one email.

    The function is called at each attempt to send the email, with the argument that `send` was given for it and the
    address of the recipient. If the function raises EmailCancelled, the email is not sent.
    """

    def decorator(function: Callable[[int, str], str]) -> Callable[[int, str], str]:
        _PLACEHOLDERS[name] = function
        return function

    return decorator


def sample(name: str, occasion: str | Promise) -> Callable[[Callable[[], dict]], Callable[[], dict]]:
    """Register the decorated function, which returns a sample context for the email `name`.

    The email can then be shown without real data. `occasion` is a phrase that says to whom and when it is sent.
    """

    def decorator(function: Callable[[], dict]) -> Callable[[], dict]:
        SAMPLES[name] = (occasion, function)
        return function

    return decorator


def delete_emails(header: str, value: str, *, since: datetime, containing: str = "") -> int:
    """Delete the emails with this header and value that were queued at or after `since`; return the number deleted.

    `since` is an aware time. Emails that were already sent are deleted as well. With `containing`, so are emails
    without the header if a line of their text ends with that string. An email that is being sent at this moment may
    still be delivered.
    """
    matching = Q(**{f"headers__{header}": value})
    if containing:
        matching |= Q(message__contains=f"{containing}\n")
    rows = Email.objects.filter(matching, created__gte=since)
    found = list(rows.values_list("pk", flat=True))
    Email.objects.filter(pk__in=found).delete()
    return len(found)


def is_erased_after_sending(row: Email) -> bool:
    """Return whether recipient and content are removed once the email was sent or given up (see `send`)."""
    return bool((row.context or {}).get("erase_after_sending"))


def build_message(row: Email) -> EmailMessage:
    """Return the message of a queued email, with its placeholders replaced and its files attached.

    Raise EmailCancelled if the function of a placeholder raises it.
    """
    extra = row.context or {}
    for token, (name, argument) in extra.get("placeholders", {}).items():
        text = _PLACEHOLDERS[name](argument, row.to[0])
        row.message = row.message.replace(token, text)
        row.html_message = row.html_message.replace(token, text)
    message: EmailMessage = row.prepare_email_message()
    for file_name, content, is_base64, media_type in extra.get("attachments", []):
        message.attach(file_name, base64.b64decode(content) if is_base64 else content, media_type)
    return message


class OutboxBackend(BaseEmailBackend):
    """An email backend for Django that queues each message as a row of django-post-office.

    The backend that comes with django-post-office is not used, for three reasons: it renders the text of a message as a
    template (`{{ … }}` in a title would be executed), it loses the media type of attachments, and it stores them on a
    disk that other machines do not share and that a rollback does not clean up. Here attachments are stored in the row.

    The sender and the Reply-To address come from the house settings unless the message sets its own.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue each message in the current transaction and return the number queued.

        Raise BadAddress for an invalid address and ValueError for an invalid header name.
        """
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
            message=strip_controls(str(message.body)),
            html_message=strip_controls(html[0]) if html else "",
            headers=clean_headers(headers),
            context=extra if any(extra.values()) else None,
            message_id=make_msgid(domain=settings.POST_OFFICE["MESSAGE_ID_FQDN"]),
            priority=PRIORITY.medium,
            status=STATUS.queued,
        )


def _as_json(name: str, content: str | bytes, media_type: str) -> tuple[str, str, bool, str]:
    """Return an attachment as values for JSON: name, content, whether the content is base64, and media type."""
    if isinstance(content, bytes):
        return name, base64.b64encode(content).decode(), True, media_type
    return name, content, False, media_type


def _plain(name: str, context: Mapping[str, object]) -> str:
    template: Template = get_template(name).template  # type: ignore[attr-defined]  # Django's own templates have it
    return template.render(Context(context, autoescape=False))
