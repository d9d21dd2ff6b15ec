"""PostgreSQL full-text search, with GIN indexes on the columns `vector` and on the titles (migration 0002)."""

from collections.abc import Sequence

from django.db import connection

from articles.search.queries import SHORTEST_PREFIX, Query

FROM = (
    "FROM articles_searchentry e JOIN articles_approval ON articles_approval.revision_id = e.revision_id "
    "JOIN articles_publication ON articles_publication.approval_id = articles_approval.id"
)
# Weights of D, C, B, A: body, key messages, standfirst, title. Flag 1 lowers the rank of long texts a little.
RANK = "-ts_rank('{0.1, 0.4, 0.5, 1.0}', e.vector, %s::tsquery, 1)"
RANK_TAKES_THE_QUERY = True
# A condition on the index row, evaluated before the visibility of the hit is looked up.
IN_TOPIC = "EXISTS (SELECT 1 FROM articles_article_topics f WHERE f.article_id = e.article_key AND f.topic_id = %s)"
ORDER = ""  # with an order, the database would read every hit
HEADLINES = (
    "SELECT revision_id, ts_headline('english', body, %s::tsquery, %s) FROM articles_searchentry "
    "WHERE revision_id = ANY(%s)"
)


def expression(query: Query, any_term: bool) -> str:
    """Return the query as a tsquery in text form, with “or” between terms if `any_term`.

    Each typed term is quoted, so nothing in it is an operator.
    """
    wanted = (" or " if any_term else " ").join(_quoted(query.wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (websearch_to_tsquery('english', %s) && (SELECT CASE WHEN numnode(u) = 0 THEN ''::tsquery "
            "ELSE !!u END FROM websearch_to_tsquery('english', %s) u))::text",
            [wanted, " or ".join(_quoted(query.unwanted))],
        )
        return str(cursor.fetchone()[0])


def drafts(query: Query) -> tuple[str, list[str]]:
    """Return SQL that selects the keys of the articles whose working copy matches, and its parameters.

    Long words also match as the beginning of a word, because the newsroom searches while it types.
    """
    found = " & ".join(_begun(query.wanted))
    if query.unwanted:
        found = f"{found} & !({' | '.join(_begun(query.unwanted, as_typed=True))})"
    return "SELECT article_id FROM articles_searchdraft WHERE vector @@ to_tsquery('english', %s)", [found]


def matches(query: Query, expression: str, in_title: bool) -> tuple[str, list[str]]:
    """Return the SQL condition for hits anywhere or, with `in_title`, in the title, and the condition's parameters."""
    if not in_title:
        return "e.vector @@ %s::tsquery", [expression]
    title = "to_tsvector('english', e.title) @@ %s::tsquery"
    if query.unwanted:  # an unwanted word may be in the body
        return f"{title} AND e.vector @@ %s::tsquery", [expression, expression]
    return title, [expression]


def snippets(expression: str, revisions: Sequence[int], start: str, stop: str) -> dict[int, str]:
    """Return a passage from the body of each revision, by primary key, with each hit enclosed in `start` and `stop`."""
    # By default, ShortWord drops short words at the ends of the passage, and thus everything before an early hit.
    options = f"StartSel={start}, StopSel={stop}, MaxWords=34, MinWords=18, MaxFragments=1, ShortWord=0"
    with connection.cursor() as cursor:
        cursor.execute(HEADLINES, [expression, options, list(revisions)])
        return dict(cursor.fetchall())


def _quoted(terms: Sequence[Sequence[str]]) -> list[str]:
    return [f'"{" ".join(words)}"' for words in terms]


def _begun(terms: Sequence[Sequence[str]], as_typed: bool = False) -> list[str]:
    """Return each term in the language of to_tsquery; its last word is a prefix unless it is short or `as_typed`.

    A word has only letters and digits, so nothing in it is an operator.
    """
    ends = ["" if as_typed or len(words[-1]) < SHORTEST_PREFIX else ":*" for words in terms]
    return [f"({' <-> '.join([*words[:-1], f'{words[-1]}{end}'])})" for words, end in zip(terms, ends, strict=True)]
