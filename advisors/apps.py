from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from advisors.guards import GUARDS
from core.seo import site_map


class AdvisorsConfig(AppConfig):
    name = "advisors"
    verbose_name = _("Scientific Advisory Board")
    guards = GUARDS

    def ready(self) -> None:
        self.watched_tables = import_module("advisors.watched_tables").WATCHED_TABLES
        import_module("advisors.receivers")
        import_module("advisors.homepage")
        site_map.register(import_module("advisors.public_pages").for_the_sitemap)
