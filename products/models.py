"""Products of the shop and their ingredients. Articles recommend products; the board does not review them."""

from decimal import Decimal
from math import ceil

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import HtmlField, LineField, ProseField
from core.html import clean_link
from core.redirects.fields import AddressField
from pictures.fields import PictureField


class Audience(models.TextChoices):
    """The people for whom a product is made."""

    EVERYONE = "everyone", _("for everyone")
    MEN = "men", _("for men")
    WOMEN = "women", _("for women")


class Kind(models.TextChoices):
    """The kind of a product."""

    SUPPLEMENT = "supplement", _("dietary supplement")
    TOPICAL = "topical", _("for the skin")
    BUNDLE = "bundle", _("set")


_SHELVES = (Audience.EVERYONE, Audience.WOMEN, Audience.MEN)


class ProductQuerySet(models.QuerySet):
    """Queries for products."""

    def on_sale(self) -> "ProductQuerySet":
        """Return the products that are on sale. No others may be offered to readers."""
        return self.filter(is_available=True)

    def by_audience(self) -> "ProductQuerySet":
        """Return the products for everyone first, then for women, then for men, each group sorted by name."""
        ranks = [models.When(audience=audience, then=rank) for rank, audience in enumerate(_SHELVES)]
        return self.annotate(shelf=models.Case(*ranks, default=len(_SHELVES))).order_by("shelf", "name", "pk")


class Product(models.Model):
    """A product and its texts. Its pictures and the amounts of its ingredients have tables of their own."""

    name = LineField(_("name"), max_length=120)
    brand = LineField(_("brand"), max_length=80, blank=True)
    slug = AddressField(_("address"), max_length=80, unique=True, help_text=_("The last part of its web address."))
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience, default=Audience.EVERYONE)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SUPPLEMENT)
    tagline = LineField(_("tagline"), max_length=160, blank=True)
    description = HtmlField(_("description"), blank=True)
    ingredients = ProseField(
        _("list of ingredients"),
        blank=True,
        help_text=_("As on the label: one on each line, with the amount in a serving."),
    )
    directions = ProseField(_("directions"), blank=True)
    cautions = ProseField(_("cautions"), blank=True, help_text=_("Who should ask a doctor first."))
    shop_url = models.URLField(_("web address in the shop"), blank=True)
    is_available = models.BooleanField(_("on sale"), default=True)
    history = HistoricalRecords()

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("product"), _("products")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(audience__in=Audience.values), name="product_audience"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="product_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def needs_fda_statement(self) -> bool:
        """Return whether the statement of 21 CFR 101.93(c) is required: for dietary supplements and sets of them."""
        return self.kind != Kind.TOPICAL

    @property
    def shop_link(self) -> str:
        """Return the URL in the shop if it is safe to link to, else an empty string."""
        return self.shop_url if clean_link(self.shop_url) else ""

    @property
    def ingredient_lines(self) -> list[str]:
        """Return the lines of the list of ingredients, without empty ones."""
        return [line.strip() for line in self.ingredients.splitlines() if line.strip()]

    def was_on_sale(self) -> bool:
        """Return whether the product is or was ever on sale, by its history. Unreleased products are confidential."""
        return self.is_available or self.history.filter(is_available=True).exists()


class ProductPicture(models.Model):
    """A picture of a product, stored under the hash of its content."""

    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.CASCADE, related_name="pictures")
    image = PictureField(_("image"), width_field="width", height_field="height")
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    alternative_text = LineField(
        _("alternative text"), max_length=250, help_text=_("Describe the picture for readers who cannot see it.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name, verbose_name_plural = _("product picture"), _("product pictures")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.alternative_text


class Unit(models.TextChoices):
    """The unit of an amount."""

    GRAM = "g", "g"
    MILLIGRAM = "mg", "mg"
    MICROGRAM = "µg", "µg"


class Ingredient(models.Model):
    """An active ingredient with its daily upper limit for adults and the source of that limit."""

    name = LineField(_("name"), max_length=120, unique=True)
    other_names = ProseField(
        _("other names"),
        blank=True,
        help_text=_("Other names that texts use for it, one on each line: “Mg”, “melatonin”."),
    )
    unit = models.CharField(_("unit"), max_length=2, choices=Unit, default=Unit.MILLIGRAM)
    upper_limit = models.DecimalField(
        _("upper limit a day"),
        max_digits=9,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.001"))],
        help_text=_("For adults, from supplements, in the unit above. Leave it empty if none is on record."),
    )
    limit_source = LineField(
        _("source of the limit"),
        max_length=300,
        blank=True,
        help_text=_("Who set it, in which year, and the web address."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name, verbose_name_plural = _("ingredient"), _("ingredients")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(unit__in=Unit.values), name="ingredient_unit"),
            models.CheckConstraint(
                condition=models.Q(upper_limit=None) | (models.Q(upper_limit__gt=0) & ~models.Q(limit_source="")),
                name="ingredient_limit_has_source",
                violation_error_message=_("Say where the upper limit comes from."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def limit(self) -> str:
        """Return the daily upper limit with its unit, as readers see it, or an empty string if none is on record."""
        return in_words(self.upper_limit, self.unit) if self.upper_limit else ""


def in_words(amount: Decimal, unit: str) -> str:
    """Return an amount as readers see it, such as “1,100 µg”, with a no-break space."""
    return f"{amount.normalize():,f}\u00a0{unit}"


class ProductIngredient(models.Model):
    """The amount of an active ingredient in a daily serving of a product."""

    product = models.ForeignKey(
        Product, verbose_name=_("product"), on_delete=models.CASCADE, related_name="active_ingredients"
    )
    ingredient = models.ForeignKey(
        Ingredient, verbose_name=_("ingredient"), on_delete=models.PROTECT, related_name="products"
    )
    amount = models.DecimalField(
        _("amount a day"),
        max_digits=9,
        decimal_places=3,
        validators=[MinValueValidator(Decimal("0.001"))],
        help_text=_("In the ingredient's unit."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("active ingredient")
        verbose_name_plural = _("active ingredients")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "ingredient"],
                name="product_ingredient_once",
                violation_error_message=_("This ingredient is on the list already."),
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="product_ingredient_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.ingredient}: {self.amount.normalize():f} {self.ingredient.unit}"

    @property
    def dose(self) -> str:
        """Return the daily amount with its unit, as readers see it."""
        return in_words(self.amount, self.ingredient.unit)

    @property
    def share_of_limit(self) -> int | None:
        """Return the daily amount as a percentage of the upper limit, rounded up, or None if there is no limit."""
        limit = self.ingredient.upper_limit
        return ceil(100 * self.amount / limit) if limit else None

    def clean(self) -> None:
        """Raise ValidationError (above_limit) if the amount exceeds the upper limit on record."""
        if self.ingredient_id is None or self.amount is None:
            return
        limit = self.ingredient.upper_limit
        if limit is not None and self.amount > limit:
            raise ValidationError(
                {
                    "amount": ValidationError(
                        _("The upper limit on record is %(limit)s %(unit)s a day (%(source)s)."),
                        code="above_limit",
                        params={
                            "limit": f"{limit.normalize():f}",
                            "unit": self.ingredient.unit,
                            "source": self.ingredient.limit_source,
                        },
                    )
                }
            )
