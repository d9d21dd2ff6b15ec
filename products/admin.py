"""Products in the admin."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from products.models import Product, ProductPicture


class PictureInline(admin.StackedInline):
    model = ProductPicture
    extra = 0
    fields = ("image", "alternative_text", "position")


@admin.register(Product)
class ProductAdmin(SimpleHistoryAdmin):
    inlines = [PictureInline]
    list_display = ("name", "audience", "kind", "is_available")
    list_filter = ("audience", "kind", "is_available")
    search_fields = ("name", "tagline")
    prepopulated_fields = {"slug": ("name",)}
    list_per_page = 50
    fieldsets = (
        (None, {"fields": ("name", "slug", "audience", "kind", "tagline", "description")}),
        ("What is in it", {"fields": ("ingredients", "directions", "cautions")}),
        ("In the shop", {"fields": ("shop_url", "is_available")}),
    )
