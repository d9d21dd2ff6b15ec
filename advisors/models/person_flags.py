"""Flags: two accounts, or an account and an author without one, that may be one person."""

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import PersonDecision
from articles.models.persons import Sides


class PersonFlagQuerySet(models.QuerySet["PersonFlag"]):
    """Queries for flags."""

    def with_decision(self) -> "PersonFlagQuerySet":
        """Return the flags with `is_same`: whether the newest decision says “one person” (None if there is none)."""
        decisions = PersonDecision.objects.filter(pair=OuterRef("pair")).order_by("-pk")
        return self.annotate(is_same=Subquery(decisions.values("is_same")[:1]))

    def undecided(self) -> "PersonFlagQuerySet":
        """Return the flags on which no editor has decided."""
        return self.exclude(Exists(PersonDecision.objects.filter(pair=OuterRef("pair"))))

    def decided(self, *, is_same: bool) -> "PersonFlagQuerySet":
        """Return the flags whose newest decision is “one person” (`is_same`) or, otherwise, “different people”."""
        newest = PersonDecision.objects.filter(pair=OuterRef("pair")).order_by("-pk").values("is_same")[:1]
        return self.alias(newest=Subquery(newest)).filter(newest=is_same)

    def among(self, accounts: set[int], authors: set[int]) -> "PersonFlagQuerySet":
        """Return the flags of which both sides are among these accounts and authors."""
        first = Q(first_account__in=accounts) | Q(first_author__in=authors)
        return self.filter(first, Q(second_account__in=accounts) | Q(second_author__in=authors))

    def with_sides(self) -> "PersonFlagQuerySet":
        """Return the flags with their accounts and authors loaded in the same query."""
        return self.select_related("first_account", "first_author", "second_account", "second_author")


class PersonFlag(Sides):
    """Two sides that may be one person, with the reasons. A job adds flags, and removes them when no reason is left.

    A flag blocks nothing: an editor decides (articles.models.PersonDecision). `reasons` are codes of
    advisors.same_person.likeness.Reason.
    """

    reasons = models.JSONField(_("reasons"), default=list)
    found_at = models.DateTimeField(_("found at"), default=timezone.now)

    objects: ClassVar = PersonFlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible second account")
        verbose_name_plural = _("possible second accounts")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["pair"], name="person_flag_once")]

    def __str__(self) -> str:
        return gettext("%(first)s and %(second)s") % {"first": self.first, "second": self.second}
