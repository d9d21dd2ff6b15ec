"""House settings for tests: a version put in force as the admin does it."""

from accounts.models import User
from core.house import memory
from core.house.publishing import publish
from core.models import HouseVersion

NAME = "Étude & Söhne, Health"


def put(by: User, **values: object) -> HouseVersion:
    """Put a version with these values in force, and let this process learn of it as it does after a commit."""
    newest = HouseVersion.objects.newest()
    version = publish(by=by, base=newest.number if newest else 0, values=values)
    memory.forget()
    return version
