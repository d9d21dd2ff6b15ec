"""Check-lists: the questions that editors ask about an article, by topic, and the answers of advisors."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from advisors.models.reviews import Review
from articles.models import Topic
from core.db.immutable import ImmutableModel
from core.fields import LineField, ProseField


class ChecklistItem(models.Model):
    """A question of the check-list, asked about articles on its topics or, without topics, about every article."""

    question = LineField(_("question"), max_length=200)
    hint = LineField(_("hint"), max_length=300, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", verbose_name=_("topics"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_required = models.BooleanField(
        _("required for an approval"),
        default=False,
        help_text=_("A text with the answer “no” cannot be approved. For other questions, a “no” needs a reason."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    history = HistoricalRecords(m2m_fields=[topics])

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("check-list question")
        verbose_name_plural = _("check-list questions")

    def __str__(self) -> str:
        return str(self.question)


class Ticked(models.TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")
    NOT_APPLICABLE = "n/a", _("does not apply")


class ChecklistAnswer(ImmutableModel):
    """An advisor's answer, given with the verdict, together with the question as it was worded then.

    With an approval, a “no” needs `words`, and is refused if the question was required (advisors.guards).
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="ticks")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+")
    question = LineField(max_length=200)
    was_required = models.BooleanField(default=False)
    answer = models.CharField(max_length=3, choices=Ticked)
    words = ProseField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "item"], name="checklist_answer_once"),
            models.CheckConstraint(condition=Q(answer__in=Ticked.values), name="checklist_answer_known"),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.get_answer_display()}"
