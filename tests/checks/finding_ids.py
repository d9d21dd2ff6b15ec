"""The ids and levels of all findings that the product can create, read from its source."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("checks", "articles", "advisors", "products")


def ids_of(*levels: str, places: tuple[str, ...] = PLACES) -> set[str]:
    """Return the ids of the checks in these folders that can have one of the levels: "BLOCKER", "WARNING", "ADVICE"."""
    files = [path for place in places for path in (ROOT / place).rglob("*.py")]
    pairs = set().union(*(ids_and_levels(path.read_text(encoding="utf-8")) for path in files))
    return {name for name, level in pairs if level in levels}


def ids_and_levels(text: str) -> set[tuple[str, str]]:
    """Return the pairs of id and level that this source can create. Raises AssertionError if that is unclear."""
    pairs = set()
    for call in ast.walk(ast.parse(text)):
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) == "Finding":
            for name, level in _branches(call):
                assert isinstance(name, ast.Constant), f"line {call.lineno}: write the check's id out"
                assert ast.unparse(level).startswith("Level."), f"line {call.lineno}: write the level out"
                pairs.add((name.value, ast.unparse(level).removeprefix("Level.")))
    return pairs


def _branches(call: ast.Call) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield the pairs of id and level that a call of Finding may have, with both branches of a conditional one."""
    values = [*call.args[:2]]
    values += [word.value for name in ("id", "level") for word in call.keywords if word.arg == name]
    conditions = {ast.dump(value.test): None for value in values if isinstance(value, ast.IfExp)}
    if not conditions:
        yield values[0], values[1]
        return
    assert len(conditions) == 1, f"line {call.lineno}: more than one condition decides on the id and the level"
    for branch in ("body", "orelse"):
        first, second = (getattr(value, branch) if isinstance(value, ast.IfExp) else value for value in values)
        yield first, second
