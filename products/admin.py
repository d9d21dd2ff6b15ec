"""Products in the admin."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from betterment.editor import PlainEditor
from betterment.fields import HtmlField
from betterment.http import with_csp
from betterment.ordering import OrderedRows
from betterment.past import PastAdmin
from products.models import Ingredient, Product, ProductIngredient, ProductPicture


class PictureInline(OrderedRows, admin.StackedInline):
    model = ProductPicture
    extra = 0
    fields = ("shown", "image", "alternative_text", "position")
    readonly_fields = ("shown",)

    @admin.display(description="")
    def shown(self, picture: ProductPicture) -> str:
        """The picture itself; its words stand beside it."""
        if not picture.image:
            return ""
        return format_html('<img class="product-picture" src="{}" alt="">', picture.image.url)


class IngredientInline(OrderedRows, admin.StackedInline):
    model = ProductIngredient
    extra = 0
    autocomplete_fields = ("ingredient",)

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).select_related("ingredient")


@admin.register(Ingredient)
class IngredientAdmin(PastAdmin):
    list_display = ("name", "upper_limit", "unit", "limit_source")
    search_fields = ("name", "other_names")
    list_per_page = 50


@admin.register(Product)
class ProductAdmin(PastAdmin):
    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        HtmlField: {"widget": PlainEditor("Description", height=220)},
    }
    inlines = [PictureInline, IngredientInline]
    list_display = ("name", "audience", "kind", "is_available")
    list_filter = ("audience", "kind", "is_available")
    search_fields = ("name", "brand", "tagline")
    prepopulated_fields = {"slug": ("name",)}
    list_per_page = 50
    fieldsets = (
        (None, {"fields": ("name", "brand", "slug", "audience", "kind", "tagline", "description")}),
        ("What is in it", {"fields": ("ingredients", "directions", "cautions")}),
        ("In the shop", {"fields": ("shop_url", "is_available")}),
    )

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """The editor writes scripts and styles into its page: the policy is eased here and nowhere else."""
        return with_csp("EDITOR")(super().changeform_view)(request, object_id, form_url, extra_context)
