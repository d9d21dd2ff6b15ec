"""Database triggers for error reports.

The log of a report is append-only. An answer to a reader cannot be changed or deleted, but its text may be erased. A
report can only be closed as corrected in a later version of its own article.
"""

from core.db.guards import Guard, append_only, column_fixed, never_deleted

GUARDS = (
    *append_only("website_reportevent", "the log of an error report"),
    never_deleted("website_reportanswer", "an answer to a reader"),
    column_fixed(
        "website_reportanswer",
        ("report_id", "recipients", "written_by_id", "written_by_name", "written_at"),
        "the record of who answered a reader, and when,",
    ),
    Guard(
        "website_reportanswer_words",
        "website_reportanswer",
        "UPDATE",
        "the text of an answer to a reader may be erased, but never changed",
        "NEW.text <> OLD.text AND NEW.text <> ''",
    ),
    *(
        Guard(
            f"website_errorreport_version_{operation.lower()}",
            "website_errorreport",
            operation,
            "a report can only be corrected in a later version of its own article",
            "NEW.corrected_in_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM articles_publication p "
            "JOIN articles_approval a ON a.id = p.approval_id WHERE p.id = NEW.corrected_in_id "
            "AND p.article_id = NEW.article_id AND p.cancelled_at IS NULL AND p.starts_at > NEW.received_at "
            "AND a.revision_id <> NEW.revision_id)",
        )
        for operation in ("INSERT", "UPDATE")
    ),
)
