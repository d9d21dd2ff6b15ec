"""Moving the due date of an open round."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles import signals, workflow
from articles.exceptions import InvalidTransition
from articles.models import Article, Submission
from articles.models.moments import moment_of
from core import times


def change_due_date(*, article: Article, actor: User, due_on: date, reason: str = "") -> Submission:
    """Move the due date of the open round, and return the round. Reviewers are told, and reminders follow the new date.

    `due_on` is a day in the newsroom's time zone, today at the earliest; `reason` is for the reviewers. Raise
    NotPermitted for anybody but an editor, and InvalidTransition if no round is open, or if the day has passed or is
    the due date already.
    """
    with transaction.atomic():
        article = workflow.enter("change_due_date", article, actor)
        submission = article.submissions.open().select_related("revision").first()
        if submission is None:
            raise InvalidTransition(_("No round is open for this article."))
        before = submission.due_on
        if due_on < timezone.localdate():
            raise InvalidTransition(_("That day has passed. Choose today or a later one."))
        if due_on == before:
            raise InvalidTransition(_("That is the due date already."))
        article.submissions.filter(pk=submission.pk).update(due_on=due_on)
        submission.due_on = due_on
        told = f"From {times.day(before)} to {times.day(due_on)}. {reason}".strip()
        workflow.log("change_due_date", article, actor, submission.revision, told, at=moment_of(article))
        signals.due_date_changed.send(
            sender=Submission, submission=submission, actor=actor, before=before, reason=reason
        )
        return submission
