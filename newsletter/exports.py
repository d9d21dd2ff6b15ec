"""Those who receive the newsletter, as a CSV file that no spreadsheet takes for formulas."""

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
    """Something to write to that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def cell(value: object) -> str:
    """A value as a spreadsheet shows it and does not run it: an apostrophe before what would start a formula.

    Full-width signs count as the plain ones, and blanks before them do not help.
    """
    text = "" if value is None else str(value)
    plain = normalised(text, "NFKC")
    rest = plain.lstrip()
    blanks = plain[: len(plain) - len(rest)]
    if rest.startswith(_STARTS_A_FORMULA) or _MOVES_TO_THE_NEXT_CELL & set(blanks):
        return f"'{text}"
    return text


def lines(subscribers: Iterable[Subscriber]) -> Iterator[str]:
    """The lines of the file, one by one; the first says what the columns are. The mark before it is for Excel.

    Each has the address by which that person leaves, without which nobody may be written to.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for one in subscribers:
        asked, confirmed = (timezone.localtime(moment).isoformat() for moment in (one.asked_at, one.confirmed_at))
        row = (one.address, unsubscribe_link(one), asked, confirmed, one.consent_version, one.consent_words)
        yield writer.writerow([cell(value) for value in row])
