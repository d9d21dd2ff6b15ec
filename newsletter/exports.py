"""Export of the newsletter's subscribers as CSV, protected against formula injection in spreadsheets."""

import csv
from collections.abc import Iterable, Iterator

from django.utils import timezone

from core.text import normalised
from newsletter.models import Subscriber
from newsletter.tokens import unsubscribe_link

COLUMNS = ("address", "unsubscribe address", "asked", "confirmed", "version of the consent text", "consent text")
_STARTS_A_FORMULA = ("=", "+", "-", "@")
_MOVES_TO_THE_NEXT_CELL = set("\t\r\n")


class _Echo:
    """A file-like object for csv.writer whose `write` returns the text instead of storing it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def cell(value: object) -> str:
    """Return a value as text, with an apostrophe in front if a spreadsheet would treat it as a formula.

    Full-width forms of the signs that start a formula count as well, and leading white space is ignored. Return "" for
    None.
    """
    text = "" if value is None else str(value)
    plain = normalised(text, "NFKC")
    rest = plain.lstrip()
    blanks = plain[: len(plain) - len(rest)]
    if rest.startswith(_STARTS_A_FORMULA) or _MOVES_TO_THE_NEXT_CELL & set(blanks):
        return f"'{text}"
    return text


def lines(subscribers: Iterable[Subscriber]) -> Iterator[str]:
    """Yield the lines of the CSV file for these subscribers, who must be confirmed; the first line is the header.

    The file begins with a byte order mark, which Excel needs to recognise UTF-8. Each line contains the link for
    unsubscribing, because every email to a subscriber has to offer it. Times are in the newsroom's time zone (ISO
    8601).
    """
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for one in subscribers:
        asked, confirmed = (timezone.localtime(moment).isoformat() for moment in (one.asked_at, one.confirmed_at))
        row = (one.address, unsubscribe_link(one), asked, confirmed, one.consent_version, one.consent_words)
        yield writer.writerow([cell(value) for value in row])
