#!/usr/bin/env python
"""Django's command line for The Betterment Project."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterment.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018 (reads the settings, and with them the environment)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)
