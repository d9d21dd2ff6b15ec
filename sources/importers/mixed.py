"""Tell apart the RIS records, the BibTeX entries and the other lines of one text. Pure; linear in the text's length.

Each kind is returned as the whole text in which all other lines are blank. So line numbers stay, and an entry finds
what it inherits and the abbreviations it uses, wherever they stand in the text.
"""

import re
from dataclasses import dataclass

from sources.importers import bibtex, ris
from sources.importers.identifier_list import identifier
from sources.importers.reference_list import NUMBERED

OTHER = ""
RIS_START = re.compile(r"[ \t]{0,4}TY[ \t]{1,3}-")
RIS_END = re.compile(r"[ \t]{0,4}ER[ \t]{1,3}-")
BRACE = re.compile(r"(?<!\\)[{}]")
# A shorter number on a line of its own counts the records, as some databases do. It is no PMID.
SHORTEST_PMID = 5


@dataclass(frozen=True)
class MixedText:
    """The text of each kind, and the identifiers that stand on lines of their own as (line number, identifier)."""

    ris: str
    bibtex: str
    others: str
    wanted: tuple[tuple[int, str], ...]

    @property
    def formats(self) -> dict[str, str]:
        """Return the text of each format of which there is at least one line, by the name of the format."""
        return {name: part for name, part in ((ris.FORMAT, self.ris), (bibtex.FORMAT, self.bibtex)) if part.strip()}


def split(text: str) -> MixedText:
    """Return the parts of a text. The lines of an identifier are in `wanted` and not in `others`."""
    lines = text.split("\n")
    kinds = _kinds(lines)
    wanted: dict[str, int] = {}
    others = []
    is_in_list = False  # in a numbered list, an identifier on a line of its own belongs to the reference before it
    for number, (line, kind) in enumerate(zip(lines, kinds, strict=True), 1):
        words = line.strip().strip(",;") if kind == OTHER else ""
        is_in_list = bool(words) and (is_in_list or bool(NUMBERED.match(line)))
        found = identifier(words) if words and not is_in_list else ""
        if found and not (words.isdigit() and len(words) < SHORTEST_PMID):
            wanted.setdefault(found, number)
            words = ""
        others.append(line if words else "")
    return MixedText(
        ris=_only(ris.FORMAT, lines, kinds),
        bibtex=_only(bibtex.FORMAT, lines, kinds),
        others="\n".join(others),
        wanted=tuple((line, found) for found, line in wanted.items()),
    )


def _only(kind: str, lines: list[str], kinds: list[str]) -> str:
    return "\n".join(line if its == kind else "" for line, its in zip(lines, kinds, strict=True))


def _kinds(lines: list[str]) -> list[str]:
    """Return the kind of each line: the name of a format, or OTHER."""
    starts = [bool(bibtex.AT_START.match(line)) for line in lines]
    closing = _closing_lines(lines, starts)
    kinds = [OTHER] * len(lines)
    place = 0
    while place < len(lines):
        if starts[place]:
            kind, end = bibtex.FORMAT, closing.get(place) or _end_of_broken(lines, starts, place)
        elif RIS_START.match(lines[place]):
            kind, end = ris.FORMAT, _end_of_record(lines, closing, place)
        else:
            kind, end = OTHER, place + 1
        kinds[place:end] = [kind] * (end - place)
        place = end
    return kinds


def _closing_lines(lines: list[str], starts: list[bool]) -> dict[int, int]:
    """Return the index after the last line of each BibTeX entry whose braces match, by the index of its first line."""
    found: dict[int, int] = {}
    opened: list[tuple[int, int]] = []  # (index, depth before it); the depths rise from one to the next
    depth = 0
    for place, line in enumerate(lines):
        if starts[place]:
            opened.append((place, depth))
        depth += sum(1 if brace == "{" else -1 for brace in BRACE.findall(line))
        while opened and depth <= opened[-1][1] and _is_complete(lines[opened[-1][0]], line):
            found[opened.pop()[0]] = place + 1
    return found


def _is_complete(first: str, last: str) -> bool:
    """Return whether an entry that begins with the line `first` can end with the line `last`, as its braces match."""
    is_in_parentheses = bibtex.AT_START.match(first)[0].endswith("(")  # type: ignore[index]  # it matches
    return not is_in_parentheses or last.rstrip(" \t,").endswith(")")


def _end_of_broken(lines: list[str], starts: list[bool], place: int) -> int:
    """Return the index after an entry whose braces do not match: it ends where another entry or record begins."""
    end = place + 1
    while end < len(lines) and not starts[end]:
        if RIS_START.match(lines[end]) and not lines[end - 1].strip():
            break
        end += 1
    return end


def _end_of_record(lines: list[str], closing: dict[int, int], place: int) -> int:
    """Return the index after a RIS record. One without its last line ends where a BibTeX entry begins after a gap."""
    end = place + 1
    while end < len(lines):
        if RIS_END.match(lines[end]):
            return end + 1
        if end in closing and not lines[end - 1].strip():
            return end
        end += 1
    return end
