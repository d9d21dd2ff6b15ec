"""Corrections of the accounts behind names: who asked for one, and how it ended."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from advisors.models.members import Advisor
from articles.models import Author
from articles.names.shown import NameNow
from core.db.immutable import ImmutableModel, ImmutableQuerySet
from core.fields import LineField, ProseField


class Corrected(models.TextChoices):
    """The kinds of correction, by what is changed."""

    ADVISOR = "advisor", _("the account of an advisor")
    AUTHOR = "author", _("the account of an author")
    ADDRESS = "address", _("the email address of an account")


class CorrectionEnd(models.TextChoices):
    """The ways in which a request for a correction can end."""

    BY_LINK = "by_link", _("confirmed by the link in an email")
    BY_ADMINISTRATOR = "by_admin", _("confirmed by an administrator")
    REFUSED = "refused", _("refused by the link in an email")
    WITHDRAWN = "withdrawn", _("withdrawn by an editor")
    EXPIRED = "expired", _("not confirmed in time")


CONFIRMED = (CorrectionEnd.BY_LINK, CorrectionEnd.BY_ADMINISTRATOR)


class AccountCorrectionQuerySet(ImmutableQuerySet["AccountCorrection"]):
    """Queries for corrections."""

    def waiting(self) -> "AccountCorrectionQuerySet":
        """Return the requests that have not ended, including those whose time has run out since."""
        return self.filter(outcome=None)

    def confirmed(self) -> "AccountCorrectionQuerySet":
        """Return the confirmed corrections in the order in which they were confirmed."""
        return self.filter(outcome__ended__in=CONFIRMED).order_by("outcome__pk")


class AccountCorrection(ImmutableModel):
    """An editor's request to change an account that has signed or written something, or its email address.

    It takes effect when a second person confirms it: by the link sent to `confirm_address`, the address held at the
    last signature, or as an administrator who is not involved. For a changed address, both accounts are the same;
    otherwise both addresses are those of the accounts when the request was made.
    """

    corrected = models.CharField(_("what is corrected"), max_length=8, choices=Corrected)
    advisor = models.ForeignKey(
        Advisor, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("advisor")
    )
    author = models.ForeignKey(
        Author, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    old_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("present account")
    )
    new_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("right account")
    )
    old_address = models.EmailField(_("present address"))
    new_address = models.EmailField(_("right address"))
    confirm_address = models.EmailField(_("confirmed from"))
    reason = ProseField(_("reason"), max_length=1000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_by_name = LineField(_("asked by"), max_length=120)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    expires_at = models.DateTimeField(_("to be confirmed until"))

    asked_by_shown = NameNow("asked_by_name", "asked_by_id")

    objects: ClassVar = AccountCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of an account")
        verbose_name_plural = _("corrections of accounts")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(corrected=Corrected.ADVISOR, advisor__isnull=False, author=None)
                | Q(corrected=Corrected.AUTHOR, advisor=None, author__isnull=False)
                | Q(corrected=Corrected.ADDRESS, advisor=None, author=None),
                name="account_correction_of_one",
            ),
            models.CheckConstraint(
                condition=(Q(corrected=Corrected.ADDRESS) & Q(old_account=F("new_account")))
                | (~Q(corrected=Corrected.ADDRESS) & ~Q(old_account=F("new_account"))),
                name="account_correction_accounts",
            ),
            models.CheckConstraint(
                condition=~Q(old_address=F("new_address")), name="account_correction_changes_the_address"
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("old_account")) & ~Q(asked_by=F("new_account")),
                name="account_correction_by_another",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="account_correction_says_why"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="account_correction_can_expire"),
        ]

    def __str__(self) -> str:
        values = {"whom": self.whom, "old": self.old_address, "new": self.new_address}
        if self.corrected == Corrected.ADDRESS:
            return gettext("Address of %(whom)s: %(old)s to %(new)s") % values
        return gettext("Account of %(whom)s: %(old)s to %(new)s") % values

    @property
    def whom(self) -> str:
        """Return the name of the advisor or author or, for an address, of the account."""
        return str(self.advisor or self.author or self.old_account)

    @property
    def is_waiting(self) -> bool:
        """Return whether the request has not ended and can still be confirmed."""
        return not hasattr(self, "outcome") and timezone.now() < self.expires_at


class CorrectionOutcome(ImmutableModel):
    """The outcome of a correction request. `by` is None if the link in an email ended it or its time ran out.

    `words` says how an administrator has made sure, or why somebody withdrew or refused it.
    """

    correction = models.OneToOneField(AccountCorrection, on_delete=models.PROTECT, related_name="outcome")
    ended = models.CharField(max_length=9, choices=CorrectionEnd)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = LineField(max_length=254, blank=True)
    at = models.DateTimeField(default=timezone.now)
    words = ProseField(max_length=1000, blank=True)
    by_shown = NameNow("by_name", "by_id")

    class Meta:
        verbose_name = _("outcome of a correction")
        verbose_name_plural = _("outcomes of corrections")
        constraints = [
            models.CheckConstraint(condition=Q(ended__in=CorrectionEnd.values), name="correction_outcome_end"),
            models.CheckConstraint(
                condition=Q(ended__in=[CorrectionEnd.BY_ADMINISTRATOR, CorrectionEnd.WITHDRAWN], by__isnull=False)
                | (~Q(ended__in=[CorrectionEnd.BY_ADMINISTRATOR, CorrectionEnd.WITHDRAWN]) & Q(by=None)),
                name="correction_outcome_by",
            ),
            models.CheckConstraint(
                condition=~Q(ended=CorrectionEnd.BY_ADMINISTRATOR) | ~Q(words=""), name="correction_outcome_says_how"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ended_display()}: {self.correction}"

    @property
    def is_confirmed(self) -> bool:
        """Return whether the account or the address was changed."""
        return self.ended in CONFIRMED
