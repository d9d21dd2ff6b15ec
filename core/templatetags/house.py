"""A template tag for pages that may ask no database."""

from django import template

from core.house.memory import last_known

register = template.Library()


@register.simple_tag
def last_known_name() -> str:
    """Return the name of the publication as this process last read it, else the default."""
    return last_known().name
