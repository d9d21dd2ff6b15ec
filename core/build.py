"""A name for what makes the pages: the code, the templates, the settings. What another build has kept is not used."""

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
    """The same in every process that runs the same code on the same settings, and another wherever either differs.

    Read from the files' content, not from their times, which say little after a deployment. Settings count whole, so
    nobody has to think of a list of those that pages show.
    """
    found = hashlib.sha256(f"{sys.version}\n".encode())
    # Installed packages with their versions, as installers name their folders.
    packages = {package.name for place in sys.path for package in Path(place or ".").glob("*.dist-info")}
    found.update("\n".join(sorted(packages)).encode())
    for path in sorted(_files()):
        found.update(f"{path} {_digest(path)}\n".encode())
    found.update(f"static {_digest(Path(settings.STATIC_ROOT) / 'staticfiles.json')}\n".encode())
    chosen = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    found.update(json.dumps(chosen, default=_plain, sort_keys=True).encode())
    return found.hexdigest()


def _files() -> Iterator[Path]:
    """The project's own code and templates."""
    for config in apps.get_app_configs():
        folder = Path(config.path)
        if folder.is_relative_to(settings.BASE_DIR) and "site-packages" not in folder.parts:
            yield from folder.rglob("*.py")
            yield from (path for path in (folder / "templates").rglob("*") if path.is_file())
    for engine in settings.TEMPLATES:
        for folder in engine["DIRS"]:
            yield from (path for path in Path(folder).rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return "none"


def _plain(value: Any) -> Any:
    """What JSON does not know, in words that are the same in every process."""
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, Path):
        return str(value)
    return f"{type(value).__module__}.{type(value).__qualname__}"
