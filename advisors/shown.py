"""Which of this room's tables readers' pages read (betterment.freshness). What an advisor disclosed is written at once,
with its answers; a review is shown by its approval."""

from betterment.freshness import WatchedTable

SHOWN = (
    WatchedTable("advisors_advisor"),
    WatchedTable("advisors_advisor_specialties"),
    WatchedTable("advisors_disclosure"),
    WatchedTable("advisors_remarkswithheld"),
)
