"""Reconsider open rounds when an advisor leaves the board, comes back, or changes specialty.

A verdict counts only while its advisor is on the board; once the board has decided, the decision stands. Importing this
module connects the receivers, which run in the transaction of the save. `QuerySet.update` sends no signals: after it,
the round is reconsidered with the next verdict or vouch. Even so, the database refuses a signatory who has left.
"""

from typing import Any

from django.db.models.signals import m2m_changed, post_save, pre_save

from accounts.models import User
from advisors.models import Advisor
from advisors.quorum import decisions, emails
from advisors.quorum.standing import standing
from articles.models import Submission

WAS_ACTIVE = "_was_active"  # the attribute in which the state before a save is noted


def remember_who_was_there(sender: type, instance: Advisor | User, **kwargs: Any) -> None:
    """Receive pre_save: note whether the stored row is active, so that `tell` sees a change."""
    before = type(instance).objects.filter(pk=instance.pk).values_list("is_active", flat=True).first()
    setattr(instance, WAS_ACTIVE, before)


def tell(sender: type, instance: Advisor | User, created: bool, **kwargs: Any) -> None:
    """Receive post_save: reconsider the open rounds of an advisor who has left or come back, and tell the editors."""
    if created or getattr(instance, WAS_ACTIVE) == instance.is_active:
        return
    advisor = instance if isinstance(instance, Advisor) else Advisor.objects.filter(user=instance).first()
    if advisor is None:
        return
    for submission in decisions.reconsider_rounds_of(advisor, advisor.user):
        submission = Submission.objects.select_related("article", "revision").get(pk=submission.pk)
        if submission.is_open and not instance.is_active:
            emails.advisor_left(submission, advisor, standing(submission).in_words)


def reconsider_specialties(sender: type, instance: Any, action: str, reverse: bool, **kwargs: Any) -> None:
    """Receive m2m_changed of the specialties: an open round may have been waiting for this specialty."""
    if action == "post_add" and not reverse:
        decisions.reconsider_rounds_of(instance, instance.user)


for model in (Advisor, User):
    name = model.__name__
    pre_save.connect(remember_who_was_there, sender=model, dispatch_uid=f"board-before-departure-{name}")
    post_save.connect(tell, sender=model, dispatch_uid=f"board-departure-{name}")
m2m_changed.connect(reconsider_specialties, sender=Advisor.specialties.through, dispatch_uid="board-specialties")
