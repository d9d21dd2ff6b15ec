from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        import_module("jobs.health")  # registers the readiness check of the runner
        import_module("jobs.upkeep")
        # Each app describes its jobs in a module `jobs.py`, which registers them when it is imported.
        autodiscover_modules("jobs")
