"""Scores the checks on sentences in the shapes of those that other people wrote, for each check, kind and level.

Run as a program (`DJANGO_SETTINGS_MODULE=betterment.settings python -m tests.checks.rewordings`), it prints the scores
of the half that patterns are written from, with each sentence that is judged wrongly. The other half is scored by
test_rewordings.py and is not to be read.
"""

import hashlib
import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import django

from checks import preflight
from tests.checks.desk import GUMMY, SOURCES, draft, words

PATH = Path(__file__).with_name("rewordings.txt")
JUDGED = {"CLM01", "CLM03", "SAF01", "CIT01", "CIT02", "LNG02"}


@dataclass(frozen=True)
class Rewording:
    """A sentence with the id and the level of the finding expected in it (both empty for none), and its kind."""

    id: str
    level: str
    kind: str
    text: str

    @property
    def is_for_development(self) -> bool:
        """Whether the sentence belongs to the half that patterns are written from."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0


def read(path: Path = PATH) -> list[Rewording]:
    """Return the sentences of a file in its order."""
    rows, head = [], ("", "", "")
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            name, level, kind = line.strip("[]").split(" ", 2)
            head = (name.strip("-"), level.strip("-"), kind)
        elif line and not f"{line} ".startswith("# "):
            rows.append(Rewording(*head, line))
    return rows


def levels(text: str) -> dict[str, str]:
    """Return the most serious level of each check's findings in an article that recommends a supplement."""
    found = preflight.run(draft(words(text), products=(GUMMY,), sources=SOURCES, disclosure="We sell it."))
    return {each.id: each.level.value for each in reversed(found) if each.id in JUDGED}


@dataclass
class Tally:
    """How often the checks were right, by the keys under which a sentence is counted."""

    expected: Counter = field(default_factory=Counter)
    found: Counter = field(default_factory=Counter)
    blocked: Counter = field(default_factory=Counter)
    right: Counter = field(default_factory=Counter)
    wrong: Counter = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def add(self, row: Rewording) -> None:
        got = levels(row.text)
        for name, level in got.items():
            (self.right if name == row.id else self.wrong).update([(name, level), level])
        if row.id:
            keys = [row.id, f"{row.id} {row.kind}"]
            self.expected.update(keys)
            self.found.update(keys if row.id in got else [])
            self.blocked.update(keys if got.get(row.id) == "blocker" else [])
        if got != ({row.id: row.level} if row.id else {}):
            self.errors.append(f"{row.id or '-'} {row.level} {row.kind}: {row.text} {got}")

    def recall(self, key: str) -> float:
        """The share of the expected findings that were found, at any level."""
        return self.found[key] / self.expected[key]

    def blocking(self, key: str) -> float:
        """The share of the expected findings that were found as blockers."""
        return self.blocked[key] / self.expected[key]

    def precision(self, key: str | tuple[str, str]) -> float:
        """The share of findings that are right: of a level, or of a check at a level."""
        return self.right[key] / ((self.right[key] + self.wrong[key]) or 1)

    def lines(self) -> list[str]:
        """Return the table for a report."""
        table = [
            f"{key}: {self.expected[key]} expected, {self.recall(key):.2f} found, {self.blocking(key):.2f} as blockers"
            for key in sorted(self.expected)
        ]
        table += [f"precision of {key}: {self.precision(key):.3f}" for key in ("blocker", "warning")]
        pairs = sorted(key for key in {*self.right, *self.wrong} if isinstance(key, tuple))
        return table + [f"precision of {name} as {level}: {self.precision((name, level)):.3f}" for name, level in pairs]


def tally(rows: Iterable[Rewording]) -> Tally:
    """Return the tally of these sentences."""
    result = Tally()
    for row in rows:
        result.add(row)
    return result


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterment.settings")
    django.setup()
    score = tally(row for row in read() if row.is_for_development)
    sys.stdout.write("\n".join([*score.lines(), *score.errors, ""]))
