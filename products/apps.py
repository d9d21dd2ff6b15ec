from importlib import import_module

from django.apps import AppConfig

from core.db.page_addresses import PageAddress
from core.seo import site_map


class ProductsConfig(AppConfig):
    name = "products"
    page_addresses = (PageAddress("products_product", ("/products/{}/",), "{row}.is_available", switch="is_available"),)

    def ready(self) -> None:
        self.watched_tables = import_module("products.watched_tables").WATCHED_TABLES
        site_map.register(import_module("products.views").sitemap_pages)
