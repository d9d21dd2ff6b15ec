"""How a day and a moment are printed, everywhere: in the newsroom's time zone, which TIME_ZONE sets.

The database keeps moments in UTC, and an f-string such as `f"{moment:%d %b}"` prints them as they are kept. So nothing
else formats a date or a time for people; templates use the filters of the same names, and the admin's own columns print
the same by `core.formats`. What a machine reads keeps formats of its own.
"""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as formatted

DAY, CLOCK = "j F Y", "H:i"
MOMENT = f"{DAY}, {CLOCK}"


def local(value: date | datetime) -> date | datetime:
    """Return an aware moment as it is in the newsroom's zone; a date, or a moment without a zone, as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day(value: date | datetime | None) -> str:
    """Return “28 November 2026”; nothing for None."""
    return formatted(local(value), DAY) if value else ""


def weekday(value: date | datetime | None) -> str:
    """Return “Saturday, 28 November 2026”; nothing for None."""
    return formatted(local(value), f"l, {DAY}") if value else ""


def american_day(value: date | datetime | None) -> str:
    """Return “November 28, 2026”, as the AMA's style of citing writes a date; nothing for None."""
    return formatted(local(value), "F j, Y") if value else ""


def clock(value: datetime | None) -> str:
    """Return “14:51”; nothing for None."""
    return formatted(local(value), CLOCK) if value else ""


def moment(value: datetime | None) -> str:
    """Return “28 November 2026, 14:51”; nothing for None. For pages of the newsroom, which know their zone."""
    return formatted(local(value), MOMENT) if value else ""


def zoned(value: datetime | None) -> str:
    """Return “28 November 2026, 14:51 EST”; nothing for None. For emails, and for readers, who may be anywhere."""
    return f"{moment(value)} {_zone(local(value))}" if value else ""


def _zone(value: datetime) -> str:
    """Return the zone's short name; where it has a number alone (“-03” for São Paulo), the difference from UTC."""
    name = value.tzname() or ""
    return name if name.isalpha() else f"UTC{name}"
