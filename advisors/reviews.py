"""The actions of advisors in a review: accept, decline, comment, give the verdict.

Every function first locks the article (`review_steps.lock`), as the workflow does, so that two verdicts given at the
same time are counted one after the other.
"""

from collections.abc import Collection, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from advisors import checklists, disclosures, emails, outcomes, review_steps, scheduled_emails
from advisors.models import (
    Comment,
    Conflict,
    PanelMember,
    RemarksShown,
    Response,
    Review,
    ReviewDraft,
    ReviewStep,
    ScheduledEmail,
    Step,
    Verdict,
)
from advisors.passages import locate, words_of_parts
from advisors.personal_data import consents
from advisors.quorum import decisions, declared_conflicts, signatures
from advisors.quorum.signatures import Authentication
from articles import rounds, workflow
from articles.exceptions import InvalidTransition
from articles.models.moments import moment_of
from articles.permissions import people_of_the_text
from core.fields import ProseField
from core.text import has_words

UNSENT = gettext_lazy(
    "You began a comment or an answer and have not sent it. Send it, or clear its field, before the verdict."
)
VERDICT_FIELDS = (
    *("conflict", "conflict_statement", "verdict", "verdict_at"),
    *("digest", "remarks", "remarks_shown", "disclosure"),
)


def accept(*, review: Review, actor: User) -> Review:
    """Accept the invitation and return the review.

    Raise NotPermitted for anybody but the review's advisor and for one who has left the board, and InvalidTransition if
    the review can no longer be given.
    """
    with transaction.atomic():
        review = review_steps.lock_open(review, actor)
        review.response, review.responded_at = Response.ACCEPTED, moment_of(review.submission.article)
        review.save(update_fields=["response", "responded_at"])
        return review


def decline(*, review: Review, actor: User, reason: str, ask_instead: str = "") -> Review:
    """Decline the review and return it. `ask_instead` may name somebody to ask instead. The editors get an email.

    Raise NotPermitted for anybody but the review's advisor and for one who has left the board, and InvalidTransition
    without a reason or if the review can no longer be given.
    """
    with transaction.atomic():
        review = review_steps.lock_open(review, actor)
        if not has_words(reason):
            raise InvalidTransition(_("Say in a line why you decline, so that the editors can ask somebody else."))
        review.response, review.responded_at = Response.DECLINED, moment_of(review.submission.article)
        review.decline_reason, review.ask_instead = reason, ask_instead
        review.save(update_fields=["response", "responded_at", "decline_reason", "ask_instead"])
        review_steps.record(review, Step.DECLINED, actor, reason)
        rounds.end_if_answered(submission=review.submission, actor=actor)
        return review


def reopen(*, review: Review, actor: User) -> Review:
    """Undo the advisor's refusal, accept the review and return it. The editors get an email.

    Raise NotPermitted for anybody but the review's advisor and for one who has left the board. Raise InvalidTransition
    if the review was not declined, if its round is over, or if the editors have removed the advisor from the panel
    since.
    """
    with transaction.atomic():
        review = review_steps.lock(review, actor)
        if review.response != Response.DECLINED:
            raise InvalidTransition(_("You have not declined this review."))
        if not review.submission.is_open:
            raise InvalidTransition(
                _("%(submission)s %(NOTHING_MORE)s")
                % {"submission": outcomes.how_it_ended(review.submission), "NOTHING_MORE": outcomes.NOTHING_MORE}
            )
        on_panel = PanelMember.objects.asked().filter(article=review.submission.article_id, advisor=review.advisor_id)
        if not on_panel.exists():
            raise InvalidTransition(
                _("The editors have asked somebody else in your place. Nothing more is asked of you.")
            )
        review.response, review.responded_at = Response.ACCEPTED, moment_of(review.submission.article)
        review.decline_reason = review.ask_instead = ""
        review.save(update_fields=["response", "responded_at", "decline_reason", "ask_instead"])
        review_steps.record(review, Step.REOPENED, actor)
        return review


def ask_for_time(*, review: Review, actor: User) -> ReviewStep:
    """Ask the editors for a later due date, and return the log entry of the request.

    If the advisor has already asked and the due date has not changed since, return the earlier entry and add nothing.
    Raise NotPermitted for anybody but the review's advisor and for one who has left the board, and InvalidTransition if
    the review can no longer be given or changes have already been requested.
    """
    with transaction.atomic():
        review = review_steps.lock_open(review, actor)
        submission = review.submission
        if not submission.is_open:
            raise InvalidTransition(_("Changes are requested already: the date for your answer stays as it is."))
        asked = review.steps.filter(step=Step.MORE_TIME, due_on=submission.due_on).first()
        return asked or review_steps.record(review, Step.MORE_TIME, actor)


