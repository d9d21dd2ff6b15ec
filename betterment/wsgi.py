"""The WSGI callable that a server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterment.settings")
application = get_wsgi_application()

from pagecache.setup import with_page_store  # noqa: E402 (the settings are there by now)

application = with_page_store(application)
