"""The tables of this app that public pages read (core.db.watched_tables).

The answers of a disclosure are written in the same transaction as the disclosure, and readers see a review only through
its approval, so neither answers nor reviews are watched.
"""

from core.db.watched_tables import WatchedTable

_OWN_APPROVALS = "articles_approval approval WHERE approval.revision_id = %(revision)s"
_SIGNED = f"SELECT user_id FROM articles_signatory WHERE approval_id IN (SELECT approval.id FROM {_OWN_APPROVALS})"
_OWN_REVIEWS = (
    f"SELECT id FROM advisors_review WHERE submission_id IN (SELECT approval.submission_id FROM {_OWN_APPROVALS})"
)

WATCHED_TABLES = (
    WatchedTable("advisors_advisor", on_article=f"user_id IN ({_SIGNED})"),
    WatchedTable("advisors_advisor_specialties", on_article=None),
    WatchedTable("advisors_disclosure", on_article=None),
    WatchedTable("advisors_nameconsent", on_article=None),
    WatchedTable("advisors_remarkswithheld", on_article=f"review_id IN ({_OWN_REVIEWS})"),
)
