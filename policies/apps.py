from importlib import import_module

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = "Policies"

    def ready(self) -> None:
        import_module("policies.pages")  # tells betterment.site_map which pages there are
