"""The data of a link preview on other sites, which templates/site/_card.html writes into the head of a page."""

from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten


@dataclass(frozen=True)
class Card:
    """A link preview. `path` and `image` are paths of this site; `kind` is an Open Graph type such as article.

    `width` and `height` are those of the image in pixels; `published` and `modified` are aware times.
    """

    title: str
    path: str
    description: str = ""
    kind: str = "website"
    image: str = ""
    image_alt: str = ""
    width: int | None = None
    height: int | None = None
    published: datetime | None = None
    modified: datetime | None = None


def shortened(text: str, most: int = 200) -> str:
    """Return the beginning of a text as one line of at most `most` characters, cut between words."""
    return shorten(text, most, placeholder="…")
