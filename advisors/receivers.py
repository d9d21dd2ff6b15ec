"""What the board does when the articles' room speaks (articles.signals), or its own (advisors.signals).

Imported when the app is ready, which connects them. Letters are queued in the transaction that they speak of.
"""

from datetime import date

from django.db.models import Count, Q, QuerySet
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.text import get_text_list

from accounts.models import User
from advisors import drafts, invitations, panel, public_record
from advisors import emails as letters
from advisors import signals as board
from advisors.models import (
    Conflict,
    Occasion,
    PanelMember,
    Response,
    Review,
    ReviewStep,
    ScheduledEmail,
    Step,
    Verdict,
)
from articles import signals
from articles.models import Article, Outcome, Revision, Submission
from articles.pages import ArticlePage
from checks.preflight import Finding
from core import times
from mail import sending

# What a verb of the workflow takes a verdict to say.
VERDICTS = {"approve": Verdict.APPROVE, "request_changes": Verdict.CHANGES}


def findings_on_the_panel(sender: type, article: Article, revision: Revision | None, **kwargs: object) -> list[Finding]:
    """Answers `findings_wanted`."""
    return panel.findings(article, revision)


def record_of_page(sender: type, page: ArticlePage, **kwargs: object) -> public_record.Record:
    """Answers `review_record_wanted`: who stands behind what readers see. One query where somebody does, else none."""
    return public_record.of_page(page)


def notes_on_proposals(sender: type, articles: list[Article], **kwargs: object) -> dict[int, str]:
    """Answers `notes_wanted`: how many reviewers are proposed for each and wait for an editor. One query."""
    waiting = PanelMember.objects.waiting().filter(article__in=articles).order_by()
    counted = waiting.values_list("article").annotate(many=Count("pk"))
    return {pk: f"{many} reviewer{'' if many == 1 else 's'} proposed, to be confirmed" for pk, many in counted}


def notes_on_closing_rounds(sender: type, articles: list[Article], **kwargs: object) -> dict[int, str]:
    """Answers `notes_wanted`: who may still answer after changes were requested, and until when. One query."""
    closing = Submission.objects.closing().filter(article__in=articles)
    awaited = Review.objects.unanswered().filter(submission__in=closing, response=Response.ACCEPTED)
    names: dict[tuple[int, date], list[str]] = {}
    for article, due_on, name in awaited.order_by("pk").values_list(
        "submission__article", "submission__due_on", "advisor_name"
    ):
        names.setdefault((article, due_on), []).append(name)
    return {
        article: f"{get_text_list(found, 'and')} may still answer until {times.day(due_on)}"
        for (article, due_on), found in names.items()
    }


def has_given_that_verdict(sender: type, submission: Submission, user: User, verb: str, **kwargs: object) -> bool:
    """Answers `verdict_wanted`: on the board, and their verdict, free of conflicts, says just that."""
    given = Review.objects.of(user).filter(submission=submission, conflict=Conflict.NONE, advisor__is_active=True)
    return given.filter(verdict=VERDICTS[verb]).exists()


def invite_the_panel(sender: type, submission: Submission, actor: User, **kwargs: object) -> None:
    """On `submission_opened`: one review for each member of the panel, in the same transaction."""
    panel.invite(submission=submission, actor=actor)


def write_to_who_was_asked(
    sender: type, instance: Review, created: bool = False, raw: bool = False, **kwargs: object
) -> None:
    """On a new Review, however it came about: the words left in the round before, and the invitation."""
    if not created or raw or not instance.is_waiting:
        return
    drafts.carry_over(instance)
    _invite(instance, f"invitation {instance.pk}")


def _invite(review: Review, key: str) -> None:
    """Queue the invitation, and keep a row that it went."""
    with sending.noted() as emails:
        queued, now = letters.invitation(review), timezone.now()
    ScheduledEmail.objects.create(
        occasion=Occasion.INVITATION,
        key=key,
        recipient=review.advisor.user,
        review=review,
        submission=review.submission,
        due_at=now,
        email_id=emails[0] if emails else None,
        **({"sent_at": now} if queued else {"cancelled_at": now}),
    )


def who_is_still_answering(sender: type, submission: Submission, **kwargs: object) -> list[str]:
    """Answers `answers_awaited`."""
    accepted = submission.reviews.unanswered().filter(response=Response.ACCEPTED)
    accepted = accepted.filter(advisor__is_active=True, advisor__user__is_active=True)
    return list(accepted.order_by("pk").values_list("advisor_name", flat=True))


def close_the_round(sender: type, submission: Submission, actor: User, **kwargs: object) -> None:
    """On `submission_closed`: reminders end, and everybody is told what it means for them.

    Where changes are requested, those who have not accepted yet are released. Those who have may finish until the time
    for answers runs out, and their reminders go on.
    """
    if submission.outcome == Outcome.CHANGES_REQUESTED:
        panel.release_the_rest(submission=submission, actor=actor)
    if submission.is_closing:
        call_off(ScheduledEmail.objects.filter(submission=submission, review=None))
        for review in _unanswered(submission):
            letters.round_closing(review)
    else:
        _end(submission)
    if submission.outcome == Outcome.APPROVED:
        letters.editors_quorum(submission, actor)
    elif submission.outcome == Outcome.CHANGES_REQUESTED:
        letters.changes_requested(submission, actor, submission.article.transitions.first().reason)


