"""Tags and filters for pages that show reviews. Usage: `{% load reviews %}`."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def lookup(mapping: Mapping, key: object) -> object:
    """Return the value for this key, or None."""
    return mapping.get(key)


@register.simple_tag
def reply_draft(typed: Mapping[str, str], comment_id: int, refused: tuple[int, str] | None) -> str:
    """Return the unsent reply in a thread: the one just refused, else the one in the draft, else an empty string."""
    if refused and refused[0] == comment_id:
        return refused[1]
    return typed.get(f"reply_{comment_id}", "")
