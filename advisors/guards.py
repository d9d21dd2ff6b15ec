"""Database rules for the board. A verdict never changes, and only advisors who approve can sign an approval."""

from accounts.roles import EDITORS
from articles.guards import in_order
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

# What readers see of a reviewer, as the signature of the verdict froze it (advisors.quorum.signatures).
DETAILS = ("name", "slug", "credentials", "job_title", "affiliation", "disclosure", "photo")
# Selects the approving verdict that the signatory NEW stands for, with its signature.
VERDICT_OF_SIGNATORY = (
    "SELECT 1 FROM articles_approval a JOIN advisors_review v ON v.submission_id = a.submission_id "
    "JOIN advisors_signature s ON s.review_id = v.id JOIN advisors_advisor d ON d.id = v.advisor_id "
    "JOIN accounts_user u ON u.id = s.account_id {also}"
    "WHERE a.id = NEW.approval_id AND s.account_id = NEW.user_id AND v.verdict = 'approve' AND v.conflict = 'none' "
    "AND v.digest = NEW.digest"
)
HAS_VERDICT = f"EXISTS ({VERDICT_OF_SIGNATORY.format(also='')})"
# True if the review NEW would show a name to readers that its advisor has not agreed to show (personal_data.consents).
NAME_WITHOUT_CONSENT = (
    "NEW.verdict = 'approve' AND NEW.conflict = 'none' AND NOT EXISTS (SELECT 1 FROM advisors_nameconsent c "
    "WHERE c.advisor_id = NEW.advisor_id AND c.is_given AND NOT EXISTS (SELECT 1 FROM advisors_nameconsent later "
    "WHERE later.advisor_id = c.advisor_id AND later.id > c.id))"
)

GUARDS = (
    never_deleted("advisors_review", "a review"),
    *append_only("advisors_signature", "the signature of a verdict"),
    *append_only("advisors_vouch", "a vouch for an advisor"),
    column_fixed("advisors_advisor", ("added_by_id",), "the record of who added an advisor"),
    Guard(
        "advisors_advisor_account_bound",
        "advisors_advisor",
        "UPDATE",
        "the account of an advisor is never changed after they have signed with it",
        "OLD.user_id <> NEW.user_id AND EXISTS (SELECT 1 FROM advisors_signature s "
        "JOIN advisors_review v ON v.id = s.review_id WHERE v.advisor_id = OLD.id)",
    ),
    Guard(
        "advisors_signature_late",
        "advisors_signature",
        "INSERT",
        "a verdict cannot be signed after it was given",
        "EXISTS (SELECT 1 FROM advisors_review v WHERE v.id = NEW.review_id AND v.verdict <> '')",
    ),
    Guard(
        "advisors_signature_of_the_advisor",
        "advisors_signature",
        "INSERT",
        "a verdict has to be signed with the account and the details that the advisor has",
        "NOT EXISTS (SELECT 1 FROM advisors_review v JOIN advisors_advisor d ON d.id = v.advisor_id "
        "JOIN accounts_user u ON u.id = d.user_id WHERE v.id = NEW.review_id "
        "AND u.id = NEW.account_id AND u.email = NEW.account_email"
        + "".join(f" AND d.{name} = NEW.{name}" for name in DETAILS)
        + ")",
    ),
    *(
        Guard(
            f"advisors_review_signed_{operation.lower()}",
            "advisors_review",
            operation,
            "a verdict has to be signed",
            "NEW.verdict <> '' AND NOT EXISTS (SELECT 1 FROM advisors_signature s WHERE s.review_id = NEW.id)",
        )
        for operation in OPERATIONS
    ),
    Guard(
        "advisors_vouch_of_the_present",
        "advisors_vouch",
        "INSERT",
        "a vouch has to be for the account, address and name that the advisor has",
        "NOT EXISTS (SELECT 1 FROM advisors_advisor d JOIN accounts_user u ON u.id = d.user_id "
        "WHERE d.id = NEW.advisor_id AND u.id = NEW.account_id AND u.email = NEW.address AND d.name = NEW.name)",
    ),
    Guard(
        "advisors_vouch_by_another",
        "advisors_vouch",
        "INSERT",
        "nobody vouches for an advisor whom they added to the board",
        "EXISTS (SELECT 1 FROM advisors_advisor d WHERE d.id = NEW.advisor_id AND d.added_by_id = NEW.vouched_by_id)",
    ),
    Guard(
        "advisors_vouch_by_an_editor",
        "advisors_vouch",
        "INSERT",
        "only editors and administrators vouch for an advisor",
        "NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.vouched_by_id AND u.is_active "
        "AND (u.is_superuser OR EXISTS (SELECT 1 FROM accounts_user_groups m JOIN auth_group g ON g.id = m.group_id "
        f"WHERE m.user_id = u.id AND g.name = '{EDITORS}')))",
    ),
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
        in_order(
            "advisors_review",
            operation,
            "verdict_at",
            "(SELECT s.article_id FROM articles_submission s WHERE s.id = NEW.submission_id)",
            only_if="NEW.verdict <> ''",
        )
        for operation in ("INSERT", "UPDATE")
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
        f"NOT ({HAS_VERDICT})",
    ),
    Guard(
        "advisors_signatory_as_signed",
        "articles_signatory",
        "INSERT",
        "a signatory has to stand as the verdict was signed",
        f"{HAS_VERDICT} AND NOT EXISTS ({VERDICT_OF_SIGNATORY.format(also='')} AND v.verdict_at = NEW.signed_at"
        + "".join(f" AND s.{name} = NEW.{name}" for name in DETAILS)
        + ")",
    ),
    Guard(
        "advisors_signatory_vouched_for",
        "articles_signatory",
        "INSERT",
        "a signatory needs somebody who vouches for who they are",
        f"{HAS_VERDICT} AND NOT EXISTS ("
        + VERDICT_OF_SIGNATORY.format(
            also="JOIN advisors_vouch w ON w.advisor_id = v.advisor_id AND w.account_id = s.account_id "
            "AND w.address = s.account_email AND w.name = s.name "
        )
        + ")",
    ),
    Guard(
        "advisors_signatory_on_the_board",
        "articles_signatory",
        "INSERT",
        "a signatory has to be on the board when it decides",
        f"{HAS_VERDICT} AND NOT EXISTS ({VERDICT_OF_SIGNATORY.format(also='')} "
        "AND d.is_active AND u.is_active AND d.user_id = u.id)",
    ),
)
