"""The search of the whole newsroom, which every page of the admin and of the review desk opens.

Each app says what can be found: rows of its models (`SearchedModel`) and its pages (`SearchedPage`). People find only
what they may open.
"""

from core.admin.search.registry import SearchedModel, SearchedOwn, SearchedPage, add, add_own, add_pages

__all__ = ["SearchedModel", "SearchedOwn", "SearchedPage", "add", "add_own", "add_pages"]
