from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.db.page_addresses import PageAddress
from core.seo import site_map


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = _("Policies")
    page_addresses = (PageAddress("policies_policy", ("/policies/{}/",), "{row}.is_shown", switch="is_shown"),)

    def ready(self) -> None:
        self.watched_tables = import_module("policies.watched_tables").WATCHED_TABLES
        site_map.register(import_module("policies.views").sitemap_pages)
