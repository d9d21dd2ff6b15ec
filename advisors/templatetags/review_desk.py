"""For the desk's pages."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.simple_tag
def kept_reply(typed: Mapping[str, str], comment_id: int, answer: tuple[int, str] | None) -> str:
    """The words of an answer that was begun in a thread: those just refused, else those kept of an earlier visit."""
    if answer and answer[0] == comment_id:
        return answer[1]
    return typed.get(f"reply_{comment_id}", "")
