"""What the database keeps of the board: a verdict is frozen, and no name stands behind an approval without one."""

from betterment.guards import Guard, append_only, column_fixed, never_deleted

GUARDS = (
    never_deleted("advisors_review", "a review"),
    *append_only("advisors_comment", "a comment of the board"),
    column_fixed(
        "advisors_review",
        ("submission_id", "advisor_id", "invited_by_id", "invited_at"),
        "whom a review was asked of, and on what,",
    ),
    Guard(
        "advisors_review_frozen",
        "advisors_review",
        "UPDATE",
        "a verdict once given is never changed",
        "OLD.verdict <> ''",
    ),
    Guard(
        "advisors_review_of_what_was_submitted",
        "advisors_review",
        "INSERT",
        "a verdict speaks of the revision that was submitted, while it is under review",
        "NEW.verdict <> '' AND NOT EXISTS (SELECT 1 FROM articles_submission s "
        "JOIN articles_revision r ON r.id = s.revision_id "
        "WHERE s.id = NEW.submission_id AND r.digest = NEW.digest AND s.outcome = '')",
    ),
    Guard(
        "advisors_review_of_this_revision",
        "advisors_review",
        "UPDATE",
        "a verdict speaks of the revision under review, while it is under review",
        "NEW.verdict <> '' AND NOT EXISTS (SELECT 1 FROM articles_submission s "
        "JOIN articles_revision r ON r.id = s.revision_id "
        "WHERE s.id = NEW.submission_id AND r.digest = NEW.digest AND s.outcome = '')",
    ),
    Guard(
        "advisors_signatory_has_verdict",
        "articles_signatory",
        "INSERT",
        "nobody stands behind an approval without an approving verdict of their own and no conflict of interest",
        "NOT EXISTS (SELECT 1 FROM articles_approval a "
        "JOIN advisors_review v ON v.submission_id = a.submission_id "
        "JOIN advisors_advisor d ON d.id = v.advisor_id "
        "WHERE a.id = NEW.approval_id AND d.user_id = NEW.user_id AND v.verdict = 'approve' "
        "AND v.conflict = 'none' AND v.digest = NEW.digest)",
    ),
)
