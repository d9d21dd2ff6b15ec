"""What the shop sells. Recommended beside articles, never part of what the board reviews."""

from django.db import models
from simple_history.models import HistoricalRecords

from betterment.fields import HtmlField, LineField, PictureField, ProseField


class Audience(models.TextChoices):
    EVERYONE = "everyone", "for everyone"
    MEN = "men", "for men"
    WOMEN = "women", "for women"


class Kind(models.TextChoices):
    SUPPLEMENT = "supplement", "dietary supplement"
    TOPICAL = "topical", "for the skin"
    BUNDLE = "bundle", "set"


class ProductQuerySet(models.QuerySet):
    """Reads of products."""

    def on_sale(self) -> "ProductQuerySet":
        """Products that readers may be shown."""
        return self.filter(is_available=True)


class Product(models.Model):
    """One product, with its pictures in order."""

    name = LineField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    audience = models.CharField("for whom", max_length=10, choices=Audience, default=Audience.EVERYONE)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SUPPLEMENT)
    tagline = LineField(max_length=160, blank=True)
    description = HtmlField(blank=True)
    ingredients = ProseField(blank=True, help_text="One on each line, with its amount in a serving.")
    directions = ProseField(blank=True)
    cautions = ProseField(blank=True, help_text="Who should ask a doctor first.")
    shop_url = models.URLField("address in the shop", blank=True)
    is_available = models.BooleanField("on sale", default=True)
    history = HistoricalRecords()

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(audience__in=Audience.values), name="product_audience"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="product_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def needs_fda_statement(self) -> bool:
        """Whether the statement of 21 CFR 101.93(c) belongs beside it: dietary supplements and sets of them."""
        return self.kind != Kind.TOPICAL


class ProductPicture(models.Model):
    """A picture of a product, kept under the hash of its content."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="pictures")
    image = PictureField(width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alternative_text = LineField(max_length=250, help_text="What one sees, for those who do not see it.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.alternative_text
