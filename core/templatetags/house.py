"""Template tags for house settings, for templates that may be rendered without the context processor."""

from django import template

from core.house.addresses import icon
from core.house.memory import house, last_known
from core.language import language_tag

register = template.Library()
register.simple_tag(language_tag)


@register.simple_tag
def house_setting(name: str) -> str:
    """Return the value in force of a field of the house settings (core.house.versions.FIELDS).

    Use this tag if the value must not be missing: the variable HOUSE exists only in templates rendered with a request.
    """
    return house().value(name)


@register.simple_tag
def house_icon() -> str:
    """Return the path of the publication's icon (core.house.addresses.icon)."""
    return icon(house())


@register.simple_tag
def last_known_name() -> str:
    """Return the name of the publication as this process last read it, or the default name. Makes no query."""
    return last_known().name
