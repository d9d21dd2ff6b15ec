"""Remove the marks of omissions and insertions from a quotation, and bullets and numbers, so that patterns match. Pure.

Such marks are “…”, “. . .”, “[sic]” and “[Y]acon”.
"""

import re
from bisect import bisect_right

_MARKS = re.compile(
    r"\A(?:\W*\d{1,2}[.)] |[\s.…*•]*(?:…|\.\s?\.)[\s.…]*)|\s*(?:…|\.(?:\s?\.){2,})[\s.…]*"
    r"|\[(?P<kept>[A-Za-z]|[,;’'](?: (?:and|or))?)\]|\s*\[[^\]]{1,60}\]|\s*\*{2,}\s*|\s+[·•] (?=\w)"
)
_BARE = re.compile(r"[…\[*•·]|\. ?\.|\A\W*\d")


class Unbroken:
    """A text without the marks of omissions, insertions and lists (`text`). `at` returns offsets in the original."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._new, self._old = [0], [0]
        if not _BARE.search(text):
            return
        pieces: list[str] = []
        end = length = 0
        for mark in _MARKS.finditer(text):
            put = _instead_of(mark, text)
            pieces += [text[end : mark.start()], put]
            length += mark.start() - end + len(put)
            end = mark.end()
            self._new.append(length)
            self._old.append(end)
        self.text = "".join([*pieces, text[end:]])

    def at(self, place: int) -> int:
        """Return the offset in the original text of the character at the offset `place` in `text`."""
        index = bisect_right(self._new, place) - 1
        return self._old[index] + place - self._new[index]


def _instead_of(mark: re.Match[str], text: str) -> str:
    """Return what is read instead of a mark: a letter in brackets, a comma for a bullet, a space for an elision."""
    if mark["kept"]:
        return mark["kept"]
    if mark.start() == 0:
        return ""
    if mark[0].lstrip()[:1] == "[":
        return ""
    if mark.end() == len(text):
        return "."
    return ", " if mark[0].strip()[:1] in "*·•" else " "
