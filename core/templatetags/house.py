"""Template tags for house settings where a template may have no context of the site."""

from django import template

from core.house.memory import house, last_known

register = template.Library()


@register.simple_tag
def house_setting(name: str) -> str:
    """Return the value in force of a field of the house settings (core.house.versions.FIELDS).

    For what must not be missing: the variable HOUSE exists only where a page was rendered for a request.
    """
    return house().value(name)


@register.simple_tag
def last_known_name() -> str:
    """Return the name of the publication as this process last read it, else the default."""
    return last_known().name
