"""What must not be read in a log, and how production writes one: an event a line, as JSON. Knows nothing of Django."""

import ipaddress
import json
import logging
import re
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# Addresses that let in whoever has them: the token behind /preview/ (the admin's own /preview/ ends there), that
# behind /board/r/, which opens one review, those by which somebody takes or leaves the newsletter, and the one by which
# somebody chooses a password.
SECRET = re.compile(r"(/preview/|/board/r/|/newsletter/(?:confirm|unsubscribe)/|/account/choose/)[^/\s?\"']{8,}")
HIDDEN = r"\1…"

# A part of a path that nobody would type: long, with a capital or a colon in it, as signed and random tokens have.
_TOKEN = re.compile(r"(?<=/)(?=[^/\s?\"']*[A-Z:])[A-Za-z0-9_:.~=+-]{20,}")
# No more before the sign than an address may have (RFC 5321, 4.5.3.1.1): the search of a long path, which anybody may
# ask for, would take the square of its length.
_EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\/]{0,64}@[\w-]+(?:\.[\w-]+)+")
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\w)")
_IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:)[0-9A-Fa-f:.]{2,45}(?![\w:])")


@dataclass(frozen=True)
class Asked:
    """The request that is being answered, as a log may name it."""

    request_id: str
    method: str
    path: str


asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


def hidden(text: Any) -> Any:
    """Text without the secrets that addresses hold; what is no text as it is."""
    return SECRET.sub(HIDDEN, text) if isinstance(text, str) else text


def anonymous(text: str) -> str:
    """Text without secrets, email addresses and addresses of machines."""
    text = _EMAIL.sub("…@…", _TOKEN.sub("…", hidden(text)))
    return _IPV6.sub(_machine, _IPV4.sub(_machine, text))


def _machine(found: re.Match[str]) -> str:
    """In its place an ellipsis where this is an address; a time of day and a version are none."""
    words = found[0].rstrip(".:") if not found[0].endswith("::") else found[0]
    try:
        ipaddress.ip_address(words)
    except ValueError:
        return found[0]
    return f"…{found[0][len(words) :]}"


class HideSecrets(logging.Filter):
    """For handlers: writes every line without the tokens of shared previews and of reviews."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = hidden(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(hidden(value) for value in record.args)
        elif isinstance(record.args, dict):
            record.args = {name: hidden(value) for name, value in record.args.items()}
        return True


class JsonLines(logging.Formatter):
    """An event as one line of JSON: time, level, logger, message; of a request also its id, method and path; of its
    answer status and milliseconds; of an exception its traceback. Everything goes through `anonymous`.
    """

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": anonymous(_message(record)),
        }
        request = asked.get()
        if request is not None:
            event |= {"request_id": request.request_id, "method": request.method, "path": request.path}
        for name in ("status", "duration_ms"):
            value = getattr(record, name, None)
            if isinstance(value, int | float):
                event[name] = value
        if record.exc_info and record.exc_info[0]:
            event["exception"] = anonymous(self.formatException(record.exc_info))
        return json.dumps(event, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """A call with the wrong arguments loses its arguments, not the line."""
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(record.msg)
