"""The WSGI application, with the page cache in front."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterment.settings")
application = get_wsgi_application()

from pagecache.cache import with_page_cache  # noqa: E402 (needs the settings)

application = with_page_cache(application)
