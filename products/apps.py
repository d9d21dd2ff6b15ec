from importlib import import_module

from django.apps import AppConfig

from core.seo import site_map


class ProductsConfig(AppConfig):
    name = "products"

    def ready(self) -> None:
        self.watched_tables = import_module("products.watched_tables").WATCHED_TABLES
        site_map.register(import_module("products.views").sitemap_pages)
