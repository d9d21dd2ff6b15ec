"""The description of a seeded fault, the files that faults are seeded into, and the tests that run first."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """In `file`, `old` (which occurs there once) is replaced by `new`; `breaks` says what is wrong then.

    `tests` are run first. `database` is "postgresql" if SQLite, which lets only one writer in at a time, cannot show
    the fault.
    """

    file: str
    old: str
    new: str
    breaks: str
    tests: tuple[str, ...]
    database: str = "sqlite"


WORKFLOW, PUBLISHING = "articles/workflow.py", "articles/publishing.py"
TRANSITIONS = "articles/transitions.py"
DRAFTING, REVIEWS, PANEL = "articles/drafting.py", "advisors/reviews.py", "advisors/panel.py"
PERMISSIONS, VISIBILITY = "articles/permissions.py", "articles/models/visibility.py"
MOMENTS = "articles/models/moments.py"
STANDING, DECISIONS = "advisors/quorum/standing.py", "advisors/quorum/decisions.py"
GUARDS, BOARD_GUARDS = "articles/guards.py", "advisors/guards.py"
PROPOSALS, REVIEW_STEPS = "advisors/proposals.py", "advisors/review_steps.py"
RECEIVERS = "advisors/receivers.py"
RETRACTIONS = "articles/cited_sources/retracted_sources.py"
SOURCE_DECISIONS = "articles/cited_sources/source_decisions.py"

# The tests that run first. Each test file is named once.
TABLE, VERBS = ("tests/articles/test_workflow_table.py",), ("tests/articles/test_workflow_guards.py",)
SHOWN = ("tests/articles/test_publications.py",)
CLOCK = ("tests/articles/test_clock.py",)
SAVED = ("tests/articles/test_drafting.py",)
BOARD, ASKED = (
    ("tests/advisors/test_reviews.py",),
    ("tests/advisors/test_panel.py", "tests/advisors/test_panel_choices.py"),
)
FORGED = ("tests/promise/test_forged_names.py", "tests/promise/test_forged_rows.py")
TERMS, CONSENT = (
    ("tests/articles/test_changing_terms.py",),
    ("tests/advisors/test_withdrawn_consents.py",),
)
TAKEN_BACK = ("tests/advisors/test_taking_back.py",)
PROPOSED = ("tests/advisors/test_proposals.py",)
ROWS = ("tests/articles/test_constraints.py", "tests/articles/test_publication_constraints.py")
KEPT = ("tests/articles/test_immutability.py",)
STATEMENTS = ("tests/endurance/test_each_statement_fails.py",)
RACES = ("tests/articles/test_races.py",)
WITHDRAWN, RETRACTED = ("tests/website/test_withdrawn.py",), ("tests/articles/test_retracted_pending.py",)
KEPT_PAGES = ("tests/pagecache/test_sending.py", "tests/pagecache/test_keeping.py")
CHANGED_PAGES = ("tests/website/test_kept_pages.py",)
POLLED, SITE_VERSION = ("tests/pagecache/test_poll.py",), ("tests/core/test_site_version.py",)
