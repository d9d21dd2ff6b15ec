"""Split texts of tagged lines (RIS, Web of Science) into records, and read values of a record. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any


def records_between(text: str, start: str, end: str) -> Iterator[tuple[int, str, str]]:
    """Yield the number of each record's first line, its text, and how it ends: "end", "next" or "cut".

    `start` and `end` are regular expressions. A record ends with a line that matches `end`, where the next record
    starts ("next"), or at the end of the text ("cut"). Text between records is ignored.
    """
    lines: list[str] = []
    began = 0
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(start, line):
            if lines:
                yield began, "\n".join(lines), "next"
            began, lines = number, [line]
        elif lines:
            lines.append(line)
            if re.fullmatch(end, line):
                yield began, "\n".join(lines), "end"
                lines = []
    if any(line.strip() for line in lines):
        yield began, "\n".join(lines), "cut"


def first(record: Mapping[str, Any], *tags: str) -> str:
    """Return the first value of the first of these tags that has a value in the record, or ""."""
    for tag in tags:
        value = record.get(tag)
        if value := next(filter(None, value), "") if isinstance(value, list) else value:
            return str(value)
    return ""


def every(record: Mapping[str, Any], *tags: str) -> list[str]:
    """Return all values of these tags in the record, in the order of `tags`."""
    found: list[str] = []
    for tag in tags:
        value = record.get(tag) or []
        found += value if isinstance(value, list) else [value]
    return found
