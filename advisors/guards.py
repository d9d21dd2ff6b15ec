"""Database rules for the board. A verdict never changes, and only advisors who approve can sign an approval."""

from advisors.corrections.guards import CORRECTION_GUARDS
from articles.guards import NOT_AFTER_THE_NEWEST_APPROVAL, in_order
from articles.names.guards import IS_EDITOR
from core.db.guards import Guard, append_only, changed, column_fixed, never_deleted
from core.db.triggers import Operation

OPERATIONS: tuple[Operation, ...] = ("INSERT", "UPDATE")

# Selects a row if the review NEW has the digest of the revision under review, and its round is open or, after a request
# for changes, the time for the remaining answers has not run out.
UNDER_REVIEW = (
    "SELECT 1 FROM articles_submission s JOIN articles_revision r ON r.id = s.revision_id "
    "WHERE s.id = NEW.submission_id AND r.digest = NEW.digest "
    "AND (s.outcome = '' OR (s.outcome = 'changes_requested' AND NEW.verdict_at < s.answers_until))"
)

# What readers see of a reviewer beside the name, as the signature of the verdict froze it (advisors.quorum.signatures).
DETAILS = ("credentials", "job_title", "affiliation", "disclosure", "photo")
# True if the row NEW is under the name that the profile d of its account has now.
NAMED_AS_IN_THE_PROFILE = (
    "EXISTS (SELECT 1 FROM articles_signedname n WHERE n.id = NEW.signed_name_id AND n.account_id = NEW.account_id "
    "AND n.name = d.name AND n.shown_as_id IS NULL)"
)
# Selects the approving verdict that the signatory NEW stands for, with its signature.
VERDICT_OF_SIGNATORY = (
    "SELECT 1 FROM articles_approval a JOIN advisors_review v ON v.submission_id = a.submission_id "
    "JOIN advisors_signature s ON s.review_id = v.id JOIN advisors_advisor d ON d.id = v.advisor_id "
    "JOIN accounts_user u ON u.id = s.account_id {also}"
    "WHERE a.id = NEW.approval_id AND s.account_id = NEW.user_id AND v.verdict = 'approve' AND v.conflict = 'none' "
    "AND v.digest = NEW.digest AND v.taken_back_at IS NULL"
)
HAS_VERDICT = f"EXISTS ({VERDICT_OF_SIGNATORY.format(also='')})"
# True if the review NEW would show a name to readers that its advisor has not agreed to show (personal_data.consents).
NAME_WITHOUT_CONSENT = (
    "NEW.verdict = 'approve' AND NEW.conflict = 'none' AND NOT EXISTS (SELECT 1 FROM advisors_nameconsent c "
    "WHERE c.advisor_id = NEW.advisor_id AND c.is_given AND NOT EXISTS (SELECT 1 FROM advisors_nameconsent later "
    "WHERE later.advisor_id = c.advisor_id AND later.id > c.id))"
)
# Every other column of a review: taking back a verdict leaves them as they are.
KEPT_WHEN_TAKEN_BACK = (
    *("id", "submission_id", "advisor_id", "advisor_name", "invited_by_id", "invited_at", "response", "responded_at"),
    *("decline_reason", "ask_instead", "released_at", "release_reason", "conflict", "conflict_statement"),
    *("disclosure_id", "verdict", "verdict_at", "remarks", "remarks_shown", "digest"),
)
# True if the update from OLD to NEW takes back a verdict (advisors.quorum.taking_back): once, with an entry of its
# advisor in the log of the article, while the round is open and no approval rests on it.
TAKES_BACK = (
    "OLD.taken_back_at IS NULL AND NEW.taken_back_at IS NOT NULL "
    f"AND NOT ({changed(KEPT_WHEN_TAKEN_BACK)}) "
    "AND EXISTS (SELECT 1 FROM articles_submission s JOIN articles_transition t ON t.article_id = s.article_id "
    "JOIN advisors_advisor d ON d.user_id = t.actor_id WHERE s.id = NEW.submission_id AND s.outcome = '' "
    "AND d.id = NEW.advisor_id AND t.verb = 'take_back_verdict' AND t.at = NEW.taken_back_at) "
    "AND NOT EXISTS (SELECT 1 FROM articles_approval a WHERE a.submission_id = NEW.submission_id)"
)

