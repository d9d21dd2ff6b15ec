"""The model of redirects."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Length, Now, StrIndex, Substr
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.db.page_addresses import TABLE, PageAddress, every_address
from core.redirects.paths import OUTSIDE
from core.redirects.validation import validate_redirect

MAX_PATH_LENGTH = 200


def _is_within_the_site(name: str) -> models.Q:
    """Return the condition for a path of this site: browsers take `//` and `/\\` for the beginning of another host."""
    return models.Q(**{f"{name}__startswith": "/"}) & ~(
        models.Q(**{f"{name}__startswith": "//"}) | models.Q(**{f"{name}__contains": "\\"})
    )


class RedirectQuerySet(models.QuerySet):
    """Queries for redirects."""

    def leading_elsewhere(self) -> "RedirectQuerySet":
        """Return the redirects to another address. The other rows only reserve an address for its page."""
        return self.exclude(to_path=models.F("from_path"))

    def with_target(self) -> "RedirectQuerySet":
        """Annotate each redirect with `is_dead`, which is true if it leads to the address of a deleted page (a 404).

        The database looks for the page by the rules of core.db.page_addresses, through the index of its slug. A page
        that exists and is hidden from readers at present does not count as deleted.
        """
        dead = Q()
        for rule in every_address():
            for path in rule.paths:
                dead |= _leads_nowhere(rule, *path.split("{}"))
        found: RedirectQuerySet = self.annotate(is_dead=models.Case(models.When(dead, then=True), default=False))
        return found


def _leads_nowhere(rule: PageAddress, before: str, after: str) -> Q:
    """Return the condition for a redirect to an address by this rule that no row has.

    The address consists of `before`, a slug and `after`.
    """
    model = next(model for model in apps.get_models() if model._meta.db_table == rule.table)

    def slug(path: F | OuterRef) -> Substr:
        return Substr(path, len(before) + 1, Length(path) - len(before) - len(after))

    has_one_slug: Exact = Exact(StrIndex(slug(F("to_path")), Value("/")), 0)
    address = Q(to_path__startswith=before, to_path__endswith=after) & Q(has_one_slug)
    return address & ~Q(Exists(model._default_manager.filter(slug=slug(OuterRef("to_path")))))


class Redirect(models.Model):
    """An address, and the address to which it leads.

    Triggers write a row when the address of a public page changes (core.db.page_addresses), and editors add rows by
    hand. A row whose two paths are the same keeps an address that was public from being used for another page.
    """

    from_path = models.CharField(
        _("old address"),
        max_length=MAX_PATH_LENGTH,
        unique=True,
        error_messages={"unique": _("There is a redirect from this address already. Change that one.")},
        help_text=_("Without the name of the site, such as /blog/sleep/."),
    )
    to_path = models.CharField(
        _("leads to"),
        max_length=MAX_PATH_LENGTH,
        db_index=True,
        help_text=_("The address of a page of this site, such as /topics/sleep/."),
    )
    is_manual = models.BooleanField(_("added by hand"), default=True, db_default=False, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("by"),
    )
    made_at = models.DateTimeField(_("since"), db_default=Now(), editable=False)
    history = HistoricalRecords()

    objects = RedirectQuerySet.as_manager()

    class Meta:
        db_table = TABLE
        ordering = ["-made_at", "-pk"]
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        constraints = [
            models.CheckConstraint(
                condition=_is_within_the_site("from_path") & _is_within_the_site("to_path"),
                name="redirect_within_the_site",
                violation_error_message=OUTSIDE,
            )
        ]

    def __str__(self) -> str:
        return self.from_path

    def clean(self) -> None:
        """Raise ValidationError unless this redirect may be saved (core.redirects.validation)."""
        validate_redirect(self)
