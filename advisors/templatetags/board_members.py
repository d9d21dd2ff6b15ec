"""The board on the home page: `{% load board_members %}{% board_members as members %}`."""

from django import template

from advisors.models import Advisor

MOST = 6

register = template.Library()


@register.simple_tag
def board_members(most: int = MOST) -> list[Advisor]:
    """Members of the board who show their face, by name, six at most, with their specialties: two queries."""
    active = Advisor.objects.filter(is_active=True).exclude(photo="")
    return list(active.prefetch_related("specialties").order_by("name", "pk")[:most])
