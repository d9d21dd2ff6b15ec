from importlib import import_module

from django.apps import AppConfig

from core.seo import site_map
from website.guards import GUARDS
from website.page_addresses import PAGE_ADDRESSES


class WebsiteConfig(AppConfig):
    name = "website"
    guards, page_addresses = GUARDS, PAGE_ADDRESSES

    def ready(self) -> None:
        self.watched_tables = import_module("website.watched_tables").WATCHED_TABLES
        import_module("website.product_articles")  # connects a receiver
        site_map.register(import_module("website.sitemaps").sitemap_pages)
