"""Which pages this room has for readers."""

from collections.abc import Iterator

from django.urls import reverse

from core.seo import site_map
from policies.models import Policy


def for_the_sitemap() -> Iterator[site_map.Page]:
    """The list and each policy that is shown, with its last change; nothing where none is. One query."""
    shown = list(Policy.objects.shown().values_list("slug", "updated_at"))
    if shown:
        yield reverse("policies:policies"), max(changed for _, changed in shown)
    for slug, changed in shown:
        yield reverse("policies:policy", args=[slug]), changed
