"""Vouches: who has checked that an account belongs to the person whose name the advisor bears."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from advisors.models.members import Advisor
from core.db.immutable import ImmutableModel, ImmutableQuerySet
from core.fields import LineField, ProseField


class VouchQuerySet(ImmutableQuerySet["Vouch"]):
    """Queries for vouches."""

    def valid(self) -> "VouchQuerySet":
        """Return the vouches for the account, address and name that the advisors have now."""
        return self.filter(
            account=models.F("advisor__user"),
            address=models.F("advisor__user__email"),
            name=models.F("advisor__name"),
        )


class Vouch(ImmutableModel):
    """Somebody's word that this account, with this email address, belongs to the person who bears this name.

    It ceases to be valid when the account, its address or the name changes: then somebody has to check again.
    """

    advisor = models.ForeignKey(Advisor, on_delete=models.PROTECT, related_name="vouches")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField()
    name = LineField(max_length=120)
    vouched_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    vouched_by_name = LineField(max_length=120)
    vouched_at = models.DateTimeField(default=timezone.now)
    how = ProseField(max_length=500)

    objects: ClassVar = VouchQuerySet.as_manager()

    class Meta:
        ordering = ["-vouched_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(how=""), name="vouch_says_how"),
            models.CheckConstraint(condition=~Q(account=models.F("vouched_by")), name="vouch_for_somebody_else"),
        ]

    def __str__(self) -> str:
        return _("%(person)s vouches for %(name)s") % {"person": self.vouched_by_name, "name": self.name}
