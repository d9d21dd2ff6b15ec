from importlib import import_module

from django.apps import AppConfig


class ChecksConfig(AppConfig):
    name = "checks"
    verbose_name = "Editorial checks"

    def ready(self) -> None:
        import_module("checks.product_pages").watch()
