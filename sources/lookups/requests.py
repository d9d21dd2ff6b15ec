"""Requests to registers, and the errors that they can end in."""

import json
from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from core.outgoing.client import Answer, NoSuchHost, OutgoingError
from core.text import clean_line
from sources.models import Nature

Fetch = Callable[..., Answer]
# The first characters of a value in an answer that are read: no title and no name has so many.
LONGEST_WORDS = 10_000


class LookupFailed(Exception):
    """Raised when a work could not be looked up. The message is one sentence or two for the writer who asked."""


class LookupUnavailable(LookupFailed):
    """Raised when a register cannot be reached, or its answer cannot be read: nothing is known of the work."""


class NotFound(LookupFailed):
    """Raised when the register does not know the work, or the identifier is not valid."""


class RegisterBusy(LookupUnavailable):
    """Raised when a register asks to be left alone for a while (429, 503): for `seconds`, None if it does not say."""

    def __init__(self, message: str, seconds: int | None) -> None:
        super().__init__(message)
        self.seconds = seconds


class RegisterNotice:
    """A notice that a register gives about a work, not stored yet."""

    def __init__(
        self, *, said_by: str, record: str, nature: Nature, on: date | None, notice_doi: str = "", reason: str = ""
    ) -> None:
        self.said_by, self.record, self.nature, self.on = said_by, record, nature, on
        self.notice_doi, self.reason = notice_doi, reason

    def __repr__(self) -> str:
        return f"RegisterNotice({self.said_by}, {self.nature}, {self.on}, {self.record})"


def by_hand() -> str:
    """Return the advice with which messages about a failed look-up end."""
    return _("Enter the source by hand, or try again later.")


def ask(fetch: Fetch, register: str, url: str, *, accept: str, most_bytes: int = 20_000_000) -> Answer:
    """Return the answer of a register, with status 200 or 404.

    Raises RegisterBusy if it wants to be asked later, LookupUnavailable if there is no other answer; the message names
    the register and says how to go on.
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
    if answer.status not in (200, 404):
        message = _("%(register)s answered with status %(status)s. %(advice)s")
        raise LookupUnavailable(message % {"register": register, "status": answer.status, "advice": by_hand()})
    return answer


def words(value: str) -> str:
    """Return a value of an answer as one clean line (`text.clean_line`), cut at LONGEST_WORDS since it is untrusted."""
    return clean_line(value[:LONGEST_WORDS])


def read_json(register: str, body: bytes) -> dict:
    """Return the JSON object in an answer. Raises LookupUnavailable if it is not one."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise unreadable(register) from error
    if not isinstance(found, dict):
        raise unreadable(register)
    return found


def unreadable(register: str) -> LookupFailed:
    """Return the exception to raise for an answer that cannot be read."""
    message = _("%(register)s answered with something that cannot be read. %(advice)s")
    return LookupUnavailable(message % {"register": register, "advice": by_hand()})
