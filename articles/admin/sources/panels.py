"""The panels beside the form of a source: articles that use it, notices, look-ups and links."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.sessions import signed_in
from articles.models import Article, ArticleSource, Citation, Publication
from sources.models import Link, LinkAnswer, RetractionNotice, Source

ARTICLES_A_PAGE = 20
ANSWERS_SHOWN = 5


@dataclass(frozen=True)
class SourceUse:
    """An article that cites a source. A user who may not open the article sees its public title.

    `first` and `last` are the lowest and the highest number of the citing revisions, `revisions` is how many there are,
    and `since` the aware time of the first; for a user who may not open the article, they cover only the revision that
    readers see. `is_in_newest` says whether the newest revision still cites the source, `is_live` whether readers see a
    revision that does, and `is_at_hand` whether the source is attached to the article.
    """

    article: Article
    title: str
    may_open: bool
    first: int
    last: int
    revisions: int
    since: datetime
    is_in_newest: bool
    is_live: bool
    is_at_hand: bool


def uses(source: Source, user: User, number: str | None = None) -> tuple[Page, list[SourceUse]]:
    """Return a page of the articles that cite the source and that the user may know of, and the rows of that page.

    The article that cited the source first comes first. An invalid page `number` gives the first or last page. The
    number of queries is constant.
    """
    rows = (
        Citation.objects.readable_by(user)
        .filter(source=source)
        .order_by()
        .values("revision__article")
        .annotate(
            first=Min("revision__number"),
            last=Max("revision__number"),
            since=Min("revision__created_at"),
            revisions=Count("pk"),
        )
        .order_by("since", "revision__article_id")
    )
    page = Paginator(rows, ARTICLES_A_PAGE).get_page(number)
    shown = {row["revision__article"]: row for row in page.object_list}
    every: QuerySet[Article] = Article.objects.all()
    articles = every.annotate(newest=Max("revisions__number")).in_bulk(shown)
    open_to_them = set(Article.objects.editable_by(user).filter(pk__in=shown).values_list("pk", flat=True))
    live = Publication.objects.visible().filter(article__in=shown, approval__revision__citations__source=source)
    seen = dict(live.values_list("article_id", "approval__revision__title"))
    at_hand = set(ArticleSource.objects.filter(source=source, article__in=shown).values_list("article_id", flat=True))
    found = [
        SourceUse(
            article=articles[pk],
            title=str(articles[pk]) if pk in open_to_them else seen[pk],
            may_open=pk in open_to_them,
            first=row["first"],
            last=row["last"],
            revisions=row["revisions"],
            since=row["since"],
            is_in_newest=row["last"] == articles[pk].newest,
            is_live=pk in seen,
            is_at_hand=pk in at_hand,
        )
        for pk, row in shown.items()
        if pk in open_to_them or pk in seen  # a publication may have ended between two queries
    ]
    return page, found


def beside(source: Source, request: HttpRequest) -> dict[str, object]:
    """Return the template context of the panels beside a source's form. The number of queries is constant."""
    page, found = uses(source, signed_in(request), request.GET.get("used"))
    meant = Q(source=source)
    if source.doi:
        meant |= Q(doi=source.doi)
    if source.pmid:
        meant |= Q(pmid=source.pmid)
    addresses = {address for address in (source.url, source.link, source.archived_url) if address}
    newest = Prefetch("answers", LinkAnswer.objects.order_by("-at", "-pk")[:ANSWERS_SHOWN], to_attr="newest")
    return {
        "uses_page": page,
        "uses": found,
        "notices": RetractionNotice.objects.filter(meant).distinct()[:20],
        "lookups": source.lookups.order_by("asked"),
        "links": Link.objects.filter(url__in=addresses).prefetch_related(newest),
        "merged_here": source.merged.order_by("key"),
    }