GUARDS = (
    never_deleted("advisors_review", "a review"),
    *append_only("advisors_signature", "the signature of a verdict"),
    *append_only("advisors_vouch", "a vouch for an advisor"),
    column_fixed("advisors_advisor", ("added_by_id",), "the record of who added an advisor"),
    *CORRECTION_GUARDS,
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
        f"AND u.id = NEW.account_id AND u.email = NEW.account_email AND {NAMED_AS_IN_THE_PROFILE}"
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
        "WHERE d.id = NEW.advisor_id AND u.id = NEW.account_id AND u.email = NEW.address "
        f"AND {NAMED_AS_IN_THE_PROFILE})",
    ),
    Guard(
        "advisors_nameconsent_after_the_newest_approval",
        "advisors_nameconsent",
        "INSERT",
        "a consent has to name the newest approval before it",
        NOT_AFTER_THE_NEWEST_APPROVAL,
    ),
    Guard(
        "advisors_vouch_after_the_newest_approval",
        "advisors_vouch",
        "INSERT",
        "a vouch has to name the newest approval before it",
        NOT_AFTER_THE_NEWEST_APPROVAL,
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
        f"NOT {IS_EDITOR.format('NEW.vouched_by_id')}",
    ),
    Guard(
        "advisors_name_confirmed_by_another",
        "articles_namechangedecision",
        "INSERT",
        "nobody confirms the name of an advisor whom they added to the board",
        "NEW.is_confirmed AND EXISTS (SELECT 1 FROM articles_namechange c "
        "JOIN articles_signedname a ON a.id = c.after_id JOIN advisors_advisor d ON d.user_id = a.account_id "
        "WHERE c.id = NEW.change_id AND d.added_by_id = NEW.decided_by_id)",
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
        "a verdict once given is never changed, but its advisor may take it back until the board has decided",
        f"OLD.verdict <> '' AND NOT ({TAKES_BACK})",
    ),
    *(
        Guard(
            f"advisors_review_taken_back_{operation.lower()}",
            "advisors_review",
            operation,
            "a verdict is taken back after it was given",
            f"NEW.taken_back_at IS NOT NULL{given}",
        )
        for operation, given in zip(OPERATIONS, ("", " AND OLD.verdict = ''"), strict=True)
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
            only_if="NEW.verdict <> '' AND NEW.taken_back_at IS NULL",
        )
        for operation in OPERATIONS
    ),
    *(
        Guard(
            f"advisors_review_consent_{operation.lower()}",
            "advisors_review",
            operation,
            "an approval under a name needs the consent of its bearer",
            f"NEW.taken_back_at IS NULL AND {NAME_WITHOUT_CONSENT}",
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
        f"{HAS_VERDICT} AND NOT EXISTS ({VERDICT_OF_SIGNATORY.format(also='')} AND v.verdict_at = NEW.signed_at "
        "AND s.signed_name_id = NEW.signed_name_id" + "".join(f" AND s.{name} = NEW.{name}" for name in DETAILS) + ")",
    ),
    Guard(
        "advisors_signatory_vouched_for",
        "articles_signatory",
        "INSERT",
        "a signatory needs somebody who vouches for who they are",
        f"{HAS_VERDICT} AND NOT EXISTS ("
        + VERDICT_OF_SIGNATORY.format(
            also="JOIN advisors_vouch w ON w.advisor_id = v.advisor_id AND w.account_id = s.account_id "
            "AND w.address = s.account_email AND w.signed_name_id = s.signed_name_id "
        )
        + ")",
    ),
    Guard(
        "advisors_signatory_consents",
        "articles_signatory",
        "INSERT",
        "a signatory has to agree to be named when the board decides",
        f"{HAS_VERDICT} AND NOT EXISTS ("
        + VERDICT_OF_SIGNATORY.format(
            also="JOIN advisors_nameconsent c ON c.advisor_id = v.advisor_id AND c.is_given AND NOT EXISTS "
            "(SELECT 1 FROM advisors_nameconsent later WHERE later.advisor_id = c.advisor_id AND later.id > c.id) "
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
