"""Letters: templates in, rows of the queue out. Knows no app; `mail.outbox` sends what is queued here.

A letter is a row written in the caller's transaction, so that it stands or falls with what it speaks of. Subject, text
and HTML are rendered once, when it is written. What must never lie in a table (a token) is a place in its words that is
filled when it leaves: `late`.
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

from core.text import clean_line, clean_prose, strip_controls

LONGEST_SUBJECT = 200
AUTOMATIC = {"Auto-Submitted": "auto-generated"}
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
# What ends an address or a line, or starts another one; a quoted local part could hold a comma.
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029,;:<>()\[\]\"\\]")

# A file that goes with a letter: name, content, media type.
Attachment = tuple[str, str | bytes, str]
Late = Mapping[str, tuple[str, int]]

_NOTED: ContextVar[list[int] | None] = ContextVar("noted", default=None)
_FILLS: dict[str, Callable[[int], str]] = {}
SAMPLES: dict[str, tuple[str, Callable[[], dict]]] = {}


class BadAddress(ValueError):
    """Raised for a recipient that is not one plain address."""


class NotWanted(Exception):
    """Raised by what fills a place, where the letter has lost its reason before it left."""


def send(
    name: str,
    context: Mapping[str, object],
    to: str | Sequence[str],
    *,
    attachments: Sequence[Attachment] = (),
    headers: Mapping[str, str] | None = None,
    late: Late | None = None,
    passing: bool = False,
) -> int:
    """Queue templates/emails/<name>.{subject,txt,html} to each of these addresses alone; returns how many.

    `late` maps a name in the context to (what fills it, its argument): see `fills`. With `passing`, recipient and words
    are taken out of the row once the email has left or was given up. Raises BadAddress, and ValueError for a header's
    name that is none, before anything is queued.
    """
    addresses = [plain_address(address) for address in ([to] if isinstance(to, str) else to)]
    places = {key: secrets.token_urlsafe(32) for key in late or {}}
    subject, text, html = render(name, {**context, **places})
    messages = []
    for address in addresses:
        message = EmailMultiAlternatives(
            subject, text, to=[address], headers=clean_headers({**AUTOMATIC, **(headers or {})})
        )
        message.attach_alternative(html, "text/html")
        for file_name, content, media_type in attachments:
            message.attach(clean_line(file_name), content, media_type)
        message.late = {places[key]: list(fill) for key, fill in (late or {}).items()}
        message.passing = passing
        messages.append(message)
    if not messages:
        return 0
    return get_connection().send_messages(messages) or 0


def render(name: str, context: Mapping[str, object]) -> tuple[str, str, str]:
    """Subject (one line), text and HTML of a letter. Nothing in subject and text is HTML, so nothing is escaped."""
    site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL.rstrip("/")}
    everything = {**site, **context}
    subject = clean_line(_plain(f"emails/{name}.subject", everything))[:LONGEST_SUBJECT]
    text = re.sub(r"\n{3,}", "\n\n", clean_prose(_plain(f"emails/{name}.txt", everything))) + "\n"
    return subject, text, render_to_string(f"emails/{name}.html", everything)


def plain_address(address: str) -> str:
    """The address as it stands if it is one and nothing else; raises BadAddress."""
    if _NOT_IN_ADDRESS.search(address) or clean_line(address) != address:
        raise BadAddress(f"{address!r} is not a plain email address.")
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadAddress(f"{address!r} is not an email address.") from error
    return address


def clean_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers whose values are one line without control characters; raises ValueError for a name that is none."""
    for name in headers:
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not the name of a header.")
    return {name: clean_line(str(value)) for name, value in headers.items()}


@contextmanager
def noted() -> Iterator[list[int]]:
    """Collects the primary keys of the emails that are queued while the block runs."""
    keys: list[int] = []
    token = _NOTED.set(keys)
    try:
        yield keys
    finally:
        _NOTED.reset(token)


