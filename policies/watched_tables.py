"""The tables of this app that public pages read (pagecache.site_version)."""

from pagecache.site_version import WatchedTable

WATCHED_TABLES = (WatchedTable("policies_policy", on_article=None),)
