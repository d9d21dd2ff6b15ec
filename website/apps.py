from importlib import import_module

from django.apps import AppConfig

from core.seo import site_map
from website.guards import GUARDS


class WebsiteConfig(AppConfig):
    name = "website"
    guards = GUARDS

    def ready(self) -> None:
        self.watched_tables = import_module("website.watched_tables").WATCHED_TABLES
        import_module("website.product_articles")  # connects a receiver
        site_map.register(import_module("website.sitemaps").sitemap_pages)
