"""Production's settings for a server that a test starts, without collected static files and without TLS."""

from betterment.settings import *  # noqa: F403
from betterment.settings import STORAGES

SECURE_SSL_REDIRECT = False
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
