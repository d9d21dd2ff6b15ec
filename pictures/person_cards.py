"""What other sites show of a link to a person's own page (core.seo.social_cards), with their photograph."""

from typing import Protocol

from django.db.models.fields.files import FieldFile

from core.seo.social_cards import Card, shortened
from pictures.sizes import size_of


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
