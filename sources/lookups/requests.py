"""Requests to services such as Crossref and PubMed, and the exceptions that they may raise."""

import json
from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from core.outgoing.client import Answer, NoSuchHost, OutgoingError
from core.text import clean_line
from sources.models import Nature

Fetch = Callable[..., Answer]
# The number of characters of a value in an answer that are read. No title or name is longer.
LONGEST_WORDS = 10_000


class LookupFailed(Exception):
    """Raised when a work could not be looked up. The message is one or two sentences for the writer who asked."""


class LookupUnavailable(LookupFailed):
    """Raised when a service cannot be reached or its response cannot be read. Nothing is then known about the work."""


class NotFound(LookupFailed):
    """Raised when the service does not know the work, or the identifier is not valid."""


class RegisterBusy(LookupUnavailable):
    """Raised when a service asks for a pause (429 or 503).

    `seconds` is the length of the pause, or None if the response does not say.
    """

    def __init__(self, message: str, seconds: int | None) -> None:
        super().__init__(message)
        self.seconds = seconds


class RegisterNotice:
    """A notice about a work from Crossref or PubMed, before it is stored. `on` is its date, if it is known."""

    def __init__(
        self, *, said_by: str, record: str, nature: Nature, on: date | None, notice_doi: str = "", reason: str = ""
    ) -> None:
        self.said_by, self.record, self.nature, self.on = said_by, record, nature, on
        self.notice_doi, self.reason = notice_doi, reason

    def __repr__(self) -> str:
        return f"RegisterNotice({self.said_by}, {self.nature}, {self.on}, {self.record})"


def by_hand() -> str:
    """Return the advice at the end of messages about a failed lookup."""
    return _("Enter the source by hand, or try again later.")


def ask(
    fetch: Fetch,
    register: str,
    url: str,
    *,
    accept: str,
    most_bytes: int = 20_000_000,
    expected: tuple[int, ...] = (200, 404),
) -> Answer:
    """Return the answer of a register, with one of the `expected` statuses.

    Raise RegisterBusy for status 429 or 503, and LookupUnavailable for any other status or if there is no response. The
    message names the service and tells the user what to do. `most_bytes` limits the size of the response.
    """
    try:
        answer = fetch(url, headers={"Accept": accept}, most_bytes=most_bytes)
    except NoSuchHost as error:
        raise LookupUnavailable(
            _("%(register)s could not be reached: there is no network here, or no such address. %(advice)s")
            % {"register": register, "advice": by_hand()}
        ) from error
    except OutgoingError as error:
        params = {"register": register, "error": error, "advice": by_hand()}
        raise LookupUnavailable(_("%(register)s could not be asked (%(error)s) %(advice)s") % params) from error
    if answer.status in (429, 503):
        wait = answer.headers.get("Retry-After", "").strip()
        seconds = int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 6 else None
        message = _("%(register)s is busy (status %(status)s). %(advice)s")
        params = {"register": register, "status": answer.status, "advice": by_hand()}
        raise RegisterBusy(message % params, seconds)
    if answer.status not in expected:
        message = _("%(register)s answered with status %(status)s. %(advice)s")
        raise LookupUnavailable(message % {"register": register, "status": answer.status, "advice": by_hand()})
    return answer


def words(value: str) -> str:
    """Return an untrusted value from a response as one clean line of at most LONGEST_WORDS characters."""
    return clean_line(value[:LONGEST_WORDS])


def read_json(register: str, body: bytes) -> dict:
    """Return the JSON object in a response. Raise LookupUnavailable if the body is not a JSON object."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise unreadable(register) from error
    if not isinstance(found, dict):
        raise unreadable(register)
    return found


def unreadable(register: str) -> LookupFailed:
    """Return the exception to raise if the response of the service with this name cannot be parsed."""
    message = _("%(register)s answered with something that cannot be read. %(advice)s")
    return LookupUnavailable(message % {"register": register, "advice": by_hand()})
