"""The context processor for the variables that templates get with every request."""

from django.conf import settings
from django.http import HttpRequest

from core.house.memory import house


def site(request: HttpRequest) -> dict[str, object]:
    """Return the publication's name (SITE_NAME), the site's public URL (SITE_URL) and the house settings (HOUSE).

    They do not depend on the request, so responses stay cacheable.
    """
    in_force = house()
    return {"SITE_NAME": in_force.name, "SITE_URL": settings.SITE_URL, "HOUSE": in_force}
