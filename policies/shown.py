"""Which of this room's tables readers' pages read (betterment.freshness)."""

from betterment.freshness import Shown

SHOWN = (Shown("policies_policy"),)
