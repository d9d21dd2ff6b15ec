"""Measures precision and recall of the checks on the corpus, for each check and in total."""

import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from checks.preflight import Draft, Finding
from tests.checks.desk import GEL, GUMMY, NOTE, SOURCES, draft, found, words

CORPUS = Path(__file__).with_name("corpus.toml")
SHOP = {"gummy": (GUMMY,), "gel": (GEL,), "": ()}
BLOCKERS = {"CIT01", "CIT02", "CIT07", "CLM01", "CLM03", "SAF01", "SAF02", "COM01", "LEG01", "STR07"}


def rows() -> list[dict]:
    """Return the rows of the corpus as they are written."""
    return tomllib.loads(CORPUS.read_text(encoding="utf-8"))["text"]


def fields(row: dict) -> dict:
    """Return the fields of the draft besides the sentence."""
    return {
        "sources": SOURCES,
        "products": SHOP[row.get("shop", "")],
        "disclosure": row.get("disclosure", "We sell." if row.get("shop") else ""),
        "safety_note": row.get("note", NOTE),
    }


def text(row: dict) -> Draft:
    """Return the draft that a row of the corpus stands for."""
    return draft(words(row["text"]), **fields(row))


def findings(row: dict) -> list[Finding]:
    """Return the findings in the row's draft, without advice."""
    return [each for each in found(words(row["text"]), **fields(row)) if each.level.value != "advice"]


@dataclass
class Score:
    """Counts of correct findings, wrong findings and missed ones, by the check's id."""

    right: Counter = field(default_factory=Counter)
    wrong: Counter = field(default_factory=Counter)
    missed: Counter = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def add(self, row: dict) -> None:
        expected, got = set(row["expect"]), {each.id for each in findings(row)}
        self.right.update(expected & got)
        self.wrong.update(got - expected)
        self.missed.update(expected - got)
        if expected != got:
            self.errors.append(f"{row['text']} expected {sorted(expected)}, got {sorted(got)}")

    def precision(self, *ids: str) -> float:
        """The share of findings that are correct; 1 if nothing was found."""
        right, wrong = (sum(counts[name] for name in ids) for counts in (self.right, self.wrong))
        return right / (right + wrong) if right + wrong else 1.0

    def recall(self, *ids: str) -> float:
        """The share of the expected findings that were found."""
        right, missed = (sum(counts[name] for name in ids) for counts in (self.right, self.missed))
        return right / (right + missed) if right + missed else 1.0

    @property
    def ids(self) -> list[str]:
        return sorted(self.right | self.wrong | self.missed)

    def lines(self) -> list[str]:
        """Return the table for the report of a test run."""
        table = [
            f"{name}  precision {self.precision(name):.2f}  recall {self.recall(name):.2f}"
            f"  ({self.right[name]} right, {self.wrong[name]} wrong, {self.missed[name]} missed)"
            for name in self.ids
        ]
        blocking = [name for name in self.ids if name in BLOCKERS]
        for title, names in (("blockers", blocking), ("all", self.ids)):
            table.append(f"{title}: precision {self.precision(*names):.3f}, recall {self.recall(*names):.3f}")
        return table


def score() -> Score:
    """Return the score of the present checks."""
    result = Score()
    for row in rows():
        result.add(row)
    return result
