"""The tables of this app that public pages read (core.db.watched_tables)."""

from core.db.watched_tables import WatchedTable

_OF_ARTICLE = "publication_id IN (SELECT p.id FROM articles_publication p WHERE p.article_id = %(article)s)"
_ITS_KEYS = (
    f"SELECT s.signing_key_id FROM audit_signedrecord r JOIN audit_seal s ON s.id = r.seal_id WHERE r.{_OF_ARTICLE}"
)

WATCHED_TABLES = (
    WatchedTable("audit_signedrecord", columns=("number",), on=("INSERT",), on_article=_OF_ARTICLE),
    WatchedTable("audit_signingkey", columns=("revoked_at", "retired_at"), on_article=f"id IN ({_ITS_KEYS})"),
    WatchedTable("audit_seal", on=("INSERT",), on_article=None),
)
