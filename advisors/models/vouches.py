"""Vouches: who has checked that an account belongs to the person whom the advisor's name denotes."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from advisors.models.members import Advisor
from articles.models import Approval
from articles.models.names import UnderName
from articles.models.submissions import newest_approval
from articles.names.shown import NameNow
from core.db.immutable import ImmutableQuerySet
from core.fields import LineField, ProseField


class VouchQuerySet(ImmutableQuerySet["Vouch"]):
    """Queries for vouches."""

    def valid(self) -> "VouchQuerySet":
        """Return the vouches for the account, address and name that the advisors have now."""
        return self.filter(
            account=models.F("advisor__user"),
            address=models.F("advisor__user__email"),
            signed_name__name=models.F("advisor__name"),
            signed_name__shown_as=None,
        )


class Vouch(UnderName):
    """The statement of an editor or administrator that this account, with this email address, belongs to the named
    person.

    It ceases to be valid when the account, its address or the name changes: then somebody has to check again.
    """

    advisor = models.ForeignKey(Advisor, on_delete=models.PROTECT, related_name="vouches")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField()
    vouched_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    vouched_by_name = LineField(max_length=120)
    vouched_at = models.DateTimeField(default=timezone.now)
    how = ProseField(max_length=500)
    last_approval = models.ForeignKey(
        Approval, on_delete=models.PROTECT, null=True, editable=False, default=newest_approval, related_name="+"
    )

    vouched_by_shown = NameNow("vouched_by_name", "vouched_by_id")

    objects: ClassVar = VouchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(how=""), name="vouch_says_how"),
            models.CheckConstraint(condition=~Q(account=models.F("vouched_by")), name="vouch_for_somebody_else"),
        ]

    def __str__(self) -> str:
        return _("%(person)s vouches for %(name)s") % {"person": self.vouched_by_shown, "name": self.name}
