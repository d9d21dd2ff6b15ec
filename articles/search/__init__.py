"""The readers' search: PostgreSQL's full text or SQLite's FTS5 behind one function.

It finds what readers see at that moment: every search joins `Publication.objects.visible()`, so schedules, expiries and
withdrawals take effect without a job that has to run.
"""

from articles.search.corrections import correction
from articles.search.finding import SearchHit, find
from articles.search.queries import Query, parse

__all__ = ["SearchHit", "Query", "correction", "find", "parse"]
