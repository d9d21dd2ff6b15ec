"""The round of an article that is before the board: who is still awaited, and how long its text stays locked."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.text import get_text_list

from accounts.models import User
from articles.exceptions import InvalidTransition
from articles.models import Article, Stage, Submission
from articles.signals import answers_awaited, round_ended
from core import times


def closing(article: Article) -> Submission | None:
    """Return the round that came back with changes requested and in which some may still answer, if there is one."""
    if article.stage != Stage.CHANGES_REQUESTED:
        return None
    return article.submissions.closing().select_related("revision").first()


def awaited(submission: Submission) -> list[str]:
    """Return the names of those who have accepted the review and not answered, as `answers_awaited` is answered."""
    answers = answers_awaited.send(sender=Submission, submission=submission)
    return [name for _, names in answers for name in names]


def answers_until(submission: Submission, now: datetime) -> datetime | None:
    """Return until when those awaited may answer after changes were requested: the end of the due date.

    None where nobody is awaited, or that moment has passed.
    """
    day_after = datetime.combine(submission.due_on + timedelta(days=1), time.min, timezone.get_current_timezone())
    return day_after if now < day_after and awaited(submission) else None


def end_if_answered(*, submission: Submission, actor: User) -> None:
    """End the time for answers after changes were requested where nobody is awaited any more; `actor` was the last.

    Call it in a transaction that holds the article's lock.
    """
    found = Submission.objects.closing().select_related("revision").filter(pk=submission.pk).first()
    if found is not None and not awaited(found):
        end_answers(found, actor)


def end_answers(submission: Submission, actor: User, reason: str = "") -> None:
    """End a closing round now and send `round_ended`. For `end_if_answered` and `workflow.end_round`."""
    now = timezone.now()
    Submission.objects.closing().filter(pk=submission.pk).update(answers_until=now)
    submission.answers_until = now
    round_ended.send(sender=Submission, submission=submission, actor=actor, reason=reason)


def refuse_while_locked(article: Article) -> None:
    """Raise InvalidTransition where reviewers are reading the text, and say what to do about it.

    Call it with a row that is locked in this transaction.
    """
    if not article.is_locked:
        return
    submission = closing(article)
    if submission is None:
        raise InvalidTransition("The board is reading this text. Recall it before you change it.")
    raise InvalidTransition(f"{still_answering(submission)} An editor can end the round sooner.")


def still_answering(submission: Submission) -> str:
    """Return on a closing round who may still answer and until when, and from when on the text can be changed."""
    names = get_text_list(awaited(submission), "and") or "Somebody"
    return (
        f"Changes are requested, and {names} may still answer until {times.day(submission.due_on)}. "
        "The text can be changed as soon as they have answered, and after that day at the latest."
    )
