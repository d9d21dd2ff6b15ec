"""The marks that stand for citations while a manuscript is read, and the HTML that they become. Pure.

A mark is text within private-use characters, so that it passes through every converter: the numbers of the cited
references, and the words that the manuscript printed there.
"""

import re
from collections.abc import Iterable

MOST_IN_ONE = 250  # references in one mark; ONE would not match a longer one
OPEN, CLOSE, BETWEEN = "\ue000", "\ue001", "\ue002"
GENERATED_LIST = "\ue003"  # where a program had made the list of references
OWN = re.compile("[\ue000-\ue0ff]")  # removed from what a file contains
ONE = "\ue000[^\ue000\ue001]{1,2000}\ue001"
MARK = re.compile("\ue000([0-9 ]{1,2000})\ue002([^\ue000\ue001]{0,2000})\ue001")
MARKS = re.compile(f"(?:{ONE})+")
# Citations within <sup>, or alone in brackets: the site raises its own numbers.
RAISED = re.compile(rf"<sup>[ ,;]{{0,3}}((?:{ONE}[ ,;]{{0,3}})+)</sup>")
BRACKETED = re.compile(rf"[\[(] ?((?:{ONE}[ ,;]{{0,3}})+)[\])]")
AFTER_MARK = re.compile("(?<=\ue001)[ ,;]+")
SPACE_BEFORE = re.compile("(?<=[^\\s>])[ \u00a0]{1,3}(?=\ue000)")
# AMA Manual of Style, 11th ed., 3.6: the number follows a full stop or a comma.
BEFORE_PUNCTUATION = re.compile(rf"((?:{ONE})+)([.,])(?=[\s<]|\Z)")
STORED = re.compile(r'<sup data-cite="(ref-[0-9]+(?: ref-[0-9]+)*)">([^<]*)</sup>')


def mark(numbers: Iterable[int], was: str = "") -> str:
    """Return the text that stands for a citation of these references, where the manuscript printed the words `was`."""
    listed = list(dict.fromkeys(numbers))
    parts = [listed[start : start + MOST_IN_ONE] for start in range(0, len(listed), MOST_IN_ONE)] or [[]]
    words = [OWN.sub("", was)[:500]] + [""] * (len(parts) - 1)  # marks that stand together become one citation
    return "".join(
        f"{OPEN}{' '.join(map(str, part))}{BETWEEN}{said}{CLOSE}" for part, said in zip(parts, words, strict=True)
    )


def without_marks(text: str) -> str:
    """Return the text without marks."""
    return MARK.sub("", text)


def with_words(text: str) -> str:
    """Return the text with the words that the manuscript printed in place of its marks."""
    return MARK.sub(lambda match: match[2], text)


def with_names(text: str) -> str:
    """Return the text without marks, but with the printed words of those that name authors: a caption cites nothing."""
    return MARK.sub(lambda match: match[2] if any(map(str.isalpha, match[2])) else "", text)


def cited_in(text: str) -> list[int]:
    """Return the numbers of the references that a text cites, in order."""
    return [int(number) for found in MARK.finditer(text) for number in found[1].split()]


def with_citations(html: str) -> str:
    """Return HTML with citations in place of marks: `<sup data-cite="ref-1 ref-2">[1,2]</sup>`.

    Marks that stand together become one citation, after the full stop or comma that follows them.
    """
    for around in (RAISED, BRACKETED):
        html = around.sub(lambda match: AFTER_MARK.sub("", match[1]), html)
    html = SPACE_BEFORE.sub("", html)
    html = BEFORE_PUNCTUATION.sub(_after_punctuation, html)
    return MARKS.sub(lambda match: _citation(match[0]), html)


def _after_punctuation(match: re.Match[str]) -> str:
    """Return marks after their full stop or comma. “Doe et al.” at the end of a sentence has one full stop."""
    is_double = match[2] == "." and match.string[match.start() - 1 : match.start()] == "."
    return match[1] if is_double else f"{match[2]}{match[1]}"


def _citation(marks: str) -> str:
    keys = " ".join(f"ref-{number}" for number in dict.fromkeys(cited_in(marks)))
    was = "".join(found[2] for found in MARK.finditer(marks))
    return f'<sup data-cite="{keys}">{was}</sup>'