def comment(
    *,
    review: Review,
    actor: User,
    text: str,
    passage: str = "",
    block: int | None = None,
    start: int | None = None,
    part: str = "",
    suggestion: str = "",
) -> Comment:
    """Add and return a comment for the writer, on a passage, a block, another part or the whole article.

    `part` is one of `passages.PARTS`: the comment then has no block, and without a passage it quotes the first 1,000
    characters of the part.

    `suggestion` is wording that could replace the passage. The block and the start of the passage are looked up in the
    revision and stored if they can be determined (`passages.locate`). Raise NotPermitted for anybody but the review's
    advisor and for one who has left the board. Raise InvalidTransition if the review can no longer be given, or if the
    comment is empty or too long or suggests wording without a passage.
    """
    with transaction.atomic():
        review = review_steps.lock_open(review, actor)
        if not has_words(text) and not has_words(suggestion):
            raise InvalidTransition(_("Write the comment before you save it."))
        if has_words(suggestion) and not has_words(passage):
            raise InvalidTransition(_("Copy the passage that your wording would replace."))
        if part:
            passage = passage if has_words(passage) else words_of_parts(review.submission.revision).get(part, "")[:1000]
            block, start = None, None
        else:
            block, start = locate(review.submission.revision.body, passage, block, start)
        note = Comment(
            review=review,
            written_by=actor,
            written_by_name=str(actor),
            written_at=moment_of(review.submission.article),
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


def give_verdict(
    *,
    review: Review,
    actor: User,
    authentication: Authentication,
    digest: str,
    conflict: Conflict,
    verdict: Verdict,
    statement: str = "",
    remarks: str = "",
    remarks_shown: RemarksShown = RemarksShown.NO,
    ticks: Mapping[int, str] | None = None,
    reasons: Mapping[int, str] | None = None,
    consent: str = "",
) -> Review:
    """Record an advisor's verdict on the revision with this digest, and let the board decide if it can.

    `authentication` says how the advisor was authenticated. It is frozen with the verdict, as are the account and the
    advisor's name and details as they stand now (`signatures.sign`). The conflict of interest, the answers to the
    check-list and the standing disclosure are stored with the verdict. The draft is deleted, reminders are cancelled,
    and the advisor gets a confirmation; the editors get an email if a conflict was declared. `ticks` maps the primary
    keys of the check-list's questions to answers, `reasons` to the reasons for a “no”. `consent` is the digest of the
    text by which the advisor agrees to be named, if they do (`consents.give`). Return the review in its new state.

    Raise NotPermitted for anybody but the review's advisor and for one who has left the board. Raise InvalidTransition
    if the review can no longer be given, the invitation was not accepted, the draft has a comment that was not sent, or
    the digest is not that of the submitted revision; if the conflict of interest, the verdict, an answer to the
    check-list or a consent that readers' pages need is missing; and if the advisor requests changes without a comment
    or approves a text that they worked on.
    """
    with transaction.atomic():
        review = review_steps.lock_open(review, actor)
        draft = ReviewDraft.objects.filter(review=review).first()
        if draft is not None and draft.has_unsent_comment:
            raise InvalidTransition(UNSENT)
        rows = Review.with_taken_back.of_the_request(review)
        comments = list(Comment.objects.filter(review__in=rows, parent=None))
        people = people_of_the_text(review.submission.article) if verdict == Verdict.APPROVE else set()
        review.conflict = conflict
        review.conflict_statement = statement if conflict == Conflict.DECLARED else ""
        review.verdict, review.verdict_at = verdict, moment_of(review.submission.article)
        review.digest, review.remarks, review.remarks_shown = digest, remarks, remarks_shown
        _refuse_incomplete(review, comments, people)
        if consent:
            consents.give(advisor=review.advisor, actor=actor, digest=consent)
        consents.refuse_without(review)
        answers = checklists.record(review=review, ticks=ticks or {}, reasons=reasons or {})
        review.disclosure = disclosures.standing(review.advisor)
        signatures.sign(review=review, authentication=authentication, answers=answers)
        review.save(update_fields=VERDICT_FIELDS)
        if draft is not None:
            draft.delete()
        scheduled_emails.cancel(ScheduledEmail.objects.filter(review=review))
        emails.verdict_confirmed(review, answers, comments)
        if conflict == Conflict.DECLARED:
            declared_conflicts.tell_editors(review)
        if review.submission.is_open and verdict == Verdict.CHANGES and conflict == Conflict.NONE:
            workflow.request_changes(article=review.submission.article, actor=actor, reason=comments[0].text)
        else:
            decisions.reconsider(review.submission, actor)
        return review


def _refuse_incomplete(review: Review, comments: Sequence[Comment], people: Collection[int]) -> None:
    """Raise InvalidTransition if a verdict that is about to be saved is incomplete or not permitted.

    `comments` are the advisor's own comments without replies. `people` are the primary keys of the users who worked on
    the text and so may not approve it; it is empty for a request for changes.
    """
    if review.conflict not in (Conflict.NONE, Conflict.DECLARED):
        raise InvalidTransition(_("Say whether you have a conflict of interest: “none” is an answer too."))
    if review.conflict == Conflict.DECLARED and not has_words(review.conflict_statement):
        raise InvalidTransition(_("Describe the conflict of interest in a sentence."))
    if review.verdict not in (Verdict.APPROVE, Verdict.CHANGES):
        raise InvalidTransition(_("Approve, or request changes."))
    if review.response != Response.ACCEPTED:
        raise InvalidTransition(_("Accept the invitation first."))
    if review.digest != review.submission.revision.digest:
        raise InvalidTransition(_("This is not the revision that you were shown. Open the review again."))
    if review.verdict == Verdict.CHANGES and not comments:
        raise InvalidTransition(_("Leave at least one comment, so that the writer knows what to change."))
    if review.advisor.user_id in people:
        raise InvalidTransition(_("You wrote or edited this text: somebody else has to approve it."))


def _too_long(error: ValidationError) -> str:
    """Return a sentence saying which field of a comment is too long or, for other errors, their messages."""
    sentences = {
        "text": _("A comment has at most %(limit)s characters."),
        "passage": _("A passage has at most %(limit)s characters."),
        "suggestion": _("Suggested wording has at most %(limit)s characters."),
    }
    for name, sentence in sentences.items():
        field = Comment._meta.get_field(name)
        if name in error.error_dict and isinstance(field, ProseField):
            return sentence % {"limit": f"{field.max_length:,}"}
    return " ".join(error.messages)
