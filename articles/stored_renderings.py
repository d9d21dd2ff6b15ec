"""Which stored pages an older version of the renderer made, and making them anew."""

from django.db.models import F, Q

from articles.drafting import keep_rendering
from articles.models import Revision
from articles.rendering import RENDERER


def outdated() -> list[int]:
    """Return the keys of the revisions whose page an older renderer made, or is missing.

    What readers may ask for comes first, and of that the latest.
    """
    old = Revision.objects.filter(Q(rendering=None) | ~Q(rendering__renderer=RENDERER))
    keys = old.order_by(F("approvals").desc(nulls_last=True), "-pk").values_list("pk", flat=True)
    return list(dict.fromkeys(keys))


def rebuild(key: int) -> None:
    """Render the page of the revision with this key anew and store it."""
    keep_rendering(Revision.objects.prefetch_related("citations").get(pk=key))
