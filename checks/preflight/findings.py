"""The result of a check."""

import hashlib
from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """A blocker prevents a submission, a warning has to be resolved or waived, and advice is only shown."""

    BLOCKER = "blocker"
    WARNING = "warning"
    ADVICE = "advice"

    @property
    def gravity(self) -> int:
        """Return the rank of the level; 0 is the most serious."""
        return list(Level).index(self)


@dataclass(frozen=True)
class Finding:
    """A problem with a stable id, a level, a message, the passage it is about, and a hint what to do.

    `passage` is text as it stands in the article, so that the form can show it there (or a citation key, or an
    address); `field` is the field in which it was found; `waived` is the reason of the waiver, if there is one.
    """

    id: str
    level: Level
    message: str
    hint: str
    passage: str = ""
    field: str = "body"
    waived: str = ""

    @property
    def mark(self) -> str:
        """Return the SHA-256 digest, in hexadecimal, by which a waiver recognises this finding.

        It covers the id and the passage. The message replaces a missing passage, and the passage of a finding about a
        source: there may be several findings about one source, and a waiver of one must not cover the others.
        """
        words = " ".join((self.message if self.field == "sources" else self.passage or self.message).split())
        return hashlib.sha256(f"{self.id}\n{words}".encode()).hexdigest()
