"""What other sites show of a link: the facts that templates/site/_card.html writes into a page's head."""

from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten


@dataclass(frozen=True)
class Card:
    """`path` and `image` are paths of this site. `kind` is an Open Graph type: website, article, profile."""

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
    """The first of a text, in whole words, as one line."""
    return shorten(text, most, placeholder="…")
