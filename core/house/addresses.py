"""The URL of the publication's icon."""

from django.templatetags.static import static
from django.urls import reverse

from core.house.values import House


def icon(house: House) -> str:
    """Return the path of a house's logo or, if it has none, of the default icon in the house's accent colour."""
    if house.logo:
        return reverse("website:house_logo", args=[house.number, house.logo.extension])
    if "accent" in house.own:
        return reverse("website:house_mark", args=[house.number])
    return static("icons/mark.svg")
