"""Products and ingredients in the admin."""

from decimal import Decimal

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.admin import search
from core.admin.history import HistoryAdmin
from core.admin.inlines import OrderedInlineMixin
from core.admin.search import SearchedModel
from core.fields import HtmlField
from core.http import with_csp
from core.rich_text import PlainEditor
from products.models import Ingredient, Product, ProductIngredient, ProductPicture
from products.signals import product_remarks_wanted


class PictureInline(OrderedInlineMixin, admin.StackedInline):
    """The pictures of a product, with previews."""

    model = ProductPicture
    extra = 0
    fields = ("shown", "image", "alternative_text", "position")
    readonly_fields = ("shown",)

    @admin.display(description=_("preview"))
    def shown(self, picture: ProductPicture) -> str:
        """Return the HTML of a preview of the picture, or "" for a new row."""
        if not picture.image:
            return ""
        return format_html('<img class="product-picture" src="{}" alt="">', picture.image.url)


class AmountField(forms.DecimalField):
    """A form field for a decimal number, shown without trailing zeros: 400, not 400.000."""

    def prepare_value(self, value: object) -> object:
        """Return a stored number as text without trailing zeros; return typed text as it is."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


AMOUNTS = {models.DecimalField: {"form_class": AmountField}}


class IngredientInline(OrderedInlineMixin, admin.StackedInline):
    """The active ingredients of a product."""

    model = ProductIngredient
    formfield_overrides = AMOUNTS
    extra = 0
    autocomplete_fields = ("ingredient",)
    readonly_fields = ("amount_a_day",)

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).select_related("ingredient")

    def get_fields(self, request: HttpRequest, obj: Product | None = None) -> tuple[str, ...]:
        """Return the names of the fields. Users who may only view the row see the amount with its unit."""
        if self.has_change_permission(request, obj) or self.has_add_permission(request, obj):
            return ("ingredient", "amount", "position")
        return ("ingredient", "amount_a_day")

    @admin.display(description=_("amount a day"))
    def amount_a_day(self, row: ProductIngredient) -> str:
        """Return the daily amount with its unit, as readers see it."""
        return row.dose


@admin.register(Ingredient)
class IngredientAdmin(HistoryAdmin):
    """Active ingredients with their upper limits."""

    formfield_overrides = AMOUNTS
    list_display = ("name", "limit_a_day", "limit_source")
    readonly_fields = ("limit_a_day",)
    search_fields = ("name", "other_names")
    list_per_page = 50

    def get_fields(self, request: HttpRequest, obj: Ingredient | None = None) -> tuple[str, ...]:
        """Return the names of the fields. Users who may only view the ingredient see the limit with its unit."""
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        limit = ("unit", "upper_limit") if may_write else ("limit_a_day",)
        return ("name", "other_names", *limit, "limit_source")

    @admin.display(description=_("upper limit a day"), ordering="upper_limit", empty_value=_("none on record"))
    def limit_a_day(self, ingredient: Ingredient) -> str:
        """Return the limit with its unit, as readers see it."""
        return ingredient.limit


@admin.register(Product)
class ProductAdmin(HistoryAdmin):
    """Products with their pictures and active ingredients."""

    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        HtmlField: {"widget": PlainEditor(_("Description"), height=220)},
    }
    inlines = [PictureInline, IngredientInline]
    list_display = ("name", "audience", "kind", "is_available")
    list_filter = ("audience", "kind", "is_available")
    search_fields = ("name", "brand", "tagline")
    prepopulated_fields = {"slug": ("name",)}
    list_per_page = 50
    fieldsets = (
        (None, {"fields": ("name", "brand", "slug", "audience", "kind", "tagline", "description")}),
        (_("Ingredients"), {"fields": ("ingredients", "directions", "cautions")}),
        (_("In the shop"), {"fields": ("shop_url", "is_available")}),
    )

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> None:
        """Save the pictures and ingredients, and show remarks of higher-level apps on the product's text."""
        super().save_related(request, form, formsets, change)
        answers = product_remarks_wanted.send(sender=Product, product=form.instance)
        for level, remark in (pair for _receiver, answer in answers for pair in answer):
            messages.add_message(request, level, remark)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Return the form with a content security policy that allows the inline code of the rich-text editor."""
        return with_csp("EDITOR")(super().changeform_view)(request, object_id, form_url, extra_context)


search.add(SearchedModel(Product, ("name",), lambda product: product.tagline, 50))
search.add(SearchedModel(Ingredient, ("name",), lambda ingredient: ingredient.other_names, 60))
