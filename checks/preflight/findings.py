"""The findings of a check, and their translated messages."""

import hashlib
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext


class Level(Enum):
    """The seriousness of a finding.

    A blocker prevents a submission, a warning has to be resolved or waived, and advice is only shown.
    """

    BLOCKER = "blocker"
    WARNING = "warning"
    ADVICE = "advice"

    @property
    def gravity(self) -> int:
        """Return the rank of the level; 0 is the most serious."""
        return list(Level).index(self)


class TranslatedMessage(str):
    """A message in the active language. `original` is the same message in the language of the source code."""

    original: str


def translated(text: str, **params: object) -> TranslatedMessage:
    """Return a message in the active language, with its named placeholders filled.

    `text` has to be marked with `gettext_noop` where it is written.
    """
    message = TranslatedMessage(gettext(text) % params if params else gettext(text))
    message.original = text % params if params else text
    return message


@dataclass(frozen=True)
class Finding:
    """A problem with a stable id, a level, a message, the passage it is about, and a hint on what to do.

    `passage` is quoted exactly as it stands in the article, so that the form can find it; for some checks it is a
    citation key or a URL instead. `field` is the name of the field in which the problem is, and `waived` is the reason
    that the writer gave for waiving it, if any.
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

        The digest covers the id and the passage. It covers the id and the untranslated message instead if there is no
        passage, or if the finding is about a source: a source may have several findings, and waiving one must not waive
        the others.
        """
        message = getattr(self.message, "original", self.message)  # the same in every language: waivers are stored
        words = " ".join((message if self.field == "sources" else self.passage or message).split())
        return hashlib.sha256(f"{self.id}\n{words}".encode()).hexdigest()
