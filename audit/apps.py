from importlib import import_module

from django.apps import AppConfig

from audit.guards import GUARDS
from core.seo import site_map


class AuditConfig(AppConfig):
    name = "audit"
    guards = GUARDS

    def ready(self) -> None:
        self.watched_tables = import_module("audit.watched_tables").WATCHED_TABLES
        import_module("audit.checks")
        import_module("audit.receivers")
        import_module("audit.version_files")
        import_module("audit.weekly_seal")
        site_map.register(import_module("audit.reader_pages").sitemap_pages)
