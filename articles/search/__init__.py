"""The readers' search: PostgreSQL's full text or SQLite's FTS5 behind one function.

What is found is what readers see at that moment: every search joins `Publication.objects.visible()`, so a schedule, an
expiry and a withdrawal hold without anything having to run.
"""

from articles.search.corrections import correction
from articles.search.finding import SearchHit, find
from articles.search.queries import Query, parse

__all__ = ["SearchHit", "Query", "correction", "find", "parse"]
