"""Members of the board, and the panel of an article."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Profile
from articles.models import Article, Topic
from core.db.immutable import UndeletableModel, UndeletableQuerySet
from core.fields import ProseField


class Advisor(Profile):
    """A present or former member of the Scientific Advisory Board."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="advisor",
        verbose_name=_("user"),
        help_text=_("Once they have signed something, only a correction by two people can change it."),
    )
    specialties = models.ManyToManyField(Topic, blank=True, related_name="advisors", verbose_name=_("specialties"))
    disclosure = ProseField(
        _("standing disclosure"), max_length=2000, blank=True, help_text=_("Interests that readers should know of.")
    )
    is_active = models.BooleanField(_("on the board"), default=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text=_("Who added them to the board, and so cannot vouch for their identity."),
    )
    history = HistoricalRecords(m2m_fields=[specialties])

    class Meta:
        verbose_name = _("advisor")
        verbose_name_plural = _("advisors")
        ordering = ["name"]
        constraints = [
            # An author may have the ORCID of an advisor, because one person can be both.
            models.UniqueConstraint(
                fields=["orcid"],
                condition=~Q(orcid=""),
                name="advisor_orcid_once",
                violation_error_code="unique",
                violation_error_message=_("Another advisor has this ORCID, and one person is one advisor."),
            ),
        ]


class PanelEnd(models.TextChoices):
    """The ways in which a place on a panel, or a proposal, can end."""

    NONE = "", _("not ended")
    TURNED_DOWN = "turned_down", _("turned down")
    WITHDRAWN = "withdrawn", _("withdrawn")
    TAKEN_OFF = "taken_off", _("removed from the reviewers")


class PanelMemberQuerySet(UndeletableQuerySet["PanelMember"]):
    """Queries for the members of panels."""

    def standing(self) -> "PanelMemberQuerySet":
        """Return the confirmed and the proposed reviewers, except those whose place or proposal has ended."""
        return self.filter(ended=PanelEnd.NONE)

    def asked(self) -> "PanelMemberQuerySet":
        """Return the reviewers whom a submission invites: confirmed by an editor and still on the board."""
        return self.filter(confirmed=True, advisor__is_active=True)

    def waiting(self) -> "PanelMemberQuerySet":
        """Return the proposals on which an editor still has to decide."""
        return self.standing().filter(confirmed=False)


class PanelMember(UndeletableModel):
    """An advisor proposed or confirmed as a reviewer of an article. A submission invites the confirmed reviewers.

    A row records one proposal and is never deleted: an editor decides on the proposal, or it ends. An advisor who is
    proposed or confirmed again after that gets a new row.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="panel")
    advisor = models.ForeignKey(Advisor, on_delete=models.PROTECT, related_name="panels", verbose_name=_("advisor"))
    confirmed = models.BooleanField(_("decided by an editor"), default=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    proposed_at = models.DateTimeField(
        default=timezone.now,
        null=True,
        editable=False,
        help_text=_("Empty for proposals from before this was recorded."),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    ended = models.CharField(max_length=12, choices=PanelEnd, default=PanelEnd.NONE, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, editable=False)
    end_reason = ProseField(max_length=500, blank=True, editable=False)

    objects: ClassVar = PanelMemberQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("reviewer")
        verbose_name_plural = _("reviewers")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "advisor"],
                condition=Q(ended=""),
                name="panel_member_once",
                violation_error_message=_("This advisor is a reviewer of this article already."),
            ),
            models.CheckConstraint(condition=Q(ended__in=PanelEnd.values), name="panel_member_ended"),
            models.CheckConstraint(
                condition=Q(ended="", ended_by=None, ended_at=None)
                | (~Q(ended="") & Q(confirmed=False, ended_by__isnull=False, ended_at__isnull=False)),
                name="panel_member_end_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["article"], condition=Q(confirmed=False, ended=""), name="panel_member_waiting"),
        ]

    def __str__(self) -> str:
        return str(self.advisor)

    @property
    def is_waiting(self) -> bool:
        """Return whether an editor still has to decide on this proposal."""
        return not self.confirmed and self.ended == PanelEnd.NONE

    @property
    def state(self) -> str:
        """Return the state of the proposal in words."""
        if self.ended:
            return str(PanelEnd(self.ended).label)
        return gettext("confirmed") if self.confirmed else gettext("waiting for an editor to confirm")
