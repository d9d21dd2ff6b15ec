"""What of this room readers' pages show, for whoever keeps such pages: tables, and what changes by the clock.

What a revision holds is not here: it never changes, and a publication shows it. The same goes for what is written in
one transaction with an approval (submissions, and the board's reviews).
"""

from datetime import datetime

from django.db.models import Min

from articles.models import Publication
from betterment.freshness import Shown, next_change_by

SHOWN = (
    Shown("articles_publication"),
    Shown("articles_approval"),
    Shown("articles_article", columns=("slug",), on=("UPDATE",)),
    Shown("articles_article_topics"),
    Shown("articles_recommendation"),
    Shown("articles_topic"),
    Shown("articles_author"),
    Shown("articles_source", on=("UPDATE",)),
    Shown("articles_searchentry"),
)


@next_change_by
def publications(after: datetime) -> datetime | None:
    """The next scheduled start or end of a publication after that moment. Two queries, each by an index."""
    rows = Publication.objects.filter(cancelled_at=None)
    start = rows.filter(starts_at__gt=after).aggregate(at=Min("starts_at"))["at"]
    end = rows.filter(ends_at__gt=after).aggregate(at=Min("ends_at"))["at"]
    return min(filter(None, (start, end)), default=None)
