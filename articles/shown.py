"""What of this room readers' pages show, for whoever keeps such pages: tables, and what changes by the clock.

What a revision holds is not here: it never changes, and a publication shows it. The same goes for what is written in
one transaction with an approval (submissions, and the board's reviews).
"""

from datetime import datetime

from django.db.models import QuerySet

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
def publications(after: datetime) -> list[QuerySet]:
    """The next scheduled start, and the next end, of a publication after that moment. Each by an index."""
    rows = Publication.objects.filter(cancelled_at=None)
    return [
        rows.filter(starts_at__gt=after).order_by("starts_at").values_list("starts_at", flat=True)[:1],
        rows.filter(ends_at__gt=after).order_by("ends_at").values_list("ends_at", flat=True)[:1],
    ]
