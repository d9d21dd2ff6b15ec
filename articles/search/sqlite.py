"""Search by SQLite's FTS5: tables that triggers maintain (articles.derived_columns)."""

from collections.abc import Sequence

from django.db import connection

from articles.search.queries import SHORTEST_PREFIX, Query

# CROSS JOIN makes the planner begin with the index. Otherwise the index might be queried for one row at a time, and
# would count all its rows each time.
FROM = (
    "FROM articles_searchindex "
    "CROSS JOIN articles_approval ON articles_approval.revision_id = articles_searchindex.rowid "
    "CROSS JOIN articles_publication ON articles_publication.approval_id = articles_approval.id"
)
# Weights of title, standfirst, key messages, body.
RANK = "bm25(articles_searchindex, 10.0, 5.0, 4.0, 1.0)"
RANK_TAKES_THE_QUERY = False
IN_TOPIC = ""  # the index has no column for articles
ORDER = "ORDER BY articles_searchindex.rowid DESC"  # the order in which the index can be read: the newest texts first
BODY, WORDS = 3, 34


def expression(query: Query, any_term: bool) -> str:
    """Return the query in FTS5's language, with “or” between terms if `any_term`.

    Each typed term is quoted, so nothing in it is an operator.
    """
    found = f"({(' OR ' if any_term else ' AND ').join(_quoted(query.wanted))})"
    return f"{found} NOT ({' OR '.join(_quoted(query.unwanted))})" if query.unwanted else found


def drafts(query: Query) -> tuple[str, list[str]]:
    """Return SQL that selects the keys of the articles whose working copy matches, and its parameters.

    Long words also match as the beginning of a word, because the newsroom searches while it types.
    """
    begun = [f'"{" ".join(words)}"{"" if len(words[-1]) < SHORTEST_PREFIX else "*"}' for words in query.wanted]
    found = f"({' AND '.join(begun)})"
    if query.unwanted:
        found = f"{found} NOT ({' OR '.join(_quoted(query.unwanted))})"
    return "SELECT rowid FROM articles_searchdraftindex WHERE articles_searchdraftindex MATCH %s", [found]


def matches(query: Query, expression: str, in_title: bool) -> tuple[str, list[str]]:
    """Return the SQL condition for hits anywhere or, with `in_title`, in the title, and the condition's parameters."""
    if in_title:
        wanted, *unwanted = expression.split(" NOT ", 1)
        expression = " NOT ".join([f"({{title}} : {wanted})", *unwanted])
    return "articles_searchindex MATCH %s", [expression]


def snippets(expression: str, revisions: Sequence[int], start: str, stop: str) -> dict[int, str]:
    """Return a passage from the body of each revision, by primary key, with each hit enclosed in `start` and `stop`."""
    keys = ", ".join(str(int(revision)) for revision in revisions)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, snippet(articles_searchindex, {BODY}, %s, %s, '…', {WORDS}) FROM articles_searchindex "
            f"WHERE articles_searchindex MATCH %s AND rowid IN ({keys})",
            [start, stop, expression],
        )
        return dict(cursor.fetchall())


def _quoted(terms: Sequence[Sequence[str]]) -> list[str]:
    return [f'"{" ".join(words)}"' for words in terms]
