"""Database rules for the board. A verdict never changes, and only advisors who approve can sign an approval."""

from core.db.guards import Guard, append_only, column_fixed, never_deleted
from core.db.triggers import Operation

OPERATIONS: tuple[Operation, ...] = ("INSERT", "UPDATE")

# Selects a row if the review NEW has the digest of the revision under review, and its round is open or, after a request
# for changes, the time for the remaining answers has not run out.
UNDER_REVIEW = (
    "SELECT 1 FROM articles_submission s JOIN articles_revision r ON r.id = s.revision_id "
    "WHERE s.id = NEW.submission_id AND r.digest = NEW.digest "
    "AND (s.outcome = '' OR (s.outcome = 'changes_requested' AND NEW.verdict_at < s.answers_until))"
)

# True if the review NEW would show a name to readers that its advisor has not agreed to show (personal_data.consents).
NAME_WITHOUT_CONSENT = (
    "NEW.verdict = 'approve' AND NEW.conflict = 'none' AND NOT EXISTS (SELECT 1 FROM advisors_nameconsent c "
    "WHERE c.advisor_id = NEW.advisor_id AND c.is_given AND NOT EXISTS (SELECT 1 FROM advisors_nameconsent later "
    "WHERE later.advisor_id = c.advisor_id AND later.id > c.id))"
)

GUARDS = (
    never_deleted("advisors_review", "a review"),
    never_deleted("advisors_panelmember", "a place on a panel"),
    column_fixed(
        "advisors_panelmember",
        ("article_id", "advisor_id", "proposed_by_id", "proposed_at"),
        "the record of who proposed whom for which article, and when,",
    ),
    Guard(
        "advisors_panelmember_ended",
        "advisors_panelmember",
        "UPDATE",
        "a proposal that was turned down or withdrawn is never changed",
        "OLD.ended <> ''",
    ),
    *append_only("advisors_comment", "a comment of the board"),
    *append_only("advisors_commentmark", "an entry in the log of a comment"),
    *append_only("advisors_checklistanswer", "an answer to the check-list"),
    *append_only("advisors_disclosure", "a standing disclosure"),
    *append_only("advisors_disclosedanswer", "an answer of a standing disclosure"),
    *append_only("advisors_disclosedanswer_topics", "an answer of a standing disclosure"),
    *append_only("advisors_disclosedanswer_products", "an answer of a standing disclosure"),
    *append_only("advisors_nameconsent", "a consent or its withdrawal"),
    *append_only("advisors_reviewstep", "an entry in the log of a review"),
    *append_only("advisors_remarkswithheld", "a decision to withhold remarks"),
    Guard(
        "advisors_linkaccess_no_update",
        "advisors_linkaccess",
        "UPDATE",
        "an access through an emailed link is never changed",
    ),
    # Both databases write times in UTC, so that this compares them on SQLite as well, where they are text.
    Guard(
        "advisors_linkaccess_no_delete",
        "advisors_linkaccess",
        "DELETE",
        "an access through an emailed link is kept for a stated time",
        "OLD.kept_until > CURRENT_TIMESTAMP",
    ),
    # The answers to the check-list are complete when the verdict is given.
    Guard(
        "advisors_checklistanswer_late",
        "advisors_checklistanswer",
        "INSERT",
        "the check-list cannot be answered after the verdict",
        "EXISTS (SELECT 1 FROM advisors_review v WHERE v.id = NEW.review_id AND v.verdict <> '')",
    ),
    column_fixed(
        "advisors_review",
        ("submission_id", "advisor_id", "invited_by_id", "invited_at"),
        "the record of who was asked for a review of which text, by whom and when,",
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
        "a verdict has to be on the submitted revision, while it is under review",
        f"NEW.verdict <> '' AND NOT EXISTS ({UNDER_REVIEW})",
    ),
    Guard(
        "advisors_review_of_this_revision",
        "advisors_review",
        "UPDATE",
        "a verdict has to be on the submitted revision, while it is under review",
        f"NEW.verdict <> '' AND NOT EXISTS ({UNDER_REVIEW})",
    ),
    *(
        Guard(
            f"advisors_review_consent_{operation.lower()}",
            "advisors_review",
            operation,
            "an approval under a name needs the consent of its bearer",
            NAME_WITHOUT_CONSENT,
        )
        for operation in OPERATIONS
    ),
    *(
        Guard(
            f"advisors_review_{name}",
            "advisors_review",
            "UPDATE",
            message,
            "NEW.verdict = 'approve' AND EXISTS (SELECT 1 FROM advisors_checklistanswer a "
            f"WHERE a.review_id = NEW.id AND a.answer = 'no' AND {answer})",
        )
        for name, message, answer in (
            ("no_is_explained", "an approval with a no on its check-list needs a reason", "a.words = ''"),
            (
                "no_where_required",
                "an approval cannot have a no to a required question of the check-list",
                "a.was_required",
            ),
        )
    ),
    Guard(
        "advisors_signatory_has_verdict",
        "articles_signatory",
        "INSERT",
        "only an advisor with an approving verdict and no conflict of interest can sign an approval",
        "NOT EXISTS (SELECT 1 FROM articles_approval a "
        "JOIN advisors_review v ON v.submission_id = a.submission_id "
        "JOIN advisors_advisor d ON d.id = v.advisor_id "
        "WHERE a.id = NEW.approval_id AND d.user_id = NEW.user_id AND v.verdict = 'approve' "
        "AND v.conflict = 'none' AND v.digest = NEW.digest)",
    ),
)
