"""The link to the inbox, with the number of unread notifications, for the header of the newsroom's pages."""

from django import template

register = template.Library()


@register.inclusion_tag("admin/inbox/_link.html")
def newsroom_inbox() -> dict[str, object]:
    """Return the context of the link, which is empty: a script asks for the number, so that no page waits for it."""
    return {}
