"""Functions that save a new version of the house settings. Only `publish` puts a version in force."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from core.house import memory
from core.house.defaults import CONSENT
from core.house.values import House
from core.house.versions import FIELDS, LOGO_FIELDS, HouseVersion

# The version of the default consent (newsletter.consent).
FIRST_CONSENT = "2026-11"


class StaleHouse(Exception):
    """Raised if somebody else has saved a newer version than the one on which the change is based."""


@transaction.atomic
def publish(*, by: AbstractBaseUser, base: int, values: Mapping[str, Any]) -> HouseVersion:
    """Save a new version of the house settings, put it into force, and return it.

    `base` is the number of the version that the new one is based on (0 for the defaults). `values` holds the new values
    by the names in FIELDS and LOGO_FIELDS; a missing field takes the default. Raise StaleHouse if `base` is no longer
    in force, and ValidationError for invalid values.
    """
    newest = HouseVersion.objects.newest()
    if (newest.number if newest else 0) != base:
        raise StaleHouse
    version = HouseVersion(number=base + 1, made_by=by)  # type: ignore[misc]  # core does not import the user model
    for name in (*FIELDS, *LOGO_FIELDS):
        if name in values:
            setattr(version, name, values[name])
    version.full_clean(exclude=["changed", "consent_words", "consent_version"], validate_unique=False)
    version.consent_words = version.house.consent
    version.changed = " ".join(changed_fields(version, newest))
    version.consent_version = _consent_version(version.consent_words, version.number)
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError:  # a concurrent call has saved a version with this number
        raise StaleHouse from None
    transaction.on_commit(partial(memory.forget))
    return version


def changed_fields(version: HouseVersion, before: HouseVersion | None) -> list[str]:
    """Return the names of the fields in which a version differs from the one before or, without one, the defaults."""
    one, other = version.house, before.house if before else House()
    changed = [name for name in FIELDS if one.own.get(name, "") != other.own.get(name, "")]
    logo_before = bytes(before.logo) if before else b""
    return [*changed, "logo"] if bytes(version.logo) != logo_before else changed


def _consent_version(words: str, number: int) -> str:
    """Return the name under which this consent text was shown before, or a new name if it is new."""
    if words == CONSENT.format(name=House().name):
        return FIRST_CONSENT
    earlier = HouseVersion.objects.filter(consent_words=words).order_by("number").first()
    return earlier.consent_version if earlier else f"house-{number}"
