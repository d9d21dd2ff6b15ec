"""Who else has an article's form open, and whether somebody has saved since one opened it."""

from datetime import datetime, timedelta

from accounts.models import User
from articles.models import Article, Presence
from core import times

STILL_HERE = timedelta(seconds=60)  # three of the script's beats
KEPT = timedelta(days=1)


def arrive(*, article: Article, user: User, at: datetime) -> list[str]:
    """Note that `user` has the form open at that time; the names of the others who have, in order.

    One statement writes or renews the row, so that two who arrive at once are both noted. Forgets whoever was last
    seen a day ago, of all articles. Three queries.
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
    """Who has saved since `seen_version`, and when; None where nobody has. `article` comes with its `saved_by`."""
    if article.version <= seen_version:
        return None
    return {
        "by": str(article.saved_by or "Somebody"),
        "own": article.saved_by_id == user.pk,
        "at": times.moment(article.saved_at),
    }
