"""Messages between two pages, in a cookie that is named and bound as our other cookies are."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _Cookie(CookieStorage):
    cookie_name = "__Host-messages" if settings.PRODUCTION else "messages"


class Storage(FallbackStorage):
    """Django's own order: a signed cookie for what is short, the session for what is long."""

    storage_classes = (_Cookie, SessionStorage)
