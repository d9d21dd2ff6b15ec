"""The place of an article in its journal in AMA style (11th ed., 3.11): volume, issue, supplement and pages. Pure.

Databases and publishers write these in many forms (“Supplement_1”, “80-80”, “148-+”, “1050-”). A part without
information, such as “-”, is left out.
"""

import re

# Values that mean that the article has no volume, issue or pages yet.
AHEAD = re.compile(
    r"(?:ahead[-\s]of[-\s]print|online[-\s]first|first[-\s]online|early[-\s](?:view|access)|in[-\s]press|aop|"
    r"epub[-\s]ahead[-\s]of[-\s]print|forthcoming)",
    re.IGNORECASE,
)
# Dashes with the spaces around them. The first space is one after another sign, so that a row of spaces is read once.
DASHES = re.compile(r"(?<!\s)\s*[-‐-―−]+\s*")
_RANGE = re.compile(r"([A-Za-z]*)(\d+)-([A-Za-z]*)(\d+)")
_NO_PAGES = re.compile(
    r"(?:no-?\s?specified|not\s?specified|unspecified|no\s?pagination|no\s?page|n\.?\s?pag\.?|n\.?p\.?|n/?a|null|none|"
    r"unknown|\[?s\.\s?p\.\]?|[-+.?,;:/\s]+)",
    re.IGNORECASE,
)
_SUPPLEMENT = re.compile(
    r"(?P<number>.*?)[\s,;/(_.-]*(?<![A-Za-z])suppl(?:ement(?:ary)?|\.)?[\s_.:-]*"
    r"(?P<which>[^\W_]*(?:-[^\W_]+)?(?:[\s_,]+(?:pt|part)\.?\s*\w+)?)\)*",
    re.IGNORECASE,
)
_PART = re.compile(r"(?P<number>[^\s,]*?)[\s,_]*\b(?:pt|part)\.?\s*(?P<part>\w+)", re.IGNORECASE)
_LABEL = re.compile(r"\A(?:vol(?:ume)?|issue|no|nr|number|iss)\b\.?:?\s*(?=[\w(])", re.IGNORECASE)


def volume_and_issue(volume: str, issue: str) -> str:
    """Return volume and issue as in “17(12)” or, for a supplement, “36(3)(suppl 1)”, or "" if there is neither.

    PubMed writes the supplement of a whole volume into the volume: “12 Suppl 1” becomes “12(suppl 1)”.
    """
    volume, issue = ("" if AHEAD.fullmatch(part) else DASHES.sub("-", _LABEL.sub("", part)) for part in (volume, issue))
    more = ""
    if match := _SUPPLEMENT.fullmatch(volume):
        volume, more = match["number"].strip(), _supplement(match)
    return volume + _issue(issue) + more


def _issue(issue: str) -> str:
    """Return the issue as “(12)”, “(12, pt 2)” or “(3)(suppl 1)”, or "" without one."""
    if match := _SUPPLEMENT.fullmatch(issue):
        number = match["number"].strip()
        return (f"({number})" if number else "") + _supplement(match)
    if match := _PART.fullmatch(issue):
        return f"({', '.join(part for part in (match['number'], 'pt ' + match['part']) if part)})"
    return f"({issue})" if issue and not _NO_PAGES.fullmatch(issue) else ""


def _supplement(match: re.Match[str]) -> str:
    """Return “(suppl 1)”, “(suppl)” or “(suppl 1, pt 2)”."""
    which = match["which"]
    if part := _PART.fullmatch(which):
        which = ", ".join(text for text in (part["number"], f"pt {part['part']}") if text)
    return f"(suppl {which})" if which else "(suppl)"


def page_span(pages: str) -> str:
    """Return the first and last page in full with a hyphen between them (AMA 3.11.4), or "" if the text names no page.

    “1161–9” becomes “1161-1169”, “80-80” becomes “80”, and “148-+” and “1050-” lose their open end. Numbers with a dot,
    such as “379.e9-379.e13”, are left as they are.
    """
    text = re.sub(r"\A(?:pp?|pages?)\b\.?\s*(?=\w)", "", pages.strip(), flags=re.IGNORECASE)
    return ", ".join(span for part in re.split(r"[,;]", text) if (span := _span(part)))


def _span(text: str) -> str:
    """Return one span of pages, or "" if it names none."""
    text = DASHES.sub("-", text).strip()
    if _NO_PAGES.fullmatch(text) or AHEAD.fullmatch(text):
        return ""
    text = re.sub(r"(?<=\w)-?\+?\Z", "", text) or text
    begin, dash, end = text.partition("-")
    if dash and begin == end:
        return begin
    match = _RANGE.fullmatch(text)
    if not match:
        return text
    before, first, letters, last = match.groups()
    if before == letters or not letters:
        missing = len(first) - len(last)
        last = first[: max(missing, 0)] + last
        return f"{before}{first}" if first == last else f"{before}{first}-{before}{last}"
    return f"{before}{first}-{letters}{last}"
