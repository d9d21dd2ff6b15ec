"""Photographs for tests, the pictures of the library made from them, and the markup that shows one in a text."""

import io

from django.core.files.base import ContentFile
from PIL import Image

from accounts.models import User
from pictures import library
from pictures.models import Picture

WORDS = {"alternative_text": "A bowl of almonds.", "caption": "Rich in magnesium.", "credit": "Photo: Jane Doe"}


def photograph(size: tuple[int, int] = (60, 40), colour: str = "blue", kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


def add(person: User, colour: str = "blue", size: tuple[int, int] = (60, 40), **words: str) -> Picture:
    file = ContentFile(photograph(size, colour))
    return library.add(actor=person, file=file, **{**WORDS, **words})[0]


def figure(picture: Picture, alt: str = "Almonds.") -> str:
    return (
        f'<figure><img src="{picture.url}" alt="{alt}" width="{picture.width}" height="{picture.height}">'
        "<figcaption>Rich in magnesium. <em>Photo: Jane Doe</em></figcaption></figure>"
    )
