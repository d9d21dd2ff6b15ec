"""What the board does when the articles' room speaks (articles.signals), or its own (advisors.signals).

Imported when the app is ready, which connects them. Letters are queued in the transaction that they speak of.
"""

from django.db.models import Count, Q, QuerySet
from django.db.models.signals import post_save
from django.utils import timezone

from accounts.models import User
from advisors import invitations, letters, panel
from advisors import signals as board
from advisors.models import Conflict, DueLetter, Occasion, PanelMember, Response, Review, Verdict
from articles import signals
from articles.models import Article, Outcome, Revision, Submission
from articles.preflight import Finding

# What a verb of the workflow takes a verdict to say.
VERDICTS = {"approve": Verdict.APPROVE, "request_changes": Verdict.CHANGES}


def findings_on_the_panel(sender: type, article: Article, revision: Revision | None, **kwargs: object) -> list[Finding]:
    """Answers `findings_wanted`."""
    return panel.findings(article, revision)


def notes_on_proposals(sender: type, articles: list[Article], **kwargs: object) -> dict[int, str]:
    """Answers `notes_wanted`: how many reviewers are proposed for each and wait for an editor. One query."""
    waiting = PanelMember.objects.waiting().filter(article__in=articles).order_by()
    counted = waiting.values_list("article").annotate(many=Count("pk"))
    return {pk: f"{many} reviewer{'' if many == 1 else 's'} proposed, to be confirmed" for pk, many in counted}


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
    """On a new Review, however it came about: the invitation, and a row that it went."""
    if not created or raw or not instance.is_waiting:
        return
    queued, now = letters.invitation(instance), timezone.now()
    DueLetter.objects.create(
        occasion=Occasion.INVITATION,
        key=f"invitation {instance.pk}",
        recipient=instance.advisor.user,
        review=instance,
        submission=instance.submission,
        due_at=now,
        **({"sent_at": now} if queued else {"cancelled_at": now}),
    )


def close_the_round(sender: type, submission: Submission, actor: User, **kwargs: object) -> None:
    """On `submission_closed`: reminders and tokens end, those who had not answered are told, and so are the editors."""
    invitations.revoke_unanswered(submission)
    call_off(DueLetter.objects.filter(Q(submission=submission) | Q(review__submission=submission)))
    unanswered = submission.reviews.filter(verdict=Verdict.NONE).exclude(response=Response.DECLINED)
    for review in unanswered.select_related("advisor__user", "submission__revision").order_by("pk"):
        letters.round_over(review)
    if submission.outcome == Outcome.APPROVED:
        letters.editors_quorum(submission, actor)
    elif submission.outcome == Outcome.CHANGES_REQUESTED:
        letters.editors_changes(submission, actor, submission.article.transitions.first().reason)


def hear_a_refusal(sender: type, review: Review, actor: User, **kwargs: object) -> None:
    """On `declined`: the link opens nothing any more, no reminder goes, and the editors are told."""
    invitations.revoke(review)
    call_off(DueLetter.objects.filter(review=review))
    letters.editors_declined(review)


def confirm_a_verdict(sender: type, review: Review, actor: User, **kwargs: object) -> None:
    """On `verdict_given`: no reminder goes, and the advisor gets what they said in writing."""
    call_off(DueLetter.objects.filter(review=review))
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


def call_off(due: "QuerySet[DueLetter]") -> int:
    """Cancel those of these letters that have not gone; returns how many."""
    return due.filter(sent_at=None, cancelled_at=None).update(cancelled_at=timezone.now())


signals.findings_wanted.connect(findings_on_the_panel, dispatch_uid="board-findings")
signals.notes_wanted.connect(notes_on_proposals, dispatch_uid="board-notes")
signals.verdict_wanted.connect(has_given_that_verdict, dispatch_uid="board-verdict")
signals.submission_opened.connect(invite_the_panel, dispatch_uid="board-invitations")
signals.submission_closed.connect(close_the_round, dispatch_uid="board-closing")
board.declined.connect(hear_a_refusal, dispatch_uid="board-declined")
board.proposed.connect(write_of_a_proposal, dispatch_uid="board-proposed")
board.proposals_decided.connect(write_of_a_decision, dispatch_uid="board-proposals-decided")
board.verdict_given.connect(confirm_a_verdict, dispatch_uid="board-verdict-given")
post_save.connect(write_to_who_was_asked, sender=Review, dispatch_uid="board-asked")
