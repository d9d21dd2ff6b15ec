"""For the page that is shown when something is broken: `{% load unhashed_static %}{% file_at 'css/base.css' %}`."""

from django import template
from django.conf import settings
from django.templatetags.static import static

register = template.Library()


@register.simple_tag
def file_at(path: str) -> str:
    """The address of a static file, plain where the collected files cannot name it: that may be what is broken."""
    try:
        return static(path)
    except (ValueError, OSError):
        return f"{settings.STATIC_URL}{path}"
