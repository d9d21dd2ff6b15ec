"""The derived columns of this app: when an article was last reviewed, which publications have started or ended, which
rounds are past their answer deadline (`answers_until`), and SQLite's search indexes.
"""

from core.db.derived_columns import DerivedColumn
from core.db.triggers import Operation

# `Publication.reviewed_at` is the time of the newest approval of the revision that the publication shows. A withdrawn
# or cancelled publication never changes again and is never due for review, so the triggers leave it out.
_NEWEST_APPROVAL = (
    "SELECT MAX(a.approved_at) FROM articles_approval a WHERE a.revision_id = "
    "(SELECT own.revision_id FROM articles_approval own WHERE own.id = {publication}.approval_id)"
)
_EVERY_NEWEST_APPROVAL = (
    f"UPDATE articles_publication SET reviewed_at = ({_NEWEST_APPROVAL.format(publication='articles_publication')}) "
    "WHERE notice = '' AND cancelled_at IS NULL AND (reviewed_at IS NULL OR "
    f"reviewed_at <> ({_NEWEST_APPROVAL.format(publication='articles_publication')}))"
)
WHEN_REVIEWED = (
    DerivedColumn(
        "articles_publication_reviewed",
        "articles_publication",
        "INSERT",
        f"UPDATE articles_publication SET reviewed_at = ({_NEWEST_APPROVAL.format(publication='NEW')}) "
        "WHERE id = NEW.id",
        "NEW.notice = '' AND NEW.cancelled_at IS NULL",
        refill=_EVERY_NEWEST_APPROVAL,
    ),
    # The condition on the article is redundant, but without it a planner without statistics would read every
    # publication.
    DerivedColumn(
        "articles_approval_reviewed",
        "articles_approval",
        "INSERT",
        "UPDATE articles_publication SET reviewed_at = NEW.approved_at WHERE article_id = "
        "(SELECT r.article_id FROM articles_revision r WHERE r.id = NEW.revision_id) AND approval_id IN "
        "(SELECT a.id FROM articles_approval a WHERE a.revision_id = NEW.revision_id) "
        "AND notice = '' AND cancelled_at IS NULL AND (reviewed_at IS NULL OR reviewed_at < NEW.approved_at)",
        "NEW.revision_id IS NOT NULL",
        refill=_EVERY_NEWEST_APPROVAL,
    ),
)

# A start or an end is past for ever once the article's log has a later entry, whatever the clock says afterwards.
# A withdrawn publication never changes again; articles.publishing writes both columns with the notice.
_PAST = (
    "UPDATE articles_publication SET has_started = (has_started OR starts_at <= {at}), "
    "has_ended = (ends_at IS NOT NULL AND ends_at <= {at}) WHERE notice = '' AND cancelled_at IS NULL "
    "AND NOT has_ended AND ((NOT has_started AND starts_at <= {at}) OR ends_at <= {at})"
)
_NEWEST_ENTRY = "(SELECT MAX(t.at) FROM articles_transition t WHERE t.article_id = articles_publication.article_id)"
WHAT_IS_PAST = DerivedColumn(
    "articles_publication_past",
    "articles_transition",
    "INSERT",
    f"{_PAST.format(at='NEW.at')} AND article_id = NEW.article_id",
    "NEW.article_id IS NOT NULL",
    refill=_PAST.format(at=_NEWEST_ENTRY),
    needs=("articles_publication",),
)

# The answer deadline after a request for changes is past for ever once the article has a log entry or a revision after
# it. It is then set to the time at which the round was closed, as when an editor ends the round, because a clock that
# is set back would otherwise open the round again.
_OVER = (
    "UPDATE articles_submission SET answers_until = closed_at WHERE answers_until > closed_at AND answers_until <= {at}"
)


def _answers_over(table: str, time: str) -> DerivedColumn:
    """Return the rule by which a new row of `table` ends rounds whose answer deadline precedes its column `time`."""
    newest = f"(SELECT MAX(later.{time}) FROM {table} later WHERE later.article_id = articles_submission.article_id)"
    return DerivedColumn(
        f"articles_submission_over_by_{table.removeprefix('articles_')}",
        table,
        "INSERT",
        f"{_OVER.format(at=f'NEW.{time}')} AND article_id = NEW.article_id",
        "NEW.article_id IS NOT NULL",
        refill=_OVER.format(at=newest),
        needs=("articles_submission",),
    )


ANSWERS_OVER = (_answers_over("articles_transition", "at"), _answers_over("articles_revision", "created_at"))


# The indexes store no text of their own (migration 0002), so triggers tell them of every row that is added, changed or
# deleted. PostgreSQL uses generated columns instead.
def _search_index(index: str, table: str, key: str, columns: tuple[str, ...]) -> tuple[DerivedColumn, ...]:
    """Return the rules by which the FTS5 table `index` follows the rows of `table`, whose primary key is `key`."""
    names, new, old = (", ".join(f"{row}{column}" for column in columns) for row in ("", "NEW.", "OLD."))
    put_in = f"INSERT INTO {index} (rowid, {names}) VALUES (NEW.{key}, {new})"
    take_out = f"INSERT INTO {index} ({index}, rowid, {names}) VALUES ('delete', OLD.{key}, {old})"
    changed = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in (key, *columns))

    def rule(name: str, operation: Operation, statement: str, condition: str) -> DerivedColumn:
        return DerivedColumn(
            f"{index}_{name}",
            table,
            operation,
            statement,
            condition,
            refill=f"INSERT INTO {index} ({index}) VALUES ('rebuild')",
            needs=(index,),
            vendors=("sqlite",),
        )

    return (
        rule("in", "INSERT", put_in, f"NEW.{key} IS NOT NULL"),
        rule("out", "DELETE", take_out, f"OLD.{key} IS NOT NULL"),
        rule("new", "UPDATE", f"{take_out}; {put_in}", changed),
    )


SEARCH_INDEXES = (
    *_search_index(
        "articles_searchindex", "articles_searchentry", "revision_id", ("title", "standfirst", "messages", "body")
    ),
    *_search_index("articles_searchdraftindex", "articles_searchdraft", "article_id", ("words",)),
)

DERIVED_COLUMNS = (*WHEN_REVIEWED, WHAT_IS_PAST, *ANSWERS_OVER, *SEARCH_INDEXES)