def end_the_round(sender: type, submission: Submission, actor: User, reason: str, **kwargs: object) -> None:
    """On `round_ended`: reminders end, those who have not answered are told why, and so are the editors and the writer
    that the text can be changed."""
    _end(submission, reason)
    letters.round_ended(submission, actor, reason)


def _end(submission: Submission, reason: str = "") -> None:
    """Call off what is due in a round that is over, and tell those who have not answered."""
    call_off(ScheduledEmail.objects.filter(Q(submission=submission) | Q(review__submission=submission)))
    for review in _unanswered(submission):
        letters.round_over(review, reason)


def _unanswered(submission: Submission) -> "QuerySet[Review]":
    found = submission.reviews.unanswered()
    return found.select_related("advisor__user", "submission__revision").order_by("pk")


def follow_the_due_date(
    sender: type, submission: Submission, actor: User, before: date, reason: str, **kwargs: object
) -> None:
    """On `due_date_changed`: links last long enough, reminders follow, and those who have not answered are told."""
    invitations.extend(submission)
    of_the_round = ScheduledEmail.objects.filter(Q(submission=submission) | Q(review__submission=submission))
    of_the_date = Q(key__endswith=f" {submission.due_on}") | Q(key__contains=f" {submission.due_on} ")
    call_off(of_the_round.exclude(of_the_date))
    take_up_again(of_the_round.filter(of_the_date))
    for review in _unanswered(submission):
        letters.due_date_changed(review, before, reason)


def hear_of_a_step(sender: type, step: ReviewStep, **kwargs: object) -> None:
    """On `stepped`: reminders end or go on, and whoever has to know is told."""
    review, due = step.review, ScheduledEmail.objects.filter(review=step.review)
    match step.step:
        case Step.DECLINED:
            call_off(due)
            letters.editors_declined(review)
        case Step.REOPENED:
            take_up_again(due)
            letters.editors_reopened(review)
        case Step.RELEASED:
            call_off(due)
            letters.released(review)
        case Step.ASKED_AGAIN:
            take_up_again(due)
            _invite(review, f"invitation {review.pk} {step.pk}")
        case Step.MORE_TIME:
            letters.editors_more_time(review)


def confirm_a_verdict(sender: type, review: Review, actor: User, **kwargs: object) -> None:
    """On `verdict_given`: no reminder goes, and the advisor gets what they said in writing."""
    call_off(ScheduledEmail.objects.filter(review=review))
    letters.verdict_confirmed(review)


def write_of_a_proposal(
    sender: type, article: Article, members: list[PanelMember], actor: User, **kwargs: object
) -> None:
    """On `proposed`: the editors are told, whoever proposed excepted."""
    letters.editors_proposed(article, members, actor)


def write_of_a_decision(
    sender: type, article: Article, members: list[PanelMember], actor: User, **kwargs: object
) -> None:
    """On `proposals_decided`: those who proposed are told, unless they have decided themselves."""
    proposers = {member.proposed_by for member in members if member.proposed_by not in (None, actor)}
    if not proposers:
        return
    is_open = article.submissions.filter(outcome=Outcome.OPEN).exists()
    missing = [] if is_open else [finding.message for finding in panel.findings(article, None)]
    for proposer in sorted(proposers, key=lambda person: person.pk):
        theirs = [member for member in members if member.proposed_by == proposer]
        letters.proposals_decided(article, proposer, theirs, actor, missing, is_open)


def call_off(due: "QuerySet[ScheduledEmail]") -> int:
    """Cancel those of these letters that have not gone; returns how many."""
    return due.filter(sent_at=None, cancelled_at=None).update(cancelled_at=timezone.now())


def take_up_again(due: "QuerySet[ScheduledEmail]") -> int:
    """Take back that these of the letters that have not gone were called off; returns how many."""
    return due.filter(sent_at=None, cancelled_at__isnull=False).update(cancelled_at=None)


signals.findings_wanted.connect(findings_on_the_panel, dispatch_uid="board-findings")
signals.notes_wanted.connect(notes_on_proposals, dispatch_uid="board-notes")
signals.notes_wanted.connect(notes_on_closing_rounds, dispatch_uid="board-closing-notes")
signals.review_record_wanted.connect(record_of_page, dispatch_uid="board-record")
signals.verdict_wanted.connect(has_given_that_verdict, dispatch_uid="board-verdict")
signals.submission_opened.connect(invite_the_panel, dispatch_uid="board-invitations")
signals.submission_closed.connect(close_the_round, dispatch_uid="board-closing")
signals.answers_awaited.connect(who_is_still_answering, dispatch_uid="board-awaited")
signals.round_ended.connect(end_the_round, dispatch_uid="board-ended")
signals.due_date_changed.connect(follow_the_due_date, dispatch_uid="board-due-date")
board.stepped.connect(hear_of_a_step, dispatch_uid="board-stepped")
board.proposed.connect(write_of_a_proposal, dispatch_uid="board-proposed")
board.proposals_decided.connect(write_of_a_decision, dispatch_uid="board-proposals-decided")
board.verdict_given.connect(confirm_a_verdict, dispatch_uid="board-verdict-given")
post_save.connect(write_to_who_was_asked, sender=Review, dispatch_uid="board-asked")
