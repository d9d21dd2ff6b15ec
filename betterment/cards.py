"""What other sites show of a link: the facts that templates/betterment/_card.html writes into a page's head."""

from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Protocol

from django.db.models.fields.files import FieldFile

from betterment.picture_sizes import size_of


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


class Somebody(Protocol):
    """Who has a page: what a card needs to know of them."""

    name_with_credentials: str
    biography: str
    photo: FieldFile


def card_of_person(person: Somebody, path: str) -> Card:
    """The card of a person's own page, with their photograph in its own size where there is one."""
    width, height = (size_of(person.photo.name) if person.photo else None) or (None, None)
    return Card(
        title=person.name_with_credentials,
        path=path,
        description=shortened(person.biography),
        kind="profile",
        image=person.photo.url if person.photo else "",
        image_alt=f"Portrait of {person.name_with_credentials}" if person.photo else "",
        width=width,
        height=height,
    )


def shortened(text: str, most: int = 200) -> str:
    """The first of a text, in whole words, as one line."""
    return shorten(text, most, placeholder="…")
