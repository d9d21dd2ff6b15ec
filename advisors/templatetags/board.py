"""For the board's panel in the admin."""

from django import template

register = template.Library()


@register.filter
def of(found: dict, key: object) -> object:
    """What a mapping has under this key, or nothing."""
    return found.get(key)
