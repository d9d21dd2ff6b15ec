"""House settings for tests: publishing a version in the same way as the admin."""

from accounts.models import User
from core.house import memory
from core.house.publishing import publish
from core.models import HouseVersion

NAME = "Étude & Söhne, Health"


def put(by: User, **values: object) -> HouseVersion:
    """Put a version with these values in force, make this process forget the previous one, and return the version."""
    newest = HouseVersion.objects.newest()
    version = publish(by=by, base=newest.number if newest else 0, values=values)
    memory.forget()
    return version
