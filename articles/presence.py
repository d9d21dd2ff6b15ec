"""Record who has an article's form open, and report saves made since the form was opened."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article, Presence
from core import times

STILL_HERE = timedelta(seconds=60)  # three intervals of the script's requests
KEPT = timedelta(days=1)


def arrive(*, article: Article, user: User, at: datetime) -> list[str]:
    """Record that `user` has the form open at the aware time `at`; return the sorted names of others who have.

    The row is inserted or updated in one statement, so two people who arrive at the same moment are both recorded. Rows
    more than a day old are deleted, whichever article they belong to. Makes three queries.
    """
    Presence.objects.bulk_create(
        [Presence(article=article, user=user, seen_at=at)],
        update_conflicts=True,
        unique_fields=["article", "user"],
        update_fields=["seen_at"],
    )
    Presence.objects.filter(seen_at__lt=at - KEPT).delete()
    others = Presence.objects.filter(article=article, seen_at__gt=at - STILL_HERE).exclude(user=user)
    return [str(presence.user) for presence in others.select_related("user").order_by("user__name", "user_id")]


def newer(*, article: Article, user: User, seen_version: int) -> dict[str, object] | None:
    """Return who has saved since `seen_version` and when, or None if nobody has. Load `article` with its `saved_by`."""
    if article.version <= seen_version:
        return None
    return {
        "by": str(article.saved_by or _("Somebody")),
        "own": article.saved_by_id == user.pk,
        "at": times.moment(article.saved_at),
    }
