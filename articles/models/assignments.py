"""The model that says who has an article, and until when it should be finished."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from articles.models.articles import Article, Stage


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Queries for assignments."""

    def of(self, user: User) -> "AssignmentQuerySet":
        """Return the assignments of the articles that this user has."""
        return self.filter(person=user)

    def unfinished(self) -> "AssignmentQuerySet":
        """Return the assignments of articles whose working copy is not published, so that their deadline matters."""
        return self.exclude(article__stage=Stage.PUBLISHED)

    def overdue(self, today: date) -> "AssignmentQuerySet":
        """Return the unfinished assignments whose deadline was before the day `today`."""
        return self.unfinished().filter(due_on__lt=today)


class Assignment(models.Model):
    """Who has an article (`person`; None: nobody) and its deadline (`due_on`, a day in the newsroom's time zone).

    Only `articles.assignments.assigning` writes a row. An article that was never assigned has none.
    """

    article = models.OneToOneField(
        Article, on_delete=models.PROTECT, related_name="assignment", verbose_name=_("article")
    )
    # The index by person and deadline also serves look-ups by person.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    due_on = models.DateField(_("deadline"), null=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set at"))
    history = HistoricalRecords()

    objects: ClassVar = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        default_permissions = ()
        indexes = [
            models.Index(fields=["person", "due_on"], name="assignment_person_due"),
            models.Index(fields=["due_on"], name="assignment_due"),
        ]

    def __str__(self) -> str:
        return str(self.person) if self.person else gettext("Nobody")

    @property
    def is_unfinished(self) -> bool:
        """Return whether the article's working copy is not published. Load the assignment with its `article`."""
        return self.article.stage != Stage.PUBLISHED

    @property
    def is_overdue(self) -> bool:
        """Return whether the deadline was before today, in the newsroom's time zone, and the article is unfinished."""
        return self.due_on is not None and self.due_on < timezone.localdate() and self.is_unfinished
