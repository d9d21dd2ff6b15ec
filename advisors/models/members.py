"""Members of the board and the panel of an article."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from accounts.models import Profile
from articles.models import Article, Topic
from betterment.fields import ProseField


class Advisor(Profile):
    """A member of the Scientific Advisory Board."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="advisor")
    specialties = models.ManyToManyField(Topic, blank=True, related_name="advisors")
    disclosure = ProseField(
        "standing disclosure", max_length=2000, blank=True, help_text="Interests that readers should know of."
    )
    is_active = models.BooleanField("on the board", default=True)
    history = HistoricalRecords(m2m_fields=[specialties])

    class Meta:
        ordering = ["name"]


class PanelMemberQuerySet(models.QuerySet):
    """Reads of panels."""

    def asked(self) -> "PanelMemberQuerySet":
        """Those whom a submission asks: decided by an editor, still on the board."""
        return self.filter(confirmed=True, advisor__is_active=True)


class PanelMember(models.Model):
    """An advisor for an article. Writers propose, editors decide; those decided on are asked at each submission."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="panel")
    advisor = models.ForeignKey(Advisor, on_delete=models.PROTECT, related_name="panels")
    confirmed = models.BooleanField("decided by an editor", default=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = PanelMemberQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "advisor"],
                name="panel_member_once",
                violation_error_message="This advisor is on the panel already.",
            )
        ]

    def __str__(self) -> str:
        return str(self.advisor)
