"""The log of accesses through the links in emails."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from advisors.models.invitations import ReviewToken
from advisors.models.members import Advisor
from advisors.models.reviews import Review
from core import times
from core.db.immutable import ImmutableModel, ImmutableQuerySet
from core.fields import LineField

LONGEST_DEVICE = 200  # characters


class AccessKind(models.TextChoices):
    """The kinds of access through a link. Those by mail scanners are logged too: they look like accesses by people."""

    INVITATION = "invitation", _("the invitation was opened")
    REVIEW = "review", _("the review was opened")
    REFUSED = "refused", _("refused, because somebody else was signed in")


class LinkAccessQuerySet(ImmutableQuerySet["LinkAccess"]):
    """Queries for accesses."""

    def to(self, review: Review) -> "LinkAccessQuerySet":
        """Return the accesses through the links that open this review."""
        return self.filter(token__in=ReviewToken.objects.to(review))

    def of(self, advisor: Advisor) -> "LinkAccessQuerySet":
        """Return the accesses through the links that this advisor was sent."""
        return self.filter(token__review__advisor=advisor)

    def delete_expired(self, now: datetime) -> int:
        """Delete the accesses whose `kept_until` is not after the aware time `now`, and return their number."""
        return super(ImmutableQuerySet, self.filter(kept_until__lte=now)).delete()[0]


class LinkAccess(ImmutableModel):
    """One access through the link in an email (`token`). It is deleted after `kept_until`, and not before.

    `network` is the network of the client, never the whole address: the /24 of IPv4 or the /48 of IPv6, or “unknown”.
    `device` names browser and system in words or, if they are not known, is the beginning of the User-Agent header.
    """

    token = models.ForeignKey(ReviewToken, on_delete=models.PROTECT, related_name="accesses")
    kind = models.CharField(max_length=10, choices=AccessKind)
    at = models.DateTimeField(default=timezone.now)
    network = models.CharField(max_length=49)
    device = LineField(max_length=LONGEST_DEVICE, blank=True)
    kept_until = models.DateTimeField()

    objects: ClassVar = LinkAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("access through an emailed link")
        verbose_name_plural = _("accesses through emailed links")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AccessKind.values), name="link_access_kind"),
            models.CheckConstraint(condition=Q(kept_until__gt=F("at")), name="link_access_kept"),
        ]
        indexes = [models.Index(fields=["kept_until"], name="link_access_kept_until")]

    def __str__(self) -> str:
        values = {"moment": times.moment(self.at), "what": self.get_kind_display(), "network": self.network}
        return gettext("%(moment)s: %(what)s, from network %(network)s") % values
