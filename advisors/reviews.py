"""The board's part: answers, conflicts of interest, comments, verdicts, and its decision.

Every way in (the desk, a letter's token, the admin) goes through here. Each function locks the article first, as the
workflow does, so that two verdicts given at the same moment are counted one after the other.
"""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from advisors import checklists, disclosures, outcomes, panel
from advisors.models import (
    Comment,
    Conflict,
    PanelMember,
    RemarksShown,
    Response,
    Review,
    ReviewDraft,
    ReviewStep,
    Step,
    Verdict,
)
from advisors.passages import located
from advisors.signals import verdict_given
from articles import rounds, workflow
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Signatory, Submission
from articles.permissions import people_of_the_text
from articles.review_terms import terms_of
from core.text import has_words


def accept(*, review: Review, actor: User) -> Review:
    """The advisor will read it."""
    with transaction.atomic():
        review = enter(review, actor)
        review.response, review.responded_at = Response.ACCEPTED, timezone.now()
        review.save(update_fields=["response", "responded_at"])
        return review


def decline(*, review: Review, actor: User, reason: str, ask_instead: str = "") -> Review:
    """The advisor will not read it, says why, and may name whom they would ask in their place."""
    with transaction.atomic():
        review = enter(review, actor)
        if not has_words(reason):
            raise InvalidTransition("Say in a line why you decline, so that the editors can ask somebody else.")
        review.response, review.responded_at = Response.DECLINED, timezone.now()
        review.decline_reason, review.ask_instead = reason, ask_instead
        review.save(update_fields=["response", "responded_at", "decline_reason", "ask_instead"])
        panel.note(review, Step.DECLINED, actor, reason)
        rounds.end_if_answered(submission=review.submission, actor=actor)
        return review


def reopen(*, review: Review, actor: User) -> Review:
    """Take a refusal back: the advisor will review it after all. The editors are told.

    Raises InvalidTransition where nothing was declined, the round is not open any more, or the editors have taken the
    advisor off the panel since.
    """
    with transaction.atomic():
        review = own(review, actor)
        if review.response != Response.DECLINED:
            raise InvalidTransition("You have not declined this review.")
        if not review.submission.is_open:
            raise InvalidTransition(f"{outcomes.how_it_ended(review.submission)} {outcomes.NOTHING_MORE}")
        on_panel = PanelMember.objects.asked().filter(article=review.submission.article_id, advisor=review.advisor_id)
        if not on_panel.exists():
            raise InvalidTransition("The editors have asked somebody else in your place. Nothing more is asked of you.")
        review.response, review.responded_at = Response.ACCEPTED, timezone.now()
        review.decline_reason = review.ask_instead = ""
        review.save(update_fields=["response", "responded_at", "decline_reason", "ask_instead"])
        panel.note(review, Step.REOPENED, actor)
        return review


def ask_for_time(*, review: Review, actor: User) -> ReviewStep:
    """Ask the editors for a later due date; returns the request. Asking again before they have moved the date adds
    nothing.

    Raises InvalidTransition where the review is not asked for any more, or changes are requested already.
    """
    with transaction.atomic():
        review = enter(review, actor)
        submission = review.submission
        if not submission.is_open:
            raise InvalidTransition("Changes are requested already: the date for your answer stays as it is.")
        asked = review.steps.filter(step=Step.MORE_TIME, due_on=submission.due_on).first()
        return asked or panel.note(review, Step.MORE_TIME, actor)


def state_conflict(*, review: Review, actor: User, conflict: Conflict, statement: str = "") -> Review:
    """State a conflict of interest in this text, or that there is none. Changeable until the verdict."""
    with transaction.atomic():
        review = enter(review, actor)
        if conflict not in (Conflict.NONE, Conflict.DECLARED):
            raise InvalidTransition("Say whether you have a conflict of interest: “none” is an answer too.")
        if conflict == Conflict.DECLARED and not has_words(statement):
            raise InvalidTransition("Describe the conflict of interest in a sentence.")
        review.conflict = conflict
        review.conflict_statement = statement if conflict == Conflict.DECLARED else ""
        review.save(update_fields=["conflict", "conflict_statement"])
        return review


def comment(
    *,
    review: Review,
    actor: User,
    text: str,
    passage: str = "",
    block: int | None = None,
    start: int | None = None,
    suggestion: str = "",
) -> Comment:
    """Leave a comment for the writer, on a passage, on a block or on the whole, perhaps with other wording.

    A passage is found in the revision's own words: where it stands in the body once, or in that block, its place is
    kept. Raises InvalidTransition for an empty or a huge comment, and for wording without a passage.
    """
    with transaction.atomic():
        review = enter(review, actor)
        if not has_words(text) and not has_words(suggestion):
            raise InvalidTransition("Write the comment before you save it.")
        if has_words(suggestion) and not has_words(passage):
            raise InvalidTransition("Copy the passage that your wording would replace.")
        block, start = located(review.submission.revision.body, passage, block, start)
        note = Comment(
            review=review,
            written_by=actor,
            written_by_name=str(actor),
            passage=passage,
            block=block,
            start=start,
            text=text if has_words(text) else "I suggest other wording.",
            suggestion=suggestion,
        )
        try:
            note.full_clean()
        except ValidationError as error:
            raise InvalidTransition(_too_long(error)) from error
        note.save()
        return note


def answer(
    *,
    review: Review,
    actor: User,
    digest: str,
    conflict: Conflict,
    verdict: Verdict,
    statement: str = "",
    remarks: str = "",
    remarks_shown: RemarksShown = RemarksShown.NO,
    ticks: Mapping[int, str] | None = None,
    reasons: Mapping[int, str] | None = None,
) -> Review:
    """State the conflict of interest and give the verdict, both or neither; see `state_conflict`, `give_verdict`."""
    with transaction.atomic():
        review = state_conflict(review=review, actor=actor, conflict=conflict, statement=statement)
        return give_verdict(
            review=review,
            actor=actor,
            verdict=verdict,
            digest=digest,
            remarks=remarks,
            remarks_shown=remarks_shown,
            ticks=ticks,
            reasons=reasons,
        )


