"""The derived columns of this app: when an article was last reviewed, which publications have started or ended, and
SQLite's search index.
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

# The index stores no text of its own (migration 0002), so triggers tell it of every row that is added, changed or
# deleted. PostgreSQL uses a generated column instead.
_INDEX, _ENTRY = "articles_searchindex", "articles_searchentry"
_COLUMNS = ("title", "standfirst", "messages", "body")
_NAMES, _NEW, _OLD = (", ".join(f"{row}{column}" for column in _COLUMNS) for row in ("", "NEW.", "OLD."))
_PUT_IN = f"INSERT INTO {_INDEX} (rowid, {_NAMES}) VALUES (NEW.revision_id, {_NEW})"
_TAKE_OUT = f"INSERT INTO {_INDEX} ({_INDEX}, rowid, {_NAMES}) VALUES ('delete', OLD.revision_id, {_OLD})"
_CHANGED = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in ("revision_id", *_COLUMNS))


def _index(name: str, operation: Operation, statement: str, condition: str) -> DerivedColumn:
    return DerivedColumn(
        f"{_INDEX}_{name}",
        _ENTRY,
        operation,
        statement,
        condition,
        refill=f"INSERT INTO {_INDEX} ({_INDEX}) VALUES ('rebuild')",
        needs=(_INDEX,),
        vendors=("sqlite",),
    )


SEARCH_INDEX = (
    _index("in", "INSERT", _PUT_IN, "NEW.revision_id IS NOT NULL"),
    _index("out", "DELETE", _TAKE_OUT, "OLD.revision_id IS NOT NULL"),
    _index("new", "UPDATE", f"{_TAKE_OUT}; {_PUT_IN}", _CHANGED),
)

DERIVED_COLUMNS = (*WHEN_REVIEWED, WHAT_IS_PAST, *SEARCH_INDEX)
