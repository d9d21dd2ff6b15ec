"""A manuscript between its reading and its article: the text, and what is known of each reference. Pure."""

from dataclasses import dataclass, field
from typing import Any

from manuscripts.reading import LeftOut, ReadManuscript
from sources.importers import ParsedRecord


@dataclass
class ProposedReference:
    """A reference of a manuscript.

    `text` is how the manuscript prints it, and `marks` the number of places that cite it. `record` describes the work
    as a program embedded it, the text states it or a registry answered; None if nothing is known. `wanted` is what it
    can still be looked up by ("doi:10…", "pmid:…", an address), or "", and `failure` why the look-up failed.
    """

    text: str
    marks: int
    record: ParsedRecord | None = None
    wanted: str = ""
    failure: str = ""


@dataclass
class Proposal:
    """What was read: the title, the HTML of the text (manuscripts.reading.records), the references, what was left out.

    `format` names the kind of file.
    """

    title: str
    html: str
    format: str
    references: list[ProposedReference] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @classmethod
    def of(cls, read: ReadManuscript) -> "Proposal":
        """Return the proposal for a manuscript that was read."""
        references = [ProposedReference(one.text, one.marks, one.record, one.wanted) for one in read.references]
        return cls(read.title, read.html, read.format, references, read.left_out)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Proposal":
        """Return the proposal that `as_json` has written."""
        references = [
            ProposedReference(**{**one, "record": _record(one["record"]) if one["record"] else None})
            for one in data["references"]
        ]
        left_out = [LeftOut(*one) for one in data["left_out"]]
        return cls(data["title"], data["html"], data["format"], references, left_out)

    def as_json(self) -> dict[str, Any]:
        """Return everything as values that JSON has."""
        return {
            "title": self.title,
            "html": self.html,
            "format": self.format,
            "references": [
                {**vars(one), "record": vars(one.record) if one.record else None} for one in self.references
            ],
            "left_out": [[one.kind, one.words] for one in self.left_out],
        }

    @property
    def cited(self) -> int:
        """Return how many references the text cites."""
        return sum(one.marks > 0 for one in self.references)


def _record(data: dict[str, Any]) -> ParsedRecord:
    return ParsedRecord(**{**data, "remarks": tuple(data["remarks"])})
