"""The results as a table: medians in milliseconds, and their growth from the smallest archive to the largest. Pure."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from statistics import median


def table(archives: Iterable, memory: Mapping[str, float], clock: str = "ms") -> str:
    """Return one table for each database as text.

    `archives` are sorted by database and size, `memory` is in MB by database and size, and `clock` is "ms" (elapsed
    time) or "cpu_ms" (CPU time).
    """
    groups = groupby(archives, lambda one: one.database)
    return "\n".join(_of_database(database, list(group), memory, clock) for database, group in groups)


def _of_database(database: str, archives: list, memory: Mapping[str, float], clock: str) -> str:
    """Return the table of one database."""
    sizes = "".join(f"{one.articles:>11,}" for one in archives)
    lines = [f"{f'{database}, median {clock}':<38}{sizes}  growth  queries"]
    for name in archives[0].found:
        middles = [median(one.found[name][clock]) for one in archives]
        asked = " / ".join(dict.fromkeys(str(one.found[name]["queries"]) for one in archives))
        figures = "".join(f"{middle:11.1f}" for middle in middles)
        lines.append(f"{name:<38}{figures}{middles[-1] / middles[0]:8.2f}×  {asked}")
    used = "".join(f"{memory[f'{database} {one.articles}']:11.0f}" for one in archives)
    lines.append(f"{'memory of the process, MB':<38}{used}")
    return "\n".join(lines) + "\n"