def give_verdict(
    *,
    review: Review,
    actor: User,
    verdict: Verdict,
    digest: str,
    remarks: str = "",
    ticks: Mapping[int, str] | None = None,
    reasons: Mapping[int, str] | None = None,
    remarks_shown: RemarksShown = RemarksShown.NO,
) -> Review:
    """The verdict, on the revision of this digest, once and for good; then the board decides if it can.

    `ticks` answers the check-list by the questions' keys, `reasons` are the words beside an answer. They and the
    standing disclosure are kept with the verdict, and what was typed and not given goes. Raises InvalidTransition where
    the invitation is not accepted, the conflict of interest not stated, the digest not the one under review, changes
    are requested without a comment, or the check-list does not bear the verdict (`checklists.tick`).
    """
    with transaction.atomic():
        review = enter(review, actor)
        submission = review.submission
        if verdict not in (Verdict.APPROVE, Verdict.CHANGES):
            raise InvalidTransition("Approve, or request changes.")
        if review.response != Response.ACCEPTED:
            raise InvalidTransition("Accept the invitation first.")
        if review.conflict == Conflict.UNSTATED:
            raise InvalidTransition("State first whether you have a conflict of interest in this text.")
        if digest != submission.revision.digest:
            raise InvalidTransition("This is not the revision that you were shown. Open the review again.")
        if verdict == Verdict.CHANGES and not review.comments.filter(parent=None).exists():
            raise InvalidTransition("Leave at least one comment, so that the writer knows what to change.")
        if verdict == Verdict.APPROVE and actor.pk in people_of_the_text(submission.article):
            raise InvalidTransition("You wrote or edited this text: somebody else has to approve it.")
        checklists.tick(review=review, verdict=verdict, ticks=ticks or {}, reasons=reasons or {})
        review.verdict, review.verdict_at = verdict, timezone.now()
        review.digest, review.remarks, review.remarks_shown = digest, remarks, remarks_shown
        review.disclosure = disclosures.standing(review.advisor)
        fields = ["verdict", "verdict_at", "digest", "remarks", "remarks_shown", "disclosure"]
        review.save(update_fields=fields)
        ReviewDraft.objects.filter(review=review).delete()
        verdict_given.send(sender=Review, review=review, actor=actor)
        decide(submission=submission, actor=actor)
        return review


def decide(*, submission: Submission, actor: User) -> None:
    """Close the submission if the verdicts allow: one request for changes sends it back, a quorum approves, with a
    specialist among them where a topic needs one.

    Verdicts with a declared conflict of interest stay on record and decide nothing. Where changes are requested already
    nothing is left to decide: the last answer ends the round.
    """
    if not submission.is_open:
        rounds.end_if_answered(submission=submission, actor=actor)
        return
    verdicts = submission.reviews.filter(conflict=Conflict.NONE).select_related("advisor")
    changes = verdicts.filter(verdict=Verdict.CHANGES).first()
    if changes:
        first = changes.comments.filter(parent=None).first()
        workflow.request_changes(
            article=submission.article, actor=actor, reason=first.text if first else changes.remarks
        )
        return
    counted = counting(submission)
    missing = panel.lacking_specialists(terms_of(submission.article), [review.advisor for review in counted])
    if len(counted) >= submission.quorum and not missing:
        workflow.approve(submission=submission, actor=actor, signatories=[_signatory(review) for review in counted])


def counting(submission: Submission) -> list[Review]:
    """The approvals that count toward the quorum of this submission, in the order they were given."""
    people = people_of_the_text(submission.article)
    return [
        review
        for review in submission.reviews.counting().select_related("advisor").order_by("verdict_at", "pk")
        if review.digest == submission.revision.digest and review.advisor.user_id not in people
    ]


def own(review: Review, actor: User) -> Review:
    """Lock the article, then read the review anew and check that it was asked of this person.

    Call it in a transaction. Raises NotPermitted.
    """
    Article.objects.select_for_update().get(pk=review.submission.article_id)
    review = Review.objects.select_related("submission__revision", "submission__article", "advisor").get(pk=review.pk)
    if review.advisor.user_id != actor.pk or not actor.is_active:
        raise NotPermitted("This review was asked of somebody else: nobody can give it for them.")
    if not review.advisor.is_active:
        raise NotPermitted("You are no longer on the board.")
    return review


def enter(review: Review, actor: User) -> Review:
    """As `own`, and check that the review can still be given. Raises NotPermitted and InvalidTransition."""
    review = own(review, actor)
    if closed := outcomes.why_closed(review):
        raise InvalidTransition(closed)
    return review


def _too_long(error: ValidationError) -> str:
    """What is too long in a comment, in a sentence."""
    names = {"text": "A comment", "passage": "A passage", "suggestion": "Suggested wording"}
    for name, label in names.items():
        if name in error.error_dict:
            return f"{label} has at most {Comment._meta.get_field(name).max_length:,} characters."
    return " ".join(error.messages)


def _signatory(review: Review) -> Signatory:
    advisor = review.advisor
    return Signatory(
        user_id=advisor.user_id,
        digest=review.digest,
        signed_at=review.verdict_at,
        name=advisor.name,
        slug=advisor.slug,
        credentials=advisor.credentials,
        job_title=advisor.job_title,
        affiliation=advisor.affiliation,
        disclosure=advisor.disclosure,
        photo=advisor.photo.name or "",
    )
