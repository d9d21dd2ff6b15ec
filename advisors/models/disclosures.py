"""Standing disclosures: an advisor's yearly answers to the questions of the ICMJE's form, and to one of our own.

Source: ICMJE Disclosure Form (updated 2021), section 3, which asks item by item about the past 36 months. Our own
question is about fees from this publication, because readers have to know whether it pays those who approve its texts.
"""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from advisors.models.members import Advisor
from articles.models import Topic
from core import times
from core.db.immutable import ImmutableModel, ImmutableQuerySet
from core.fields import ProseField
from products.models import Product


class Question(models.TextChoices):
    """The questions of a disclosure: our own about fees, then those of the ICMJE form, in its order but reworded."""

    FEES = "fees", _("Fees from this publication, for each review or each year")
    GRANTS = "grants", _("Grants or contracts from anybody with an interest in what we write about")
    ROYALTIES = "royalties", _("Royalties or licences")
    CONSULTING = "consulting", _("Consulting fees")
    HONORARIA = "honoraria", _("Payment for lectures, articles, teaching")
    TESTIMONY = "testimony", _("Payment for expert testimony")
    TRAVEL = "travel", _("Support for meetings or travel")
    PATENTS = "patents", _("Patents planned, issued or pending")
    SAFETY_BOARDS = "safety_boards", _("A seat on a data safety monitoring or advisory board")
    LEADERSHIP = "leadership", _("A leading role in a company, society or campaign, paid or unpaid")
    STOCK = "stock", _("Shares or share options")
    GIFTS = "gifts", _("Equipment, materials, gifts or other services")
    OTHER = "other", _("Anything else, money or not, that a reader might want to know of")


class DisclosureQuerySet(ImmutableQuerySet["Disclosure"]):
    """Queries for disclosures."""

    def standing(self, on: date | None = None) -> "DisclosureQuerySet":
        """Return the disclosures that are still valid on that day (default: today in the newsroom's time zone)."""
        return self.filter(valid_until__gte=on or timezone.localdate())


class Disclosure(ImmutableModel):
    """An advisor's answers to all questions, valid until a date. The newest valid one is the standing disclosure."""

    advisor = models.ForeignKey(Advisor, on_delete=models.PROTECT, related_name="disclosures")
    made_at = models.DateTimeField(default=timezone.now)
    valid_until = models.DateField()

    objects: ClassVar = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]  # a clock may be set back, so the newest is the one added last

    def __str__(self) -> str:
        return f"{self.advisor}, {times.day(self.made_at)}"


class DisclosedAnswer(ImmutableModel):
    """The answer to one question: a statement, or an empty string if the advisor answered “none”."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=16, choices=Question)
    statement = ProseField(max_length=1000, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    products = models.ManyToManyField(Product, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "question"], name="disclosed_answer_once"),
            models.CheckConstraint(condition=Q(question__in=Question.values), name="disclosed_answer_question"),
        ]

    def __str__(self) -> str:
        return f"{self.get_question_display()}: {self.statement or gettext('none')}"
