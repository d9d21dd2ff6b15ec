"""A log filter that removes secrets, and a formatter that writes anonymised lines of JSON. Independent of Django."""

import ipaddress
import json
import logging
import re
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# Links with a token that gives access: a shared preview (/preview/, which in the admin has no token), a review
# (/board/r/), a correction of an account (/board/c/), subscribing to or leaving the newsletter, and choosing a
# password.
SECRET = re.compile(r"(/preview/|/board/[cr]/|/newsletter/(?:confirm|unsubscribe)/|/account/choose/)[^/\s?\"']{8,}")
HIDDEN = r"\1…"

# A segment of a path that looks like a signed or random token: long, with a capital letter or a colon.
_TOKEN = re.compile(r"(?<=/)(?=[^/\s?\"']*[A-Z:])[A-Za-z0-9_:.~=+-]{20,}")
# At most 64 characters before the @ (RFC 5321, section 4.5.3.1.1): without the limit, the time to search a long path,
# which anybody may request, would grow with the square of its length.
_EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\/]{0,64}@[\w-]+(?:\.[\w-]+)+")
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\w)")
_IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:)[0-9A-Fa-f:.]{2,45}(?![\w:])")


@dataclass(frozen=True)
class LoggedRequest:
    """The current request in a form that may be logged: without query string, tokens, and email and IP addresses."""

    request_id: str
    method: str
    path: str


current_request: ContextVar[LoggedRequest | None] = ContextVar("current_request", default=None)


def redact_secrets(text: Any) -> Any:
    """Return text with the tokens in its links replaced (SECRET); return a value of another type unchanged."""
    return SECRET.sub(HIDDEN, text) if isinstance(text, str) else text


def anonymise(text: str) -> str:
    """Return text in which tokens, email addresses and IP addresses are replaced with ellipses."""
    text = _EMAIL.sub("…@…", _TOKEN.sub("…", redact_secrets(text)))
    return _IPV6.sub(_hide_ip_address, _IPV4.sub(_hide_ip_address, text))


def _hide_ip_address(found: re.Match[str]) -> str:
    """Return an ellipsis for an IP address, and any other match unchanged, such as a time or a version."""
    words = found[0].rstrip(".:") if not found[0].endswith("::") else found[0]
    try:
        ipaddress.ip_address(words)
    except ValueError:
        return found[0]
    return f"…{found[0][len(words) :]}"


class HideSecrets(logging.Filter):
    """A filter for log handlers that removes the tokens in links (`SECRET`) from every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact_secrets(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(redact_secrets(value) for value in record.args)
        elif isinstance(record.args, dict):
            record.args = {name: redact_secrets(value) for name, value in record.args.items()}
        return True


class JsonLines(logging.Formatter):
    """A formatter that writes each record as one line of JSON.

    The line has the time (UTC), level, logger and message; during a request also the request's id, method and path; for
    a response its status and the duration in milliseconds; for an exception the traceback. The message and the
    traceback are anonymised here, and the path in core.request_log.
    """

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": anonymise(_message(record)),
        }
        request = current_request.get()
        if request is not None:
            event |= {"request_id": request.request_id, "method": request.method, "path": request.path}
        for name in ("status", "duration_ms"):
            value = getattr(record, name, None)
            if isinstance(value, int | float):
                event[name] = value
        if record.exc_info and record.exc_info[0]:
            event["exception"] = anonymise(self.formatException(record.exc_info))
        return json.dumps(event, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """Return the message with its arguments, or without them if they do not fit, so that the record is not lost."""
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(record.msg)
