from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from advisors.guards import GUARDS
from core.db.page_addresses import PageAddress
from core.seo import site_map


class AdvisorsConfig(AppConfig):
    name = "advisors"
    verbose_name = _("Scientific Advisory Board")
    guards = GUARDS
    # Every member has a page from the day on which an editor adds them (advisors.public_pages).
    page_addresses = (PageAddress("advisors_advisor", ("/experts/{}/",), "{row}.id IS NOT NULL"),)

    def ready(self) -> None:
        self.watched_tables = import_module("advisors.watched_tables").WATCHED_TABLES
        import_module("advisors.receivers")
        import_module("advisors.quorum.departures")
        import_module("advisors.quorum.withdrawn_consents")
        import_module("advisors.homepage")
        site_map.register(import_module("advisors.public_pages").for_the_sitemap)
