"""A bare Django view with a constant, for the server that the site runs on: what Django costs where nothing is done.

The constant is the file that BENCH_BODY names. No middleware, no database, no address of the site.
"""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[], SECRET_KEY="bench-" * 10)
django.setup()
BODY = Path(os.environ["BENCH_BODY"]).read_bytes()


def constant(request: HttpRequest) -> HttpResponse:
    """The bytes, whatever is asked."""
    return HttpResponse(BODY)


urlpatterns = [path("", constant)]
application = get_wsgi_application()
