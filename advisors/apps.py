from importlib import import_module

from django.apps import AppConfig

from advisors.guards import GUARDS
from betterment import site_map


class AdvisorsConfig(AppConfig):
    name = "advisors"
    verbose_name = "Scientific Advisory Board"
    guards = GUARDS

    def ready(self) -> None:
        from advisors.shown import SHOWN  # knows a model's module, which is there by now

        self.shown = SHOWN
        import_module("advisors.receivers")
        import_module("advisors.health")  # what /readyz asks of this room
        site_map.register(import_module("advisors.public").for_the_sitemap)
