"""What a page says to machines: `{% load machines %}{% json_ld data %}`."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from betterment.json_ld import script

register = template.Library()


@register.simple_tag
def json_ld(data: Any) -> SafeString:
    """A graph (betterment.json_ld.graph) as the script element of the page."""
    return script(data)
