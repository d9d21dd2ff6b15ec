"""The template tag for JSON-LD. Usage: `{% load json_ld %}{% json_ld data %}`."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from core.seo.json_ld import script

register = template.Library()


@register.simple_tag
def json_ld(data: Any) -> SafeString:
    """Return a graph (core.seo.json_ld.graph) as a JSON-LD `script` element."""
    return script(data)
