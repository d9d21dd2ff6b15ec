"""Variables that every template has."""

from django.conf import settings
from django.http import HttpRequest

from core.house.memory import house


def site(request: HttpRequest) -> dict[str, object]:
    """Return the publication's name, its other house settings and its public address.

    Nothing depends on the request, so answers stay cacheable.
    """
    in_force = house()
    return {"SITE_NAME": in_force.name, "SITE_URL": settings.SITE_URL, "HOUSE": in_force}
