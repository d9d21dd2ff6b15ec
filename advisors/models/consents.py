"""Consents of advisors to the public use of their name and portrait, and withdrawals."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from advisors.models.members import Advisor
from articles.models import Approval
from articles.models.submissions import newest_approval
from core import times
from core.db.immutable import ImmutableModel, ImmutableQuerySet
from core.fields import ProseField


class NameConsentQuerySet(ImmutableQuerySet["NameConsent"]):
    """Queries for consents."""

    def in_force(self) -> "NameConsentQuerySet":
        """Return the consents in force, at most one per advisor: the newest row, if it is not a withdrawal."""
        later = NameConsent.objects.filter(advisor=OuterRef("advisor"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later), is_given=True)


class NameConsent(ImmutableModel):
    """A consent of an advisor to the public use of their name and portrait, or its withdrawal. The newest row counts.

    `words` is the text that they agreed to, as they read it; a withdrawal repeats the text that it withdraws.
    """

    advisor = models.ForeignKey(Advisor, on_delete=models.PROTECT, related_name="name_consents")
    is_given = models.BooleanField()
    words = ProseField(max_length=2000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    last_approval = models.ForeignKey(
        Approval, on_delete=models.PROTECT, null=True, editable=False, default=newest_approval, related_name="+"
    )

    objects: ClassVar = NameConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to name and portrait")
        verbose_name_plural = _("consents to name and portrait")
        ordering = ["-pk"]

    def __str__(self) -> str:
        said = gettext("Given on %(day)s") if self.is_given else gettext("Withdrawn on %(day)s")
        return said % {"day": times.day(self.made_at)}
