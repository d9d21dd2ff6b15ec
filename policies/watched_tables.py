"""The tables of this app that public pages read (core.db.watched_tables)."""

from core.db.watched_tables import WatchedTable

WATCHED_TABLES = (WatchedTable("policies_policy", on_article=None),)
