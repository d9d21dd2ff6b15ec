from importlib import import_module

from django.apps import AppConfig

from betterment import site_map


class ProductsConfig(AppConfig):
    name = "products"

    def ready(self) -> None:
        from products.shown import SHOWN  # knows a model's module, which is there by now

        self.shown = SHOWN
        site_map.register(import_module("products.views").for_the_sitemap)
