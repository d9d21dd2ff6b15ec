"""Record who has an article's form open, and report saves made since the form was opened."""

from datetime import datetime, timedelta
from typing import TypedDict

from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article, Presence
from core import times

STILL_HERE = timedelta(seconds=60)  # several intervals of the script's requests
KEPT = timedelta(days=1)


class Present(TypedDict):
    """Somebody who has the form open: their name, and the field and section in which they type ("" if they do not)."""

    name: str
    typing_in: str


def arrive(*, article: Article, user: User, at: datetime, typing_in: str = "") -> list[Present]:
    """Record that `user` has the form open at the aware time `at`; return the others who have, sorted by name.

    The row is inserted or updated in one statement, so two people who arrive at the same moment are both recorded. Rows
    more than a day old are deleted, whichever article they belong to. Makes three queries.
    """
    Presence.objects.bulk_create(
        [Presence(article=article, user=user, seen_at=at, typing_in=typing_in)],
        update_conflicts=True,
        unique_fields=["article", "user"],
        update_fields=["seen_at", "typing_in"],
    )
    Presence.objects.filter(seen_at__lt=at - KEPT).delete()
    others = Presence.objects.filter(article=article, seen_at__gt=at - STILL_HERE).exclude(user=user)
    return [
        {"name": str(presence.user), "typing_in": presence.typing_in}
        for presence in others.select_related("user").order_by("user__name", "user_id")
    ]


def newer(*, article: Article, user: User, seen_version: int) -> dict[str, object] | None:
    """Return who has saved since `seen_version` and when, as texts (`by`, `at`), and whether it was `user` (`own`).

    Return None if nobody has. Load `article` with its `saved_by`.
    """
    if article.version <= seen_version:
        return None
    return {
        "by": str(article.saved_by or _("Somebody")),
        "own": article.saved_by_id == user.pk,
        "at": times.moment(article.saved_at),
    }
