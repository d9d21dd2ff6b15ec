from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.guards import GUARDS, SHORTENED


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("The publication")
    guards, derived_columns = GUARDS, SHORTENED
