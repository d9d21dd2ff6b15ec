"""Repair a BibTeX entry that the parser refuses, by leaving out only the fields that cannot be read. Pure."""

import re

_HEAD = re.compile(r"\s*@\s*[A-Za-z_]+\s*\{[^{},=]*,")
_FIELD = re.compile(r"^[ \t]*([A-Za-z][\w:+.-]{0,60})[ \t]*=", re.MULTILINE)
_COMMAS = re.compile(r",[\s,]*,")


def mended(raw: str) -> tuple[str, list[str]]:
    """Return the entry without the fields whose braces do not match, and the names of these fields.

    Each field has to begin a line. Several commas in a row become one. Return "" if the entry cannot be repaired.
    """
    head = _HEAD.match(raw)
    if not head:
        return "", []
    starts = [match for match in _FIELD.finditer(raw, head.end() - 1) if match.start() >= head.end() - 1]
    if not starts:
        whole = _COMMAS.sub(", ", raw)
        return (whole if whole != raw else ""), []
    if starts[0].start() > head.end() + 1 and raw[head.end() : starts[0].start()].strip():
        return "", []
    ends = [match.start() for match in starts[1:]] + [len(raw)]
    kept, left_out = [], []
    for start, end in zip(starts, ends, strict=True):
        field = raw[start.start() : end].rstrip().rstrip(",").rstrip()
        if end == len(raw):
            field = field.removesuffix("}") if _depth(field) < 0 else field
        if _depth(field) or _COMMAS.fullmatch(field):
            left_out.append(start[1])
        else:
            kept.append(field)
    return (f"{head.group()}\n" + ",\n".join(kept) + "\n}", left_out) if kept else ("", [])


def _depth(text: str) -> int:
    """Return how many more braces the text opens than it closes."""
    return sum(1 if brace == "{" else -1 for brace in re.findall(r"(?<!\\)[{}]", text))
