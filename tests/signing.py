"""A signing key for tests."""

from pathlib import Path
from typing import Any

from audit import keys
from audit.models import SigningKey
from tests.demonstration import signing_settings


def give_key(settings: Any, folder: Path) -> SigningKey:
    """Change the settings (pytest-django's fixture) to those of a site that signs, make a key, and return its row."""
    for name, value in signing_settings(folder).items():
        setattr(settings, name, value)
    return keys.make()
