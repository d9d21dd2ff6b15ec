"""Which of this room's tables readers' pages read (pagecache.site_version). What an advisor disclosed is written at once,
with its answers; a review is shown by its approval."""

from pagecache.site_version import WatchedTable

WATCHED_TABLES = (
    WatchedTable("advisors_advisor"),
    WatchedTable("advisors_advisor_specialties"),
    WatchedTable("advisors_disclosure"),
    WatchedTable("advisors_remarkswithheld"),
)
