"""The button that opens the newsroom's search, and its dialog, for the header of a page."""

from django import template
from django.template import Context

from core.admin.search.finding import may_search

register = template.Library()


@register.inclusion_tag("admin/search/_dialog.html", takes_context=True)
def newsroom_search(context: Context) -> dict[str, object]:
    """Return the context of the dialog. It is shown to those who belong to the newsroom, and to nobody else."""
    request = context.get("request")
    return {"is_shown": request is not None and may_search(request)}
