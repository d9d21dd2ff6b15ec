"""Which pages this room has for readers."""

from collections.abc import Iterator

from django.urls import reverse

from betterment import site_map
from policies.models import Policy


@site_map.add
def paths() -> Iterator[str]:
    """The list and each policy that is shown; nothing where none is. One query."""
    shown = list(Policy.objects.shown().values_list("slug", flat=True))
    if shown:
        yield reverse("policies:policies")
    for slug in shown:
        yield reverse("policies:policy", args=[slug])
