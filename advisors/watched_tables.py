"""The tables of this app that public pages read (pagecache.site_version).

A disclosure is written in one transaction with its answers, and a review is shown by its approval, so neither the
answers nor the reviews are watched.
"""

from pagecache.site_version import WatchedTable

WATCHED_TABLES = (
    WatchedTable("advisors_advisor"),
    WatchedTable("advisors_advisor_specialties"),
    WatchedTable("advisors_disclosure"),
    WatchedTable("advisors_remarkswithheld"),
)
