"""The social card of a profile page (core.seo.social_cards)."""

from typing import Protocol

from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from core.seo.social_cards import Card, shortened
from pictures.sizes import size_of


class ProfiledPerson(Protocol):
    """The attributes of a person that a social card needs."""

    biography: str
    photo: FieldFile

    @property
    def name_with_credentials(self) -> str: ...


def card_of_person(person: ProfiledPerson, path: str) -> Card:
    """Return the social card of the profile page at `path`, with the photograph and its size if there is one."""
    width, height = (size_of(person.photo.name) if person.photo else None) or (None, None)
    portrait = _("Portrait of %(name)s") % {"name": person.name_with_credentials}
    return Card(
        title=person.name_with_credentials,
        path=path,
        description=shortened(person.biography),
        kind="profile",
        image=person.photo.url if person.photo else "",
        image_alt=portrait if person.photo else "",
        width=width,
        height=height,
    )
