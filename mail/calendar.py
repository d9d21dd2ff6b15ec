"""A calendar file with one all-day event (iCalendar, RFC 5545). Pure: no database, no app."""

from datetime import UTC, date, datetime, timedelta

from core.text import clean_prose

LONGEST_LINE = 75  # octets without the line break: RFC 5545, section 3.1


def whole_day(*, uid: str, day: date, title: str, notes: str, made_at: datetime, made_by: str, url: str = "") -> str:
    """Return a calendar (METHOD:PUBLISH) with one all-day event, which does not mark the day as busy.

    Keep `uid` the same for the same event, so that a later file replaces an earlier one. `made_at` is an aware time,
    and `made_by` the name of the publication (PRODID). `url` is left out if it is empty.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{escape(f'-//{made_by}//Reviews//EN')}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{escape(uid)}",
        f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escape(title)}",
        f"DESCRIPTION:{escape(notes)}",
        *([f"URL:{url}"] if url else []),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{fold(line)}\r\n" for line in lines)


def escape(text: str) -> str:
    """Return `text` as a TEXT value (RFC 5545, section 3.3.11), without control characters except line breaks."""
    plain = clean_prose(text).replace("\t", " ")
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def fold(line: str) -> str:
    """Return a content line folded into lines of at most 75 octets (RFC 5545, section 3.1); no character is split."""
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > LONGEST_LINE:
            pieces.append(piece)
            piece = " "
        piece += character
    return "\r\n".join([*pieces, piece])
