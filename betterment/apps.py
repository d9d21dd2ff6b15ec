"""The roof's app configurations: the site-wide pieces and the admin."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class BettermentConfig(AppConfig):
    name = "betterment"
    verbose_name = "The site"

    def ready(self) -> None:
        import_module("betterment.checks")
        import_module("betterment.mail_health")  # here, so that /readyz asks it before what the rooms above name


class BettermentAdminConfig(AdminConfig):
    default_site = "betterment.admin.BettermentAdminSite"
