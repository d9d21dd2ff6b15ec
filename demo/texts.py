"""The texts of the demonstration, from the folder `content/`."""

import tomllib
from pathlib import Path

CONTENT = Path(__file__).parent / "content"


def table(name: str) -> dict:
    """Return the content of a TOML file in `content/`. `name` is its path there without the extension."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def text(folder: str, name: str) -> str:
    """Return the HTML of a file in a folder of `content/`."""
    return (CONTENT / folder / name).read_text(encoding="utf-8")
