"""The workflow: one function for each action of the table (articles.transitions). Only this module writes a stage.

Each action locks the article's row, checks actor, stage and guard, changes the stage by a conditional update, appends a
Transition and returns the row that it stores or changes. Signals inside the transaction inform higher-level apps.
Actions that change an open round but not the stage are in articles.round_changes; they end with `log`.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles import notifications, publishing, rounds, signals
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
from articles.models.moments import moment_of
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
from core.text import has_words
from sources.models import Source

# The actor in the log when the site itself acts. Stored, so not translated.
THE_SITE = "The site"


def revise(*, article: Article, actor: User, revision: Revision) -> Article:
    """Set an article with changed text back to Draft; return it. Raise InvalidTransition while the text is locked."""
    with transaction.atomic():
        article = _lock(article)
        rounds.refuse_while_locked(article)
        source, target = Stage(article.stage), target_of("revise", article)
        if target != source:
            _move("revise", article, actor, target, revision, at=moment_of(article))
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
    """Submit the newest revision to the board, as new text or as a renewal; return the submission.

    `seen` is the number of the revision that the actor looked at, `due_on` a day in the newsroom's time zone. Raise
    NotPermitted if `actor` may not edit the article, Blocked with the findings in the way, and InvalidTransition if
    stage or lock forbids it, if `seen` is not the newest revision, or to renew one that readers do not see.
    """
    verb = "renew" if reason == Reason.RENEWAL else "submit"
    with transaction.atomic():
        article = enter(verb, article, actor)
        rounds.refuse_while_locked(article)
        revision = publishing.newest(article, seen)
        if verb == "renew" and not publishing.shows(article, revision):
            raise InvalidTransition(
                _("Only the revision that readers see can be submitted for a new review, and they do not see this one.")
            )
        found = findings(article, revision)
        if in_the_way := blockers(found) + unanswered(found):
            raise Blocked(in_the_way)
        terms, at = terms_of(article), moment_of(article)
        submission = Submission.objects.create(
            article=article,
            revision=revision,
            submitted_by=actor,
            submitted_by_name=str(actor),
            submitted_at=at,
            reason=reason,
            note=note,
            due_on=due_on or timezone.localdate() + timedelta(days=terms.due_days),
            quorum=terms.quorum,
        )
        submission.specialists.set(terms.specialists)
        _move(verb, article, actor, IN_REVIEW, revision, note, at=at, quorum=terms.quorum)
        signals.submission_opened.send(sender=Submission, submission=submission, actor=actor)
        return submission


def recall(*, article: Article, actor: User, reason: str = "") -> Submission:
    """Take the text back before the board has decided, and return the submission, which is then closed. Raise
    NotPermitted if `actor` may not edit the article, and InvalidTransition if no round is open.
    """
    with transaction.atomic():
        article = enter("recall", article, actor)
        return _close("recall", article, actor, Outcome.RECALLED, reason)


def request_changes(*, article: Article, actor: User, reason: str) -> Submission:
    """Send the text back to its writer, by an editor's decision or by a verdict of the board (advisors.reviews).

    Reviewers who have accepted may answer until the end of the due date; the text stays locked until then. Raise
    NotPermitted unless `actor` is an editor or gave that verdict, and InvalidTransition without a reason or open round.
    """
    with transaction.atomic():
        article = enter("request_changes", article, actor)
        _needs(reason, _("Say what should be changed: the writer starts from your words."))
        return _close("request_changes", article, actor, Outcome.CHANGES_REQUESTED, reason)


def end_round(*, article: Article, actor: User, reason: str) -> Submission:
    """End a closing round, and return it. The reviewers who have not answered are told `reason`. Raise NotPermitted for
    anybody but an editor, and InvalidTransition without a reason or if no answer is awaited any more.
    """
    with transaction.atomic():
        article = enter("end_round", article, actor)
        _needs(reason, _("Say why you end the round now: the reviewers who have not answered get your reason."))
        submission = rounds.closing(article)
        if submission is None:
            raise InvalidTransition(_("No reviewer is still answering: this round is over."))
        rounds.end_answers(submission, actor, reason)
        _move("end_round", article, actor, CHANGES_REQUESTED, submission.revision, reason, at=moment_of(article))
        return submission


def approve(*, submission: Submission, actor: User, signatories: Sequence[Signatory]) -> Approval:
    """Store the board's approval with its signatories (unsaved rows), and return it. Only advisors.quorum calls this.

    Raise NotPermitted if `actor` has not approved in the open round. Raise InvalidTransition if that is another round,
    if the text does not match its digest, if there are fewer different signatories than the quorum, if one of them
    wrote or edited the text, or if one approved another revision.
    """
    with transaction.atomic():
        article = enter("approve", submission.article, actor)
        found = article.submissions.open().select_related("revision").filter(pk=submission.pk).first()
        if found is None:
            raise InvalidTransition(_("This round is over already."))
        submission = found
        revision = submission.revision
        publishing.stands_as_approved(revision, revision.digest)
        people = {signatory.user_id for signatory in signatories}
        quorum = submission.terms_now().quorum
        if len(people) != len(signatories) or len(people) < quorum:
            message = _("%(quorum)s different reviewers have to approve.")
            raise InvalidTransition(message % {"quorum": quorum})
        if people & people_of_the_text(article):
            raise InvalidTransition(_("Nobody can approve a text that they wrote or edited."))
        if any(signatory.digest != revision.digest for signatory in signatories):
            raise InvalidTransition(_("One of the approvals is of another revision."))
        approval = Approval.objects.create(
            submission=submission, revision=revision, digest=revision.digest, approved_at=moment_of(article)
        )
        for place, signatory in enumerate(signatories):
            signatory.approval, signatory.position = approval, place
        Signatory.objects.bulk_create(signatories)
        # Without names: the log is never changed, and names may be. The approval has its signatories.
        _close("approve", article, actor, Outcome.APPROVED, f"Approved by {len(signatories)} reviewers.")
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
    """Publish the approved revision now, and return the publication. The one before it ends at the same moment.

    `seen` is as for `submit`; `kind` is by default the first version or an update; `until` is the aware time of expiry.
    Raise NotPermitted without the permission to publish, and InvalidTransition if the newest revision is not `seen` or
    cannot be published, without a `change_note` if the article was withdrawn or has expired, or without an
    `override_reason` if it cites a retracted source.
    """
    with transaction.atomic():
        locked = source_decisions.lock_sources(article.head())
        article = enter("publish", article, actor)
        at = moment_of(article)
        publication = publishing.put_in_force(article, actor, at, at, until, seen, change_note, kind)
        words, at = source_decisions.log_note(publication, locked, change_note, override_reason), publication.starts_at
        _move("publish", article, actor, PUBLISHED, publication.approval.revision, words, at=at)
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
    """Publish the approved revision at a later aware time `at`; no job has to run. See `publish` for the arguments.

    Raise NotPermitted without the permission to publish, and InvalidTransition if `at` has passed or as in `publish`.
    """
    with transaction.atomic():
        locked = source_decisions.lock_sources(article.head())
        article = enter("schedule", article, actor)
        now = moment_of(article)
        if at <= now:
            raise InvalidTransition(_("That moment has passed. Choose a later one, or publish now."))
        publication = publishing.put_in_force(article, actor, now, at, until, seen, change_note, kind)
        words = source_decisions.log_note(publication, locked, change_note, override_reason)
        _move("schedule", article, actor, PUBLISHED, publication.approval.revision, words, at=now)
        return publication


def unschedule(*, article: Article, actor: User, reason: str = "") -> Publication:
    """Cancel and return the scheduled publication. The live publication gets back the end that it had before. Raise
    NotPermitted without the permission to publish, and InvalidTransition if nothing is scheduled.
    """
    with transaction.atomic():
        article = enter("unschedule", article, actor)
        publication = article.publications.upcoming().select_related("approval__revision").first()
        if publication is None:
            raise InvalidTransition(_("Nothing is scheduled any more: it has started, or somebody called it off."))
        at, target = moment_of(article), target_of("unschedule", article)
        publishing.cancel(publication, at)
        _move("unschedule", article, actor, target, publication.approval.revision, reason, at=at)
        return publication


def unschedule_retracted(*, sources: Sequence[Source]) -> list[Publication]:
    """Cancel and return the scheduled publications that cite one of these newly retracted sources.

    Only articles.cited_sources.retracted_sources calls this, with the sources locked. The log names the site as actor.
    """
    found = source_decisions.scheduled_citing(sources)
    called_off = []
    with transaction.atomic():
        keys = list(found.values_list("article", flat=True))
        for article in Article.objects.select_for_update().filter(pk__in=keys).order_by("pk"):  # all before the first
            for upcoming in found.filter(article=article):
                revision, at = upcoming.approval.revision, moment_of(article)
                publishing.cancel(upcoming, at)
                why = source_decisions.why_retracted(revision, sources)
                _move("unschedule", article, None, target_of("unschedule", article), revision, why, at=at)
                called_off.append(upcoming)
    return called_off


def withdraw(*, article: Article, actor: User, notice: str) -> Publication:
    """End the live publication, show readers a notice in its place, and return it. Cancel any scheduled publication.

    Raise NotPermitted without the permission to publish, and InvalidTransition without a notice or a live publication.
    """
    with transaction.atomic():
        article = enter("withdraw", article, actor)
        _needs(notice, _("Tell readers what was withdrawn and why."))
        at = moment_of(article)
        for upcoming in article.publications.upcoming():
            publishing.cancel(upcoming, at)
        publication = publishing.live(article).select_related("approval__revision").first()
        if publication is None:
            raise InvalidTransition(_("Readers do not see this article: there is nothing to withdraw."))
        at, target = publishing.end(publication, at, notice=notice), target_of("withdraw", article)
        _move("withdraw", article, actor, target, publication.approval.revision, notice, at=at)
        return publication


def reinstate(*, article: Article, actor: User, reason: str, override_reason: str = "") -> Publication:
    """Publish a withdrawn or expired revision again. `reason` is for readers; see `publish` for `override_reason`.
    Raise NotPermitted without the permission to publish, and InvalidTransition without a reason or such a revision.
    """
    with transaction.atomic():
        ended = publishing.last_ended(article)
        locked = source_decisions.lock_sources(ended.approval.revision if ended else None)
        article = enter("reinstate", article, actor)
        _needs(reason, _("Tell readers why it is back."))
        last = publishing.last_ended(article)
        if last is None:
            raise InvalidTransition(_("This article has no withdrawn version, or it has been reinstated already."))
        publishing.stands_as_approved(last.approval.revision, last.approval.digest)
        at, kind = moment_of(article), ChangeKind.REINSTATEMENT
        publication = publishing.open_publication(article, last.approval, actor, at, at, None, kind, reason)
        is_working_copy = last.approval.revision == publishing.newest(article, None)
        target = target_of("reinstate", article) if is_working_copy else Stage(article.stage)
        if target == WITHDRAWN:  # another revision is approved, and what readers see is no longer withdrawn
            target = APPROVED
        words = source_decisions.log_note(publication, locked, reason, override_reason)
        _move("reinstate", article, actor, target, last.approval.revision, words, at=at)
        return publication


def _lock(article: Article) -> Article:
    return Article.objects.select_for_update().get(pk=article.pk)


def enter(verb: str, article: Article, actor: User) -> Article:
    """Lock and return the article. Raise NotPermitted or InvalidTransition if actor or stage does not allow `verb`."""
    article = _lock(article)
    if not may(actor, verb, article):
        params = {"article": article, "name": actor, "verb": IN_WORDS[verb]}
        raise NotPermitted(_("“%(article)s”: %(name)s may not %(verb)s.") % params)
    target_of(verb, article)
    return article


def _move(
    verb: str,
    article: Article,
    actor: User | None,
    target: Stage,
    revision: Revision | None,
    reason: str = "",
    *,
    at: datetime,
    quorum: int | None = None,
) -> Transition:
    """Change the article's stage, log the change and return the log entry. Without an actor, the log names the site.

    `at` is the time of the change, `quorum` the number of approvals needed from then on, if the action sets it. A
    withdrawn revision gets the stage Withdrawn, not Approved. Raise InvalidTransition if the stage has changed since.
    """
    source = Stage(article.stage)
    if source != target == APPROVED and publishing.stands_withdrawn(article, revision):
        target = WITHDRAWN
    if not Article.objects.filter(pk=article.pk, stage=source).update(stage=target):
        message = _("“%(article)s” has left the stage “%(stage)s”: somebody else has just changed it. Reload the page.")
        raise InvalidTransition(message % {"article": article, "stage": source.label})
    article.stage = target
    logged = Transition.objects.create(
        article=article,
        verb=verb,
        from_stage=source,
        to_stage=target,
        revision=revision,
        actor=actor,
        actor_name=str(actor or THE_SITE),
        at=at,
        reason=reason,
        quorum=quorum,
    )
    notifications.tell_soon(logged)
    return logged


def log(
    verb: str,
    article: Article,
    actor: User,
    revision: Revision,
    reason: str,
    *,
    at: datetime,
    quorum: int | None = None,
) -> Transition:
    """Log an action that keeps the stage; return the entry. Raise InvalidTransition if the stage does not allow it."""
    return _move(verb, article, actor, target_of(verb, article), revision, reason, at=at, quorum=quorum)


def _close(verb: str, article: Article, actor: User, outcome: Outcome, reason: str = "") -> Submission:
    """Close the open submission and return it. Raise InvalidTransition if no submission is open."""
    submission = article.submissions.open().select_related("revision").first()
    closed_at = moment_of(article)
    until = rounds.answers_until(submission, closed_at) if submission and outcome == Outcome.CHANGES_REQUESTED else None
    if submission is None or not article.submissions.open().filter(pk=submission.pk).update(
        outcome=outcome, closed_at=closed_at, answers_until=until
    ):
        raise InvalidTransition(_("No round is open for this article."))
    submission.outcome, submission.closed_at, submission.answers_until = outcome, closed_at, until
    target = target_of(verb, article)
    if submission.reason == Reason.RENEWAL and verb in AFTER_RENEWAL:
        target = PUBLISHED if publishing.shows(article, submission.revision) else APPROVED
    reason = _move(verb, article, actor, target, submission.revision, reason, at=closed_at).reason
    signals.submission_closed.send(sender=Submission, submission=submission, actor=actor, reason=reason)
    return submission


def _needs(words: str, message: str) -> None:
    if not has_words(words):
        raise InvalidTransition(message)
