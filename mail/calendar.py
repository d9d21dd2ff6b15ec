"""One day in a calendar, as RFC 5545 writes it. Pure."""

from datetime import UTC, date, datetime, timedelta

from core.text import clean_prose

LONGEST_LINE = 75  # octets, without the line's end: RFC 5545, 3.1


def whole_day(*, uid: str, day: date, title: str, notes: str, made_at: datetime, url: str = "") -> str:
    """A calendar (METHOD:PUBLISH) with one event that lasts the whole of `day` and keeps nobody busy.

    `uid` stays the same for the same event, so that a second file replaces the first.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//The Betterment Project//Reviews//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{escaped(uid)}",
        f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(title)}",
        f"DESCRIPTION:{escaped(notes)}",
        *([f"URL:{url}"] if url else []),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(words: str) -> str:
    """A value of type TEXT: RFC 5545, 3.3.11. Control characters other than line ends are gone."""
    plain = clean_prose(words).replace("\t", " ")
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, no character cut in two."""
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > LONGEST_LINE:
            pieces.append(piece)
            piece = " "
        piece += character
    return "\r\n".join([*pieces, piece])
