"""Decisions of editors whether two accounts, or an account and an author without one, are one person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.models.people import Author
from articles.models.submissions import Approval
from articles.names.shown import NameNow
from core.db.immutable import ImmutableModel
from core.fields import LineField, ProseField


class Sides(models.Model):
    """Abstract base: two different accounts or authors, in a fixed order, and both as text in `pair`.

    Accounts come before authors, and the lower primary key first. An author who has an account also represents that
    account.
    """

    first_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("first account")
    )
    first_author = models.ForeignKey(
        Author, models.PROTECT, null=True, related_name="+", verbose_name=_("first author")
    )
    second_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("second account")
    )
    second_author = models.ForeignKey(
        Author, models.PROTECT, null=True, related_name="+", verbose_name=_("second author")
    )
    # Such as “u7 a3”: user 7 and author 3.
    pair = models.CharField(max_length=45, editable=False)

    class Meta:
        abstract = True

    @property
    def first(self) -> User | Author | None:
        """Return the account or author of the first side; None only in a row that is not complete yet."""
        return self.first_account or self.first_author

    @property
    def second(self) -> User | Author | None:
        """Return the account or author of the second side; None only in a row that is not complete yet."""
        return self.second_account or self.second_author


def sides_of(pair: str) -> dict[str, int | None]:
    """Return the values of the four columns of a pair such as “u7 a3”, by the name of the column."""
    first, second = pair.split(" ")
    columns: dict[str, int | None] = {}
    for name, side in (("first", first), ("second", second)):
        columns[f"{name}_account_id"] = int(side[1:]) if side[0] == "u" else None
        columns[f"{name}_author_id"] = int(side[1:]) if side[0] == "a" else None
    return columns


class PersonDecision(Sides, ImmutableModel):
    """An editor's decision that two accounts or authors are one person, or that they are not. The newest one counts.

    `last_approval` is the newest approval of the site at that moment: a clock may be set back, so times cannot prove
    what came first.
    """

    is_same = models.BooleanField(_("one person"))
    note = ProseField(_("note"), max_length=1000)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by_name = LineField(_("decided by"), max_length=120)
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)
    last_approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="+")
    decided_by_shown = NameNow("decided_by_name", "decided_by_id")

    class Meta:
        verbose_name = _("decision on two accounts")
        verbose_name_plural = _("decisions on two accounts")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["pair"], name="person_decision_pair")]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_author=None, second_author=None, first_account__lt=F("second_account"))
                | Q(
                    first_author=None,
                    second_account=None,
                    first_account__isnull=False,
                    second_author__isnull=False,
                )
                | Q(first_account=None, second_account=None, first_author__lt=F("second_author")),
                name="person_decision_sides",
            ),
            models.CheckConstraint(
                condition=(Q(first_account=None) | ~Q(first_account=F("decided_by")))
                & (Q(second_account=None) | ~Q(second_account=F("decided_by"))),
                name="person_decision_by_another",
            ),
            models.CheckConstraint(condition=~Q(note=""), name="person_decision_says_why"),
        ]

    def __str__(self) -> str:
        values = {"first": self.first, "second": self.second}
        if self.is_same:
            return gettext("%(first)s and %(second)s are one person") % values
        return gettext("%(first)s and %(second)s are different people") % values
