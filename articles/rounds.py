"""The review round of an article: the answers that are still awaited, and the lock on the article's text."""

from datetime import datetime, time, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from articles.exceptions import InvalidTransition
from articles.models import Article, Stage, Submission
from articles.signals import answers_awaited, round_ended
from core import times


def closing(article: Article) -> Submission | None:
    """Return the round with changes requested in which some reviewers may still answer, or None."""
    if article.stage != Stage.CHANGES_REQUESTED:
        return None
    return article.submissions.closing().select_related("revision").first()


def awaited(submission: Submission) -> list[str]:
    """Return the names of the reviewers who have accepted but not answered (signal `answers_awaited`)."""
    answers = answers_awaited.ask(sender=Submission, submission=submission)
    return [name for names in answers for name in names]


def answers_until(submission: Submission, now: datetime) -> datetime | None:
    """Return the answer deadline after a request for changes: the aware time at which the due date ends.

    Return None if nobody is awaited or that time has passed. The due date is a day in the newsroom's time zone.
    """
    day_after = datetime.combine(submission.due_on + timedelta(days=1), time.min, timezone.get_current_timezone())
    return day_after if now < day_after and awaited(submission) else None


def end_if_answered(*, submission: Submission, actor: User) -> None:
    """End a closing round if no answer is awaited any more. `actor` is the reviewer who answered last.

    Call this in a transaction that holds the article's lock.
    """
    found = Submission.objects.closing().select_related("revision").filter(pk=submission.pk).first()
    if found is not None and not awaited(found):
        end_answers(found, actor)


def end_answers(submission: Submission, actor: User, reason: str = "") -> None:
    """End a closing round and send `round_ended`. Only `end_if_answered` and `workflow.end_round` call this.

    `answers_until` is set to `closed_at`, so that the round is over whatever the clock says.
    """
    Submission.objects.closing().filter(pk=submission.pk).update(answers_until=F("closed_at"))
    submission.answers_until = submission.closed_at
    round_ended.send(sender=Submission, submission=submission, actor=actor, reason=reason)


def refuse_while_locked(article: Article) -> None:
    """Raise InvalidTransition, with advice for the user, if reviewers are reading the text.

    The row of `article` has to be locked in this transaction.
    """
    if not article.is_locked:
        return
    submission = closing(article)
    if submission is None:
        raise InvalidTransition(_("The board is reading this text. Recall it before you change it."))
    message = _("%(answering)s An editor can end the round sooner.")
    raise InvalidTransition(message % {"answering": still_answering(submission)})


def still_answering(submission: Submission) -> str:
    """Return a message about a closing round: who may still answer, until when, and when the lock ends."""
    names = get_text_list(awaited(submission), _("and")) or _("Somebody")
    return _(
        "Changes are requested, and %(names)s may still answer until %(day)s. "
        "The text can be changed as soon as they have answered, and after that day at the latest."
    ) % {"names": names, "day": times.day(submission.due_on)}
