"""The pipeline: one function for each verb of the table (articles.transitions). The only file that writes a stage.

Each verb locks the article's row, checks the actor, the stage and its guard, changes the stage by a
conditional update, appends a Transition and tells who listens after the commit. Every way in comes through here.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list

from accounts.models import User
from articles import publishing, rounds, signals
from articles.cited_sources import source_decisions
from articles.exceptions import Blocked, InvalidTransition, NotPermitted
from articles.models import (
    Approval,
    Article,
    ChangeKind,
    Outcome,
    Publication,
    Reason,
    Revision,
    Signatory,
    Stage,
    Submission,
    Transition,
)
from articles.permissions import may, people_of_the_text
from articles.readiness import findings
from articles.review_terms import terms_of
from articles.transitions import (
    AFTER_RENEWAL,
    APPROVED,
    CHANGES_REQUESTED,
    IN_REVIEW,
    IN_WORDS,
    PUBLISHED,
    WITHDRAWN,
    target_of,
)
from checks.preflight import blockers, unanswered
from core import times
from core.text import has_words
from sources.models import Source

# Who the diary names where nobody acts.
THE_SITE = "The site"


def revise(*, article: Article, actor: User, revision: Revision) -> Article:
    """Take the working copy back to draft where its changed content was approved or published (drafting.record)."""
    with transaction.atomic():
        article = _lock(article)
        rounds.refuse_while_locked(article)
        source = Stage(article.stage)
        target = target_of("revise", article)
        if target != source:
            _move("revise", article, actor, target, revision)
        return article


def submit(
    *,
    article: Article,
    actor: User,
    seen: int | None = None,
    note: str = "",
    due_on: date | None = None,
    reason: Reason = Reason.NEW_TEXT,
) -> Submission:
    """Put the newest revision before the board: as new text, or, where it is what readers see and its review is
    due, as a renewal.

    `seen` is the number of the revision that the actor looked at; where it is no longer the newest, this is
    refused. Raises NotPermitted, Blocked with the findings that stand in the way, InvalidTransition.
    """
    verb = "renew" if reason == Reason.RENEWAL else "submit"
    with transaction.atomic():
        article = _enter(verb, article, actor)
        rounds.refuse_while_locked(article)
        revision = publishing.newest(article, seen)
        if verb == "renew" and not publishing.shows(article, revision):
            raise InvalidTransition("A renewal is for the revision that readers see, and this one is not shown.")
        found = findings(article, revision)
        in_the_way = blockers(found) + unanswered(found)
        if in_the_way:
            raise Blocked(in_the_way)
        terms = terms_of(article)
        submission = Submission.objects.create(
            article=article,
            revision=revision,
            submitted_by=actor,
            submitted_by_name=str(actor),
            submitted_at=timezone.now(),
            reason=reason,
            note=note,
            due_on=due_on or timezone.localdate() + timedelta(days=terms.due_days),
            quorum=terms.quorum,
        )
        _move(verb, article, actor, IN_REVIEW, revision, note)
        signals.submission_opened.send(sender=Submission, submission=submission, actor=actor)
        return submission


def recall(*, article: Article, actor: User, reason: str = "") -> Submission:
    """Take the text back from the board before it has decided."""
    with transaction.atomic():
        article = _enter("recall", article, actor)
        return _close("recall", article, actor, Outcome.RECALLED, reason)


def request_changes(*, article: Article, actor: User, reason: str) -> Submission:
    """Send the text back to its writer: an editor by hand, or the board by a verdict (advisors.reviews).

    Reviewers who have accepted and not answered may finish until the end of the due date; until then the round is
    closing and the text stays locked. It ends sooner by `end_round`, and when the last of them has answered.
    """
    with transaction.atomic():
        article = _enter("request_changes", article, actor)
        _needs(reason, "Say what should be changed: the writer starts from your words.")
        return _close("request_changes", article, actor, Outcome.CHANGES_REQUESTED, reason)


def end_round(*, article: Article, actor: User, reason: str) -> Submission:
    """End the time for answers after changes were requested, so that the writer can begin. `reason` is told to those
    who have not answered."""
    with transaction.atomic():
        article = _enter("end_round", article, actor)
        _needs(reason, "Say why you do not wait for the other reviewers: they are told.")
        submission = rounds.closing(article)
        if submission is None:
            raise InvalidTransition("No reviewer is still answering: this round is over.")
        rounds.end_answers(submission, actor, reason)
        _move("end_round", article, actor, CHANGES_REQUESTED, submission.revision, reason)
        return submission


def change_due_date(*, article: Article, actor: User, due_on: date, reason: str = "") -> Submission:
    """Give the reviewers of the open round another day for their answers. They are told, and reminders follow it.

    `due_on` is a day of the newsroom's time zone, today at the earliest; `reason` is for the reviewers.
    """
    with transaction.atomic():
        article = _enter("change_due_date", article, actor)
        submission = article.submissions.open().select_related("revision").first()
        if submission is None:
            raise InvalidTransition("No round is open for this article.")
        before = submission.due_on
        if due_on < timezone.localdate():
            raise InvalidTransition("That day has passed. Choose today or a later one.")
        if due_on == before:
            raise InvalidTransition("That is the due date already.")
        article.submissions.filter(pk=submission.pk).update(due_on=due_on)
        submission.due_on = due_on
        told = f"From {times.day(before)} to {times.day(due_on)}. {reason}".strip()
        _move("change_due_date", article, actor, IN_REVIEW, submission.revision, told)
        signals.due_date_changed.send(
            sender=Submission, submission=submission, actor=actor, before=before, reason=reason
        )
        return submission


def approve(*, submission: Submission, actor: User, signatories: Sequence[Signatory]) -> Approval:
    """The board's approval, with those who stand behind it (unsaved rows). Called by advisors.reviews alone:
    the database takes a signatory only where that advisor's own verdict stands beside it.

    Raises InvalidTransition where the quorum is not met by distinct people who are not of the text and who
    all speak of this very revision.
    """
    with transaction.atomic():
        article = _enter("approve", submission.article, actor)
        submission = article.submissions.open().select_related("revision").filter(pk=submission.pk).first()
        if submission is None:
            raise InvalidTransition("This round is over already.")
        revision = submission.revision
        publishing.stands_as_approved(revision, revision.digest)
        people = {signatory.user_id for signatory in signatories}
        if len(people) != len(signatories) or len(people) < submission.quorum:
            raise InvalidTransition(f"{submission.quorum} different reviewers have to approve.")
        if people & people_of_the_text(article):
            raise InvalidTransition("Nobody approves a text that they wrote or edited.")
        if any(signatory.digest != revision.digest for signatory in signatories):
            raise InvalidTransition("One of the approvals is of another revision.")
        approval = Approval.objects.create(
            submission=submission, revision=revision, digest=revision.digest, approved_at=timezone.now()
        )
        for place, signatory in enumerate(signatories):
            signatory.approval, signatory.position = approval, place
        Signatory.objects.bulk_create(signatories)
        names = get_text_list([signatory.name for signatory in signatories], "and")
        _close("approve", article, actor, Outcome.APPROVED, f"Approved by {names}.")
        return approval


def publish(
    *,
    article: Article,
    actor: User,
    seen: int | None = None,
    change_note: str = "",
    kind: ChangeKind | None = None,
    until: datetime | None = None,
    override_reason: str = "",
) -> Publication:
    """Show the approved revision to readers from now on; what they saw before ends at the same moment.

    Where the article was withdrawn or has expired, `change_note` has to tell readers why it is back. Where it cites a
    retracted source, `override_reason` has to say why it is shown all the same; that goes into the diary alone. Raises
    NotPermitted and InvalidTransition.
    """
    with transaction.atomic():
        locked = source_decisions.lock_sources(article.head())
        article = _enter("publish", article, actor)
        publication = publishing.put_in_force(article, actor, timezone.now(), until, seen, change_note, kind)
        words = source_decisions.log_note(publication, locked, change_note, override_reason)
        _move("publish", article, actor, PUBLISHED, publication.approval.revision, words)
        return publication


def schedule(
    *,
    article: Article,
    actor: User,
    at: datetime,
    seen: int | None = None,
    change_note: str = "",
    kind: ChangeKind | None = None,
    until: datetime | None = None,
    override_reason: str = "",
) -> Publication:
    """Show the approved revision from a later moment (aware). Nothing has to run for it to appear on time.

    The same reasons are asked for as by `publish`.
    """
    with transaction.atomic():
        locked = source_decisions.lock_sources(article.head())
        article = _enter("schedule", article, actor)
        if at <= timezone.now():
            raise InvalidTransition("That moment has passed. Choose a later one, or publish now.")
        publication = publishing.put_in_force(article, actor, at, until, seen, change_note, kind)
        words = source_decisions.log_note(publication, locked, change_note, override_reason)
        _move("schedule", article, actor, PUBLISHED, publication.approval.revision, words)
        return publication


def unschedule(*, article: Article, actor: User, reason: str = "") -> Publication:
    """Call off a publication that has not started; what is live stays as it would have been without it."""
    with transaction.atomic():
        article = _enter("unschedule", article, actor)
        publication = article.publications.upcoming().select_related("approval__revision").first()
        if publication is None:
            raise InvalidTransition("Nothing is scheduled any more: it has started, or somebody called it off.")
        publishing.cancel(publication)
        _move(
            "unschedule",
            article,
            actor,
            target_of("unschedule", article),
            publication.approval.revision,
            reason,
        )
        return publication


def unschedule_retracted(*, sources: Sequence[Source]) -> list[Publication]:
    """Call off what is scheduled and cites one of these sources, which have just been retracted. Returns what it was.

    Called only by articles.cited_sources.retracted_sources, in the transaction that marks the sources and holds their
    locks. Nobody acts here, and the log names the site as the actor. Scheduling it again asks for a decision.
    """
    found = source_decisions.scheduled_citing(sources)
    called_off = []
    with transaction.atomic():
        for article in Article.objects.filter(pk__in=list(found.values_list("article", flat=True))).order_by("pk"):
            article = _lock(article)
            for upcoming in found.filter(article=article):
                revision = upcoming.approval.revision
                publishing.cancel(upcoming)
                why = source_decisions.why_retracted(revision, sources)
                _move("unschedule", article, None, target_of("unschedule", article), revision, why)
                called_off.append(upcoming)
    return called_off


def withdraw(*, article: Article, actor: User, notice: str) -> Publication:
    """Take what is live off the page, with a notice for readers in its place; what is scheduled is called off."""
    with transaction.atomic():
        article = _enter("withdraw", article, actor)
        _needs(notice, "Say to readers what was withdrawn and why.")
        for upcoming in article.publications.upcoming():
            publishing.cancel(upcoming)
        publication = publishing.live(article).select_related("approval__revision").first()
        if publication is None:
            raise InvalidTransition("Readers do not see this article: there is nothing to withdraw.")
        publishing.end(publication, timezone.now(), notice=notice)
        _move("withdraw", article, actor, target_of("withdraw", article), publication.approval.revision, notice)
        return publication


def reinstate(*, article: Article, actor: User, reason: str, override_reason: str = "") -> Publication:
    """Show again, from now on, what was last shown and then withdrawn or expired. `reason` is for readers; where it
    cites a retracted source, `override_reason` says why it is shown all the same, as for `publish`."""
    with transaction.atomic():
        ended = publishing.last_ended(article)
        locked = source_decisions.lock_sources(ended and ended.approval.revision)
        article = _enter("reinstate", article, actor)
        _needs(reason, "Say to readers why it is back.")
        last = publishing.last_ended(article)
        if last is None:
            raise InvalidTransition("Nothing was withdrawn here, or it is back already.")
        publishing.stands_as_approved(last.approval.revision, last.approval.digest)
        publication = publishing.open_publication(
            article, last.approval, actor, timezone.now(), None, ChangeKind.REINSTATEMENT, reason
        )
        is_working_copy = last.approval.revision == publishing.newest(article, None)
        target = target_of("reinstate", article) if is_working_copy else Stage(article.stage)
        if target == WITHDRAWN:  # another revision is approved, and what readers see is not withdrawn any more
            target = APPROVED
        words = source_decisions.log_note(publication, locked, reason, override_reason)
        _move("reinstate", article, actor, target, last.approval.revision, words)
        return publication


def _lock(article: Article) -> Article:
    return Article.objects.select_for_update().get(pk=article.pk)


def _enter(verb: str, article: Article, actor: User) -> Article:
    """Lock the row, then check actor and stage on what the row says now."""
    article = _lock(article)
    if not may(actor, verb, article):
        raise NotPermitted(f"“{article}”: {actor} may not {IN_WORDS[verb]}.")
    target_of(verb, article)
    return article


def _move(
    verb: str, article: Article, actor: User | None, target: Stage, revision: Revision | None, reason: str = ""
) -> Transition:
    """Change the stage if it still is what was checked, and write the diary; without an actor, the site did it.

    A revision that stands withdrawn is at Withdrawn where another would be at Approved: it is not to be published.
    """
    source = Stage(article.stage)
    if target == APPROVED and publishing.stands_withdrawn(article, revision):
        target = WITHDRAWN
    if not Article.objects.filter(pk=article.pk, stage=source).update(stage=target):
        raise InvalidTransition(f"Somebody else was faster: “{article}” is no longer at the stage “{source.label}”.")
    article.stage = target
    return Transition.objects.create(
        article=article,
        verb=verb,
        from_stage=source,
        to_stage=target,
        revision=revision,
        actor=actor,
        actor_name=str(actor or THE_SITE),
        at=timezone.now(),
        reason=reason,
    )


def _close(verb: str, article: Article, actor: User, outcome: Outcome, reason: str = "") -> Submission:
    """End the open submission, once."""
    submission = article.submissions.open().select_related("revision").first()
    closed_at = timezone.now()
    until = rounds.answers_until(submission, closed_at) if submission and outcome == Outcome.CHANGES_REQUESTED else None
    if submission is None or not article.submissions.open().filter(pk=submission.pk).update(
        outcome=outcome, closed_at=closed_at, answers_until=until
    ):
        raise InvalidTransition("No round is open for this article.")
    submission.outcome, submission.closed_at, submission.answers_until = outcome, closed_at, until
    target = target_of(verb, article)
    if submission.reason == Reason.RENEWAL and verb in AFTER_RENEWAL:
        target = PUBLISHED if publishing.shows(article, submission.revision) else APPROVED
    reason = _move(verb, article, actor, target, submission.revision, reason).reason
    signals.submission_closed.send(sender=Submission, submission=submission, actor=actor, reason=reason)
    return submission


def _needs(words: str, message: str) -> None:
    if not has_words(words):
        raise InvalidTransition(message)
