"""What a check says."""

import hashlib
from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How grave: a blocker keeps a draft from review, a warning wants an answer, advice is only shown."""

    BLOCKER = "blocker"
    WARNING = "warning"
    ADVICE = "advice"

    @property
    def gravity(self) -> int:
        return list(Level).index(self)


@dataclass(frozen=True)
class Finding:
    """One problem: stable id, level, a sentence that names it, the passage, and what to do.

    `passage` is text as it stands in the article, for the form to show it there (or a citation key, an address);
    `field` is the field it was found in; `waived` is the writer's answer to a warning, where there is one.
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
        """By what a waiver knows the finding again: SHA-256 over its id and its passage.

        Over its message where it has none, and where it speaks of a source: of which there may be several things to
        say, and an answer to one of them is no answer to the next.
        """
        words = " ".join((self.message if self.field == "sources" else self.passage or self.message).split())
        return hashlib.sha256(f"{self.id}\n{words}".encode()).hexdigest()
