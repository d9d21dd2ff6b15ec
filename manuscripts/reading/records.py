"""The results of reading a manuscript. Pure."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from sources.importers import ParsedRecord

MOST_PICTURES = 500


class CannotReadManuscript(Exception):
    """Raised when a whole file is refused. The message is written for the person who uploaded it."""


@dataclass(frozen=True)
class LeftOut:
    """Something of the file that the article does not contain: its kind and its words, if it has any.

    The kinds, and what a person is told about each, are in manuscripts.words.
    """

    kind: str
    words: str = ""


@dataclass
class Reference:
    """A work that the manuscript cites.

    `text` is how the manuscript prints it, on one line. `record` is what a program embedded or what was read from the
    text, and `wanted` an identifier to look up ("doi:10…", "pmid:…", an address), or "". `marks` counts the places of
    the text that cite it.
    """

    text: str
    record: ParsedRecord | None = None
    wanted: str = ""
    marks: int = 0


@dataclass(frozen=True)
class FoundPicture:
    """A picture of the manuscript: the content of its file, and the description and caption that the file has."""

    content: bytes
    alternative_text: str = ""
    caption: str = ""


@dataclass
class ReadManuscript:
    """A manuscript as it was read.

    `html` has only elements that an article may have, and two of its own: `<sup data-cite="ref-1 ref-2">[1,2]</sup>`
    cites the first and second reference, with the words that stood there, and `<figure data-picture="1"></figure>`
    stands for the first picture.
    """

    title: str = ""
    html: str = ""
    references: list[Reference] = field(default_factory=list)
    pictures: list[FoundPicture] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    format: str = ""

    def add_picture(self, content: bytes, description: str) -> str:
        """Add a picture, and return the address that stands for it while the HTML is made: "picture:1" for the first.

        Raise CannotReadManuscript if the manuscript has more than MOST_PICTURES.
        """
        if len(self.pictures) >= MOST_PICTURES:
            message = _("The manuscript has more than %(count)s pictures. Divide it.")
            raise CannotReadManuscript(message % {"count": MOST_PICTURES})
        self.pictures.append(FoundPicture(content=content, alternative_text=description))
        return f"picture:{len(self.pictures)}"
