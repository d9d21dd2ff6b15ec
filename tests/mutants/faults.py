"""Faults that are seeded one at a time, each with the tests that should find it first."""

from tests.mutants.fault import Fault
from tests.mutants.in_kept_pages import IN_KEPT_PAGES
from tests.mutants.in_permissions_and_the_audit import IN_PERMISSIONS_AND_THE_AUDIT
from tests.mutants.in_rules import IN_RULES
from tests.mutants.in_saving_and_the_board import IN_SAVING_AND_THE_BOARD
from tests.mutants.in_the_house import IN_THE_HOUSE
from tests.mutants.in_the_names import IN_THE_NAMES
from tests.mutants.in_the_text import IN_THE_TEXT
from tests.mutants.in_the_workflow import IN_THE_WORKFLOW

FAULTS: tuple[Fault, ...] = (
    *IN_THE_WORKFLOW,
    *IN_SAVING_AND_THE_BOARD,
    *IN_RULES,
    *IN_KEPT_PAGES,
    *IN_THE_HOUSE,
    *IN_THE_TEXT,
    *IN_PERMISSIONS_AND_THE_AUDIT,
    *IN_THE_NAMES,
)
