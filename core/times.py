"""Functions that format dates and times for people, in the newsroom's time zone (the setting TIME_ZONE).

The database stores times in UTC, and an f-string such as `f"{moment:%d %b}"` would print them in UTC, so all dates and
times for people are formatted here. Templates use the filters of the same names, and Django's own output in the admin
has the same formats (core.formats). Formats for machines are elsewhere.
"""

from datetime import date, datetime
from typing import TypeVar

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext, ngettext, override

DAY, CLOCK = "j F Y", "H:i"
MOMENT = f"{DAY}, {CLOCK}"

_Day = TypeVar("_Day", date, datetime)


def local(value: _Day) -> _Day:
    """Return an aware time converted to the newsroom's zone; return a date or a naive time unchanged."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day(value: date | datetime | None) -> str:
    """Return a date such as “28 November 2026”, or "" for None. An aware time is converted to the newsroom's zone."""
    return formatted(local(value), DAY) if value else ""


def weekday(value: date | datetime | None) -> str:
    """Return a date as in “Saturday, 28 November 2026”, or "" for None.

    An aware time is converted to the newsroom's zone.
    """
    return formatted(local(value), f"l, {DAY}") if value else ""


def american_day(value: date | datetime | None) -> str:
    """Return a date such as “November 28, 2026”, the form of AMA citations, or "" for None.

    An aware time is converted to the newsroom's zone.
    """
    with override(None):  # references are stored, so their months are not translated
        return formatted(local(value), "F j, Y") if value else ""


def clock(value: datetime | None) -> str:
    """Return a time such as “14:51”, in the newsroom's zone if the value is aware, or "" for None."""
    return formatted(local(value), CLOCK) if value else ""


def moment(value: datetime | None) -> str:
    """Return a time such as “28 November 2026, 14:51”, in the newsroom's zone if the value is aware, or "" for None.

    The time zone is not shown, because this is for staff, who know the newsroom's.
    """
    return formatted(local(value), MOMENT) if value else ""


def zoned(value: datetime | None) -> str:
    """Return a time in the newsroom's zone such as “28 November 2026, 14:51 EST”, or "" for None.

    The time zone is shown, because this is for emails and public pages, whose readers may be in any time zone.
    """
    return f"{moment(value)} {_zone(local(value))}" if value else ""


def deadline(value: date | None) -> str:
    """Return how far away a day is as a deadline: “today”, “in 3 days” or “2 days overdue”; return "" for None.

    It is compared with today in the newsroom's time zone.
    """
    if value is None:
        return ""
    days = (value - timezone.localdate()).days
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("tomorrow")
    if days > 0:
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    return ngettext("%(days)s day overdue", "%(days)s days overdue", -days) % {"days": -days}


def _zone(value: datetime) -> str:
    """Return the abbreviation of the time zone, or its offset from UTC if it has none (“UTC-03” for São Paulo)."""
    name = value.tzname() or ""
    return name if name.isalpha() else f"UTC{name}"
