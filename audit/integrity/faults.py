"""The fault: what the integrity checks yield."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A contradiction between what readers see and what was approved.

    `place` names the article or other object, and `message` says what is wrong with it.
    """

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"
