"""What a check says."""

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
    """One problem: stable id, level, a sentence that names it, the passage, and what to do."""

    id: str
    level: Level
    message: str
    hint: str
    passage: str = ""
