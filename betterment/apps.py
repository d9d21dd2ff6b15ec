"""The roof's app configurations: the site-wide pieces and the admin."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class BettermentConfig(AppConfig):
    name = "betterment"
    verbose_name = "The site"

    def ready(self) -> None:
        from betterment import freshness  # knows a model, which is there by now

        import_module("betterment.checks")
        post_migrate.connect(freshness.install_after_migrate, dispatch_uid="freshness")


class BettermentAdminConfig(AdminConfig):
    default_site = "betterment.admin.BettermentAdminSite"
