from importlib import import_module

from django.apps import AppConfig

from betterment import site_map


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = "Policies"

    def ready(self) -> None:
        from policies.shown import SHOWN

        self.shown = SHOWN
        site_map.register(import_module("policies.pages").for_the_sitemap)
