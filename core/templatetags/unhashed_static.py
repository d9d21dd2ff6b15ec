"""URLs of static files for error pages. Usage: `{% load unhashed_static %}{% static_or_plain 'css/base.css' %}`."""

from django import template
from django.conf import settings
from django.templatetags.static import static

register = template.Library()


@register.simple_tag
def static_or_plain(path: str) -> str:
    """Return the URL of a static file: its hashed name, or the plain one if the manifest is missing or broken."""
    try:
        return static(path)
    except (ValueError, OSError):
        return f"{settings.STATIC_URL}{path}"