def fills(name: str) -> Callable[[Callable[[int], str]], Callable[[int], str]]:
    """Decorator: this function gives the words for a place called so, each time a letter leaves.

    It is given the argument named in `late`. It may raise NotWanted: then the letter does not leave.
    """

    def decorator(function: Callable[[int], str]) -> Callable[[int], str]:
        _FILLS[name] = function
        return function

    return decorator


def sample(name: str, occasion: str) -> Callable[[Callable[[], dict]], Callable[[], dict]]:
    """Decorator: this function makes a context for the letter `name`, for a preview without real data."""

    def decorator(function: Callable[[], dict]) -> Callable[[], dict]:
        SAMPLES[name] = (occasion, function)
        return function

    return decorator


def forget(header: str, value: str, *, since: datetime, naming: str = "") -> int:
    """Delete the emails with this header and value that were queued since then, those that were sent too.

    `naming` also finds emails without the header, by an address in their text. Returns how many were deleted. An email
    that is being sent at this moment may still leave.
    """
    meant = Q(**{f"headers__{header}": value})
    if naming:
        meant |= Q(message__contains=f"{naming}\n")
    rows = Email.objects.filter(meant, created__gte=since)
    found = list(rows.values_list("pk", flat=True))
    Email.objects.filter(pk__in=found).delete()
    return len(found)


def is_passing(row: Email) -> bool:
    """Whether recipient and words go from the row once it has left (`letter`)."""
    return bool((row.context or {}).get("passing"))


def message_of(row: Email) -> EmailMessage:
    """The message of a queued row, its places filled and its files attached. Raises NotWanted."""
    kept = row.context or {}
    for place, (name, argument) in kept.get("late", {}).items():
        words = _FILLS[name](argument)
        row.message = row.message.replace(place, words)
        row.html_message = row.html_message.replace(place, words)
    message = row.prepare_email_message()
    for file_name, content, is_base64, media_type in kept.get("attachments", []):
        message.attach(file_name, base64.b64decode(content) if is_base64 else content, media_type)
    return message


class Queue(BaseEmailBackend):
    """Django's way of sending, which here means: a row of django-post-office's queue for each message.

    Its own backend is not used, for three reasons: it renders the words of a message as a template (`{{ … }}` in a
    title would be run), forgets the type of a file, and puts files on a disk that another machine does not see and a
    rollback leaves behind. Files lie in the row.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write a row for each message, in the transaction that is open. Returns how many."""
        noted = _NOTED.get()
        for message in email_messages:
            row = self._queue(message)
            if noted is not None:
                noted.append(row.pk)
        return len(email_messages)

    def _queue(self, message: EmailMessage) -> Email:
        html = [content for content, kind in getattr(message, "alternatives", []) if kind == "text/html"]
        headers = dict(message.extra_headers)
        if message.reply_to:
            headers.setdefault("Reply-To", ", ".join(message.reply_to))
        kept = {
            "late": getattr(message, "late", {}),
            "attachments": [_kept(*file) for file in message.attachments],
            "passing": getattr(message, "passing", False),
        }
        return Email.objects.create(
            from_email=message.from_email,
            to=[plain_address(address) for address in message.to],
            cc=[plain_address(address) for address in message.cc],
            bcc=[plain_address(address) for address in message.bcc],
            subject=clean_line(str(message.subject))[:LONGEST_SUBJECT],
            # No table of PostgreSQL takes a NUL, and no letter has a use for the others.
            message=strip_controls(message.body),
            html_message=strip_controls(html[0]) if html else "",
            headers=clean_headers(headers),
            context=kept if any(kept.values()) else None,
            message_id=make_msgid(domain=settings.POST_OFFICE["MESSAGE_ID_FQDN"]),
            priority=PRIORITY.medium,
            status=STATUS.queued,
        )


def _kept(name: str, content: str | bytes, media_type: str) -> tuple[str, str, bool, str]:
    """A file as JSON keeps it: name, content, whether that is base64, type."""
    if isinstance(content, bytes):
        return name, base64.b64encode(content).decode(), True, media_type
    return name, content, False, media_type


def _plain(name: str, context: Mapping[str, object]) -> str:
    return get_template(name).template.render(Context(context, autoescape=False))
