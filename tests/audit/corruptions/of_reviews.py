"""Corruptions of rounds, approvals, reviews, signatures and of what they rest on."""

from tests.audit.corruptions import changed, corruption, deleted

NOT_WHAT_THEY_SIGNED = "what Dr Ada, PhD answered in the round of revision 2 is not what they signed"
EARLIER = "2001-01-01 00:00:00"
_DETAILS = ("credentials", "job_title", "affiliation", "disclosure", "photo")
_IN_WORDS = {"job_title": "job title", "photo": "portrait"}


def _review(name: str, line: str = NOT_WHAT_THEY_SIGNED, /, **values: object):
    return changed(name, "advisors_review", "review", line, **values)


ROUNDS = (
    changed("the quorum was lowered afterwards", "articles_submission", "round", NOT_WHAT_THEY_SIGNED, quorum=1),
    corruption(
        "the quorum was lowered and a signatory removed",
        "UPDATE articles_submission SET quorum = 1 WHERE id = {round}",
        "DELETE FROM articles_signatory WHERE id = {ben}",
        line="Dr Ben, PhD approved and is not named",
    ),
    changed(
        "the outcome of a round was changed",
        "articles_submission",
        "round",
        "its submission ended as “recalled”",
        outcome="recalled",
    ),
    changed(
        "a round was submitted by somebody else",
        "articles_submission",
        "round",
        ": the log does not say that it was submitted so",
        submitted_by_id="={colleague}",
    ),
    changed(
        "the time of a submission was changed",
        "articles_submission",
        "later_round",
        ": the log does not say that it was submitted so",
        submitted_at=EARLIER,
    ),
    changed(
        "the reason of a round was changed",
        "articles_submission",
        "round",
        ": the log does not say that it was submitted so",
        reason="renewal",
    ),
    changed(
        "the note to the board was changed",
        "articles_submission",
        "round",
        ": the log does not say that it was submitted so",
        note="forged",
    ),
    changed(
        "a round was closed at another time",
        "articles_submission",
        "later_round",
        ": the log does not say how it ended",
        closed_at="2101-01-01 00:00:00",
    ),
    changed(
        "a round was closed as recalled",
        "articles_submission",
        "sent_back",
        ": the log does not say how it ended",
        outcome="recalled",
    ),
    deleted(
        "a round that was sent back was deleted",
        (
            "advisors_commentmark",
            "comment_id IN (SELECT c.id FROM advisors_comment c "
            "JOIN advisors_review v ON v.id = c.review_id WHERE v.submission_id = {sent_back})",
        ),
        (
            "advisors_comment",
            "parent_id IN (SELECT c.id FROM advisors_comment c "
            "JOIN advisors_review v ON v.id = c.review_id WHERE v.submission_id = {sent_back})",
        ),
        *(
            (table, "review_id IN (SELECT id FROM advisors_review WHERE submission_id = {sent_back})")
            for table in (
                "advisors_comment",
                "advisors_signature",
                "advisors_checklistanswer",
                "advisors_reviewstep",
                "advisors_reviewtoken",
                "advisors_scheduledemail",
                "advisors_reviewdraft",
            )
        ),
        ("advisors_scheduledemail", "submission_id = {sent_back}"),
        ("advisors_review", "submission_id = {sent_back}"),
        ("articles_submission", "id = {sent_back}"),
        line="the log has an entry “submit” for a round that is gone",
    ),
    changed(
        "an approval was moved in time",
        "articles_approval",
        "approval",
        "the round of revision 2: its approval was not made while it was open",
        approved_at=EARLIER,
    ),
    deleted(
        "an approval was deleted",
        ("articles_publication", "id = {cancelled}"),
        ("articles_signatory", "approval_id = {later_approval}"),
        ("articles_approval", "id = {later_approval}"),
        line="the round of revision 3 was approved, and the approval is gone",
    ),
    *(
        changed(
            f"the {detail} of a signatory was changed",
            "articles_signatory",
            "ada",
            f"the {_IN_WORDS.get(detail, detail)} of ",
            **{detail: "forged"},
        )
        for detail in _DETAILS
    ),
    changed(
        "the name of a signatory was changed",
        "articles_signatory",
        "ada",
        "the name of ",
        signed_name_id="=(SELECT MAX(n.id) FROM articles_signedname n WHERE n.id <> articles_signatory.signed_name_id)",
    ),
    changed(
        "a signatory was dated otherwise",
        "articles_signatory",
        "ada",
        "signed at another time than the verdict was given",
        signed_at=EARLIER,
    ),
    changed("a signatory was replaced", "articles_signatory", "ada", "gave no approving verdict", user_id="={editor}"),
    deleted("a signatory was deleted", ("articles_signatory", "id = {ben}"), line="has 1 of the 2 approvals needed"),
    changed(
        "a signatory was put before another",
        "articles_signatory",
        "ada",
        "the signatories are not in the order in which they signed",
        position=7,
    ),
    _review("the published remarks were changed", remarks="This product works wonders."),
    _review("remarks were published with the name left out", remarks_shown="unsigned"),
    changed(
        "confidential remarks were published",
        "advisors_review",
        "bens_review",
        "what Dr Ben, PhD answered in the round of revision 2 is not what they signed",
        remarks_shown="signed",
    ),
    _review("a conflict of interest was hidden or invented", conflict_statement="None worth mentioning."),
    _review(
        "a conflict of interest was declared",
        "in spite of a conflict of interest",
        conflict="declared",
        conflict_statement="Shares.",
    ),
    _review("a verdict was turned round", "gave no approving verdict", verdict="changes"),
    _review("a verdict was dated otherwise", verdict_at=EARLIER),
    _review("the disclosure behind a verdict was exchanged", disclosure_id="=NULL"),
    _review(
        "the name on a review was changed", "the review of Dr Ada goes by another name", advisor_name="Prof Famous"
    ),
    changed(
        "an answer to the check-list was changed",
        "advisors_checklistanswer",
        "tick",
        NOT_WHAT_THEY_SIGNED,
        answer="yes",
    ),
    changed(
        "the question of an answer was changed",
        "advisors_checklistanswer",
        "tick",
        NOT_WHAT_THEY_SIGNED,
        question="Is the colour right?",
    ),
    changed(
        "the reason of an answer was changed",
        "advisors_checklistanswer",
        "tick",
        NOT_WHAT_THEY_SIGNED,
        words="All is well.",
    ),
    deleted(
        "an answer to the check-list was deleted",
        ("advisors_checklistanswer", "id = {tick}"),
        line=NOT_WHAT_THEY_SIGNED,
    ),
    changed("a comment was changed", "advisors_comment", "comment", NOT_WHAT_THEY_SIGNED, text="Splendid."),
    deleted("a comment was deleted", ("advisors_comment", "id = {comment}"), line=NOT_WHAT_THEY_SIGNED),
    deleted(
        "a request for changes lost its comment",
        ("advisors_comment", "id = {reply}"),
        ("advisors_comment", "id = {sent_back_comment}"),
        line="what Dr Ada, PhD answered in the round of revision 1 is not what they signed",
    ),
    changed(
        "an answer to a warning was changed", "articles_waiver", "waiver", NOT_WHAT_THEY_SIGNED, reason="It is nothing."
    ),
    deleted("an answer to a warning was deleted", ("articles_waiver", "id = {waiver}"), line=NOT_WHAT_THEY_SIGNED),
    deleted(
        "a review was deleted",
        ("advisors_checklistanswer", "review_id = {review}"),
        ("advisors_comment", "review_id = {review}"),
        ("advisors_signature", "review_id = {review}"),
        ("advisors_reviewstep", "review_id = {review}"),
        ("advisors_reviewtoken", "review_id = {review}"),
        ("advisors_scheduledemail", "review_id = {review}"),
        ("advisors_reviewdraft", "review_id = {review}"),
        ("advisors_review", "id = {review}"),
        line="is named as a reviewer and gave no approving verdict",
    ),
    deleted(
        "a signature was deleted",
        ("advisors_signature", "id = {signature}"),
        line="the verdict of Dr Ada, PhD is not signed",
    ),
    changed(
        "a signature was given other means", "advisors_signature", "signature", NOT_WHAT_THEY_SIGNED, means="passkey"
    ),
    changed(
        "a signature was given another account",
        "advisors_signature",
        "signature",
        NOT_WHAT_THEY_SIGNED,
        account_id="={editor}",
    ),
    changed(
        "a signature was given another address",
        "advisors_signature",
        "signature",
        "nobody had vouched for",
        account_email="x@example.org",
    ),
    changed(
        "the account of an advisor was moved",
        "advisors_advisor",
        "advisor",
        "signed with an account that is no longer that of the advisor",
        user_id="={editor}",
    ),
    deleted("a vouch was deleted", ("advisors_vouch", "id = {vouch}"), line="nobody had vouched for"),
    changed(
        "a vouch was given another name",
        "advisors_vouch",
        "vouch",
        "nobody had vouched for",
        signed_name_id="=(SELECT MAX(n.id) FROM articles_signedname n WHERE n.id <> advisors_vouch.signed_name_id)",
    ),
    changed(
        "a vouch came after the approval",
        "advisors_vouch",
        "vouch",
        "nobody had vouched for",
        last_approval_id="=(SELECT MAX(a.id) FROM articles_approval a)",
    ),
    corruption(
        "an advisor was vouched for by who had added them",
        "UPDATE advisors_advisor SET added_by_id = {registrar} WHERE id = {advisor}",
        line="nobody had vouched for",
    ),
    deleted(
        "a consent was deleted",
        ("advisors_nameconsent", "id = {consent}"),
        line="Dr Ada, PhD had not agreed to be named when the board decided",
    ),
    changed(
        "a consent was turned round",
        "advisors_nameconsent",
        "consent",
        "Dr Ada, PhD had not agreed to be named when the board decided",
        is_given=False,
    ),
    corruption(
        "a disclosure was given another answer",
        "UPDATE advisors_disclosedanswer SET statement = 'Shares.' "
        "WHERE disclosure_id = {declared} AND question = 'stock'",
        line="the disclosure of Dr Ada, PhD is not the one that they made",
    ),
    deleted(
        "an answer of a disclosure was deleted",
        ("advisors_disclosedanswer", "disclosure_id = {declared} AND question = 'stock'"),
        line=NOT_WHAT_THEY_SIGNED,
    ),
    changed(
        "a disclosure was given another day",
        "advisors_disclosure",
        "declared",
        "the disclosure of Dr Ada, PhD had lapsed",
        valid_until="2001-01-01",
    ),
    changed(
        "a disclosure was made later",
        "advisors_disclosure",
        "declared",
        NOT_WHAT_THEY_SIGNED,
        made_at="2101-01-01 00:00:00",
    ),
)
