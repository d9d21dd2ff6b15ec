"""Checks of the reviews: everybody named on a page as a reviewer signed an approving verdict, as themselves.

Every verdict, whether or not the board decided so, is compared with the signed digest of all that was given with it.
"""

from collections.abc import Iterator

from django.utils import timezone

from advisors.guards import DETAILS
from advisors.models import Conflict, Response, Review, Verdict
from advisors.quorum.given import Given, digest
from articles.models import Approval, Signatory, Submission
from audit.integrity import corrections
from audit.integrity.board import Board
from audit.integrity.faults import Fault
from audit.integrity.records import ArticleRecord, rows_of

IN_WORDS = {"signed_name_id": "name", "job_title": "job title", "photo": "portrait"}


def faults_of_signatories(place: str, record: ArticleRecord, approval: Approval, board: Board) -> Iterator[Fault]:
    """Yield a fault for each signatory of an approval whose verdict or signature does not support it.

    That is: there is no approving verdict; it is on another digest, later than the approval or dated otherwise than the
    signature; there is a conflict of interest; or a name, account, disclosure, vouch or consent is not valid. Also
    yield a fault for signatories in the wrong order, for a request for changes in the same round, and for an approving
    advisor who is not named. `place` names the publication in messages.
    """
    submission = record.submissions_by_key.get(approval.submission_id)
    reviews = [one for one in rows_of(submission, "reviews") if not one.taken_back_at] if submission else []
    signed = {review.signature.account_id: review for review in reviews if hasattr(review, "signature")}
    signatories = rows_of(approval, "signatories")
    for signatory in signatories:
        review = signed.get(signatory.user_id)
        if review is None or review.verdict != Verdict.APPROVE or review.response != Response.ACCEPTED:
            yield Fault(place, f"{signatory} is named as a reviewer and gave no approving verdict")
            continue
        if review.digest != approval.digest:
            yield Fault(place, f"the verdict of {signatory} is of another digest")
        elif review.conflict != Conflict.NONE:
            yield Fault(place, f"{signatory} counted in spite of a conflict of interest")
        elif review.verdict_at is None:
            yield Fault(place, f"the verdict of {signatory} has no date")
        elif review.verdict_at > approval.approved_at:
            yield Fault(place, f"{signatory} gave the verdict after the approval")
        elif review.verdict_at != signatory.signed_at:
            yield Fault(place, f"{signatory} signed at another time than the verdict was given")
        if submission is not None:
            yield from _faults_of_name(place, signatory, review, approval, board)
    given = [signed[row.user_id].verdict_at for row in signatories if row.user_id in signed]
    if None not in given and given != sorted(filter(None, given)):
        yield Fault(place, "the signatories are not in the order in which they signed")
    for review in reviews:
        if review.verdict == Verdict.CHANGES and review.conflict == Conflict.NONE:
            yield Fault(place, f"{review.advisor_shown} asked for changes in the round that approved it")
    if submission is not None and len(signatories) >= submission.terms_now().quorum:
        yield from _faults_of_unnamed(place, record, approval, submission, board)


def faults_of(record: ArticleRecord, board: Board) -> Iterator[Fault]:
    """Yield a fault for each verdict on an article that is unsigned, differs from what was signed, or has a wrong name.

    Also yield one for each verdict that was taken back after the decision or without an entry in the log.
    """
    for submission in record.submissions:
        for review in rows_of(submission, "reviews"):
            if not review.verdict:
                continue
            if review.taken_back_at:
                yield from _faults_of_taking_back(record, submission, review)
            known = board.names[review.advisor_id]
            if review.advisor_name not in known and review.advisor.user_id not in board.erased:
                yield Fault(record.place, f"the review of {review.advisor} goes by another name")
            if not hasattr(review, "signature"):
                yield Fault(record.place, f"the verdict of {review.advisor_shown} is not signed")
            elif not (given := given_with(record, submission, review, board)) or (
                digest(given) != review.signature.given_digest
            ):
                revision = record.revisions_by_key.get(submission.revision_id)
                number = revision.number if revision else "?"
                message = f"what {review.signature} answered in the round of revision {number} is not what they signed"
                yield Fault(record.place, message)


