"""Mark the passages of findings in a text. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.preflight import Finding


@dataclass(frozen=True)
class TextPiece:
    """A piece of a text, and the level of the most serious finding about it (“” for none)."""

    words: str
    level: str = ""


def marked_lines(text: str, found: Iterable[Finding]) -> list[list[TextPiece]]:
    """Return the lines of a text, each as a list of pieces, with the passages of the findings marked.

    White space is reduced to single spaces, as in passages, and empty lines are left out. `found` has to have the most
    serious findings first.
    """
    passages = {finding.passage: finding.level.value for finding in reversed(list(found)) if finding.passage}
    return [list(_pieces(" ".join(line.split()), passages)) for line in text.splitlines() if line.strip()]


def _pieces(line: str, passages: dict[str, str]) -> Iterator[TextPiece]:
    """Yield the pieces of a line from left to right; of passages that overlap, the first one counts."""
    places = sorted((line.find(passage), passage) for passage in passages if passage in line)
    end = 0
    for start, passage in places:
        if start < end:
            continue
        if start > end:
            yield TextPiece(line[end:start])
        end = start + len(passage)
        yield TextPiece(passage, passages[passage])
    if end < len(line):
        yield TextPiece(line[end:])
