"""Storage for Django's messages, in a cookie with the __Host- prefix like the other cookies of the site."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _Cookie(CookieStorage):
    cookie_name = "__Host-messages" if settings.PRODUCTION else "messages"


class Storage(FallbackStorage):
    """Stores messages in a signed cookie, or in the session if they are too long (Django's default order)."""

    storage_classes = (_Cookie, SessionStorage)
