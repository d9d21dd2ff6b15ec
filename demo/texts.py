"""The words of the demonstration, as they lie in `content/`."""

import tomllib
from pathlib import Path

CONTENT = Path(__file__).parent / "content"


def table(name: str) -> dict:
    """What stands in that table of `content/`; its name is a path there, without the ending."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def text(folder: str, name: str) -> str:
    """The HTML of that file of `content/`."""
    return (CONTENT / folder / name).read_text(encoding="utf-8")