def _faults_of_taking_back(record: ArticleRecord, submission: Submission, review: Review) -> Iterator[Fault]:
    """Yield a fault if a verdict was taken back too late, or if the log does not say that its advisor did so."""
    at = review.taken_back_at
    decided = [
        approval.approved_at for approval in record.approvals.values() if approval.submission_id == submission.pk
    ]
    if at is not None and decided and at > min(decided):
        yield Fault(record.place, f"the verdict of {review.advisor_shown} was taken back after the board had decided")
    told = [(entry.at, entry.actor_id) for entry in record.log if entry.verb == "take_back_verdict"]
    if (at, review.advisor.user_id) not in told:
        yield Fault(record.place, f"the verdict of {review.advisor_shown} was taken back and the log does not say so")


def given_with(record: ArticleRecord, submission: Submission, review: Review, board: Board) -> Given | None:
    """Return a signed verdict with everything that was given with it, as stored now, or None if a part is missing."""
    signature = review.signature
    comments = {comment.pk: comment for comment in rows_of(review, "comments")}
    if set(signature.comments) - set(comments) or set(signature.waivers) - set(record.waivers):
        return None
    return Given(
        review,
        submission,
        signature,
        [topic.pk for topic in submission.specialists.all()],
        rows_of(review, "ticks"),
        [comments[pk] for pk in signature.comments],
        [record.waivers[pk] for pk in signature.waivers],
        board.disclosed.get(review.disclosure_id or 0, []),
    )


def _faults_of_name(
    place: str, signatory: Signatory, review: Review, approval: Approval, board: Board
) -> Iterator[Fault]:
    """Yield a fault for each difference between a signatory, their signature, and the evidence behind the signature."""
    signature, at = review.signature, review.verdict_at or signatory.signed_at
    for name in ("signed_name_id", *DETAILS):
        if str(getattr(signatory, name)) != str(getattr(signature, name)):
            yield Fault(place, f"the {IN_WORDS.get(name, name)} of {signatory} is not the one that was signed")
    if not corrections.explains(review.advisor, signature.account_id):
        yield Fault(place, f"{signatory} signed with an account that is no longer that of the advisor")
    if signature.disclosure not in board.words(review):
        yield Fault(place, f"the disclosure of {signatory} is not the one that they made")
    standing = board.by_key.get(review.disclosure_id or 0)
    if standing is not None and standing.valid_until < timezone.localdate(at):
        yield Fault(place, f"the disclosure of {signatory} had lapsed")
    if not board.vouched_for(review, signature, approval):
        yield Fault(place, f"nobody had vouched for {signatory} when the board decided")
    if not board.agreed(review, approval):
        yield Fault(place, f"{signatory} had not agreed to be named when the board decided")


def _faults_of_unnamed(
    place: str, record: ArticleRecord, approval: Approval, submission: Submission, board: Board
) -> Iterator[Fault]:
    """Yield a fault for each approving verdict that counted when the board decided, and is not named on the page.

    Advisors who have left the board are skipped, because it is not known whether they left before the decision.
    """
    named = {signatory.user_id for signatory in rows_of(approval, "signatories")}
    revision = record.revisions_by_key.get(approval.revision_id)
    known = board.persons(approval)
    people = record.people_until(revision, known) if revision else set()
    for review in rows_of(submission, "reviews"):
        signature = getattr(review, "signature", None)
        if (
            signature is not None
            and not review.taken_back_at
            and review.verdict == Verdict.APPROVE
            and review.conflict == Conflict.NONE
            and review.digest == approval.digest
            and review.verdict_at is not None
            and review.verdict_at <= approval.approved_at
            and review.advisor.is_active
            and review.advisor.user.is_active
            and not known.same_as(signature.account_id) & (named | people)
            and board.vouched_for(review, signature, approval)
            and board.agreed(review, approval)
        ):
            yield Fault(place, f"{signature} approved and is not named")
