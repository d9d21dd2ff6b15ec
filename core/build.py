"""A digest of everything that pages depend on besides the data: code, templates, static files and settings."""

import hashlib
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings


@cache
def build_digest() -> str:
    """Return the digest in hexadecimal. It is the same in all processes with the same code, packages and settings.

    The digest covers the contents of files, because modification times are unreliable after a deployment. It covers all
    settings, so that nobody has to maintain a list of the settings that pages show.
    """
    digest = hashlib.sha256(f"{sys.version}\n".encode())
    # The names of the .dist-info folders contain the names and versions of the installed packages.
    packages = {package.name for place in sys.path for package in Path(place or ".").glob("*.dist-info")}
    digest.update("\n".join(sorted(packages)).encode())
    for path in sorted(_files()):
        digest.update(f"{path} {_digest_of(path)}\n".encode())
    digest.update(f"static {_digest_of(Path(settings.STATIC_ROOT) / 'staticfiles.json')}\n".encode())
    values = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    digest.update(json.dumps(values, default=_plain, sort_keys=True).encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    """Yield the paths of the project's own Python files and templates."""
    for config in apps.get_app_configs():
        folder = Path(config.path)
        if folder.is_relative_to(settings.BASE_DIR) and "site-packages" not in folder.parts:
            yield from folder.rglob("*.py")
            yield from (path for path in (folder / "templates").rglob("*") if path.is_file())
    for engine in settings.TEMPLATES:
        for folder in engine["DIRS"]:
            yield from (path for path in Path(folder).rglob("*") if path.is_file())


def _digest_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return "none"


def _plain(value: Any) -> Any:
    """Return a replacement, the same in every process, for a value that JSON cannot express.

    It is a sorted list for a set, a string for a Path, and the name of the type for anything else.
    """
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, Path):
        return str(value)
    return f"{type(value).__module__}.{type(value).__qualname__}"
