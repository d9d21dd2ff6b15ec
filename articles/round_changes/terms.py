"""Changing the terms of an open round: the approvals needed, and the topics that need a specialist.

The terms follow from the topics when a text is submitted. Afterwards only an editor changes them, with a reason that
the reviewers and the record of the article show.
"""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from articles import signals, workflow
from articles.exceptions import InvalidTransition
from articles.models import Article, RoundTerms, Submission, TermsChange, Topic
from articles.models.moments import moment_of
from articles.review_terms import lowest_quorum
from core.text import has_words

MOST_APPROVALS = 20


def change_terms(
    *,
    article: Article,
    actor: User,
    quorum: int,
    reason: str,
    specialists: Collection[Topic] = (),
    seen_change: int | None = None,
) -> Submission:
    """Change the terms of the open round, log the change, and let the board decide if its verdicts suffice now.

    `specialists` are all topics that need a specialist from now on. `seen_change` is the primary key of the newest
    change that the actor has seen, 0 if there was none. Return the round. Raise NotPermitted for anybody but an editor.
    Raise InvalidTransition if no round is open, if there is a newer change than `seen_change`, without a reason, for a
    quorum below the newsroom's own, above MOST_APPROVALS or out of the board's reach, for topics that the article does
    not have, and if nothing would change. A quorum out of reach is accepted if it is the present one or the newsroom's
    own.
    """
    with transaction.atomic():
        article = workflow.enter("change_terms", article, actor)
        submission = article.submissions.open().select_related("article", "revision").first()
        if submission is None:
            raise InvalidTransition(_("No round is open for this article."))
        before, after = submission.terms_now(), RoundTerms(quorum, tuple(sorted(specialists, key=str)))
        _refuse_unseen(submission, seen_change)
        _refuse_unfit(submission, before, after, reason)
        at = moment_of(article)
        workflow.log(
            *("change_terms", article, actor, submission.revision, _in_words(before, after, reason)),
            at=at,
            quorum=quorum,
        )
        change = TermsChange(
            submission=submission,
            quorum_before=before.quorum,
            quorum=quorum,
            reason=reason,
            changed_by=actor,
            changed_by_name=str(actor),
            changed_at=at,
        )
        try:
            change.clean_fields()
        except ValidationError as error:
            raise InvalidTransition(" ".join(error.messages)) from error
        change.save()
        change.specialists.set(after.specialists)
        signals.terms_changed.send(
            sender=Submission,
            submission=submission,
            actor=actor,
            change=change,
            dropped=_without(before.specialists, after.specialists),
            added=_without(after.specialists, before.specialists),
        )
        return submission


def dropped_specialists(submission: Submission) -> list[Topic]:
    """Return the topics that needed a specialist when the round was submitted and need none now."""
    return _without(tuple(submission.specialists.all()), submission.terms_now().specialists)


def _refuse_unseen(submission: Submission, seen: int | None) -> None:
    """Raise InvalidTransition if the terms were changed after the actor looked at them."""
    newest = submission.terms_changes.first()
    if seen is not None and newest is not None and newest.pk != seen:
        message = _("%(name)s has changed the terms in the meantime (%(change)s). Look at them first.")
        raise InvalidTransition(message % {"name": newest.changed_by_shown, "change": newest})


def _refuse_unfit(submission: Submission, before: RoundTerms, after: RoundTerms, reason: str) -> None:
    """Raise InvalidTransition without a reason, and for terms that are not possible or change nothing."""
    if not has_words(reason):
        raise InvalidTransition(_("Say why you change the terms: the reviewers and the public record show it."))
    lowest = lowest_quorum()
    if not lowest <= after.quorum <= MOST_APPROVALS:
        message = _("A round needs at least %(lowest)s and at most %(most)s approvals.")
        raise InvalidTransition(message % {"lowest": lowest, "most": MOST_APPROVALS})
    if after.quorum not in (lowest, before.quorum):
        _refuse_out_of_reach(submission, after.quorum)
    known = {*submission.article.topics.values_list("pk", flat=True), *(topic.pk for topic in before.specialists)}
    if strangers := [topic for topic in after.specialists if topic.pk not in known]:
        message = _("The article is not on “%(topic)s”, so it needs no specialist in it.")
        raise InvalidTransition(message % {"topic": strangers[0]})
    if after.quorum == before.quorum and set(after.specialists) == set(before.specialists):
        raise InvalidTransition(_("These are the terms of the round already."))


def _refuse_out_of_reach(submission: Submission, quorum: int) -> None:
    """Raise InvalidTransition if another app says that the round can never have so many approvals."""
    hindrances = signals.quorum_hindrance_wanted.ask(Submission, submission=submission, quorum=quorum)
    if found := [hindrance for hindrance in hindrances if hindrance]:
        raise InvalidTransition(" ".join(found))


def _in_words(before: RoundTerms, after: RoundTerms, reason: str) -> str:
    """Return the old and the new terms with the reason, for the log, which is never translated."""
    return f"From {_terms_in_words(before)} to {_terms_in_words(after)}. {reason}"


def _terms_in_words(terms: RoundTerms) -> str:
    approvals = f"{terms.quorum} approval{'' if terms.quorum == 1 else 's'}"
    names = get_text_list([f"“{topic}”" for topic in terms.specialists], "and")
    return f"{approvals} with a specialist in {names}" if names else approvals


def _without(topics: Collection[Topic], others: Collection[Topic]) -> list[Topic]:
    return [topic for topic in topics if topic not in set(others)]
