"""Which of this room's tables readers' pages read (betterment.freshness)."""

from betterment.freshness import WatchedTable

SHOWN = (WatchedTable("policies_policy"),)
