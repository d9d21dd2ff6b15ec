"""The entries of a bibliography as rows of a page, with the values that a user can enter for each."""

import contextlib
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext

from accounts.models import User
from articles.cited_sources.source_imports import ImportPlan, ImportRow, ImportState, plan
from sources.importers import ReadResult
from sources.kinds import WORK_KINDS
from sources.models import Evidence


@dataclass
class PastedRow:
    """A row of the page, with the values that the user can enter.

    `taken` says whether the entry is ticked. The page asks for the day of access if `asks_day`, and for a title if
    `asks_title`; `accessed` is the day in ISO 8601, or "".
    """

    row: ImportRow
    taken: bool
    evidence: str
    accessed: str
    asks_day: bool
    title: str
    asks_title: bool


@dataclass(frozen=True)
class Choices:
    """The user's input on the page: the numbers of the chosen entries, and the values entered, by number of entry."""

    chosen: set[int] = field(default_factory=set)
    evidence: dict[int, str] = field(default_factory=dict)
    accessed: dict[int, date] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)


def choices_in(posted: QueryDict, count: int) -> Choices:
    """Return the choices in a posted form with this number of entries."""
    chosen = {number for number in range(count) if f"take-{number}" in posted}
    evidence = {
        number: kind for number in range(count) if (kind := posted.get(f"evidence-{number}")) in Evidence.values
    }
    accessed = {}
    for number in range(count):
        with contextlib.suppress(ValueError):
            if day := parse_date(posted.get(f"accessed-{number}", "")):
                accessed[number] = day
    titles = {number: title for number in range(count) if (title := posted.get(f"title-{number}", "").strip())}
    return Choices(chosen, evidence, accessed, titles)


def planned(found: ReadResult, actor: User, said: Choices) -> ImportPlan:
    """Return the plan for these entries with the values that the user entered."""
    return plan(found, actor=actor, evidence=said.evidence, accessed=said.accessed, titles=said.titles)


def rows_by_state(
    found: ReadResult, actor: User, said: Choices | None, *, attaches: bool
) -> dict[str, list[PastedRow]]:
    """Return the rows by their state. A row that lacks only the evidence, the day of access or the title counts as new.

    `said` is None when the page is shown for the first time. With `attaches`, sources that are in the library are
    ticked as well, because the article is to cite them.
    """
    typed = said or Choices()
    made = planned(found, actor, typed)
    told = {row.number: row.fields["evidence"] for row in made.rows}
    dated = {row.number: row.fields["accessed_on"] for row in made.rows}
    asking = {
        row.number
        for row in made.rows
        if WORK_KINDS[row.fields["work"]].needs_access_date and not row.entry.csl.get("accessed")
    }
    untitled = {row.number for row in made.rows if "title" not in row.entry.csl}
    if made.of(ImportState.UNFIT):
        today = timezone.localdate()
        missing = gettext("Untitled entry %(number)s")
        supposed = Choices(
            evidence={number: kind or Evidence.COHORT for number, kind in told.items()},
            accessed={number: day or today for number, day in dated.items()},
            titles={number: missing % {"number": number} for number in untitled} | typed.titles,
        )
        made = planned(found, actor, supposed)

    def rows(state: ImportState) -> list[PastedRow]:
        is_ticked = state not in (ImportState.THERE, ImportState.DOUBTFUL) or (attaches and state == ImportState.THERE)
        return [
            PastedRow(
                row=row,
                taken=row.number in said.chosen if said is not None else is_ticked and row.number not in untitled,
                evidence=told[row.number],
                accessed=dated[row.number].isoformat() if dated[row.number] else "",
                asks_day=row.number in asking,
                title=typed.titles.get(row.number, ""),
                asks_title=row.number in untitled,
            )
            for row in made.of(state)
        ]

    return {str(state): rows(state) for state in ImportState}
