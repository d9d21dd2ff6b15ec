"""The result of a check, and its translated messages."""

import hashlib
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext


class Level(Enum):
    """A blocker prevents a submission, a warning has to be resolved or waived, and advice is only shown."""

    BLOCKER = "blocker"
    WARNING = "warning"
    ADVICE = "advice"

    @property
    def gravity(self) -> int:
        """Return the rank of the level; 0 is the most serious."""
        return list(Level).index(self)


class TranslatedMessage(str):
    """A message in the active language. `original` is the same message in the language of the code."""

    original: str


def translated(text: str, **params: object) -> TranslatedMessage:
    """Return a message in the active language, with its named placeholders filled. Mark `text` by `gettext_noop`."""
    message = TranslatedMessage(gettext(text) % params if params else gettext(text))
    message.original = text % params if params else text
    return message


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
        message = getattr(self.message, "original", self.message)  # waivers are stored, so no language may change it
        words = " ".join((message if self.field == "sources" else self.passage or message).split())
        return hashlib.sha256(f"{self.id}\n{words}".encode()).hexdigest()
