"""Tags and filters for pages that show reviews: `{% load reviews %}`."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def lookup(mapping: Mapping, key: object) -> object:
    """Return the value of this key, or None."""
    return mapping.get(key)


@register.simple_tag
def reply_draft(typed: Mapping[str, str], comment_id: int, refused: tuple[int, str] | None) -> str:
    """Return the words of a reply that was begun in a thread: those just refused, else those of the draft."""
    if refused and refused[0] == comment_id:
        return refused[1]
    return typed.get(f"reply_{comment_id}", "")
