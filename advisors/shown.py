"""Which of this room's tables readers' pages read (betterment.freshness). What an advisor disclosed is written at once,
with its answers; a review is shown by its approval."""

from betterment.freshness import Shown

SHOWN = (
    Shown("advisors_advisor"),
    Shown("advisors_advisor_specialties"),
    Shown("advisors_disclosure"),
    Shown("advisors_remarkswithheld"),
)
