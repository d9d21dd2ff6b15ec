"""The readers' search: PostgreSQL's full text or SQLite's FTS5 behind one function.

Every search joins `Publication.objects.visible()`, so it finds only texts that readers see at that moment. Schedules,
expiries and withdrawals take effect without a job.
"""

from articles.search.corrections import correction
from articles.search.finding import SearchHit, find
from articles.search.queries import Query, parse

__all__ = ["SearchHit", "Query", "correction", "find", "parse"]
