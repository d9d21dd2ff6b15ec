"""App configurations: the project's system checks, and the admin with the project's own admin site."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class BettermentConfig(AppConfig):
    name = "betterment"
    verbose_name = _("The site")

    def ready(self) -> None:
        import_module("betterment.checks")


class BettermentAdminConfig(AdminConfig):
    default_site = "betterment.admin.BettermentAdminSite"
