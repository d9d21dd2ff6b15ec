"""What stands beside the form of a source: where it is used and since when, what is known of it from outside."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, Prefetch, Q
from django.http import HttpRequest

from accounts.models import User
from articles.models import Article, ArticleSource, Citation, Link, LinkAnswer, Publication, RetractionNotice, Source

ARTICLES_A_PAGE = 20
ANSWERS_SHOWN = 5


@dataclass(frozen=True)
class Use:
    """An article that cites a source: since which revision, in how many, and whether readers see that today."""

    article: Article
    may_open: bool
    first: int
    last: int
    revisions: int
    since: datetime
    is_live: bool
    is_at_hand: bool

    @property
    def is_in_newest(self) -> bool:
        """Whether the newest revision still cites it."""
        return self.last == self.article.newest


def uses(source: Source, user: User, number: str | None = None) -> tuple[Page, list[Use], int]:
    """The articles whose revisions cite the source, the first to do so first: a page of them, its rows, all in number.

    An article that readers cannot see and this person may not open is counted, and not named. Six queries.
    """
    cited = Citation.objects.filter(source=source).order_by()
    live = Publication.objects.visible().filter(approval__revision__citations__source=source)
    known = Article.objects.editable_by(user)
    rows = (
        cited.filter(
            Q(revision__article__in=known.values("pk"))
            | Q(revision__article__in=Publication.objects.visible().values("article"))
        )
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
    articles = Article.objects.annotate(newest=Max("revisions__number")).in_bulk(shown)
    open_to_them = set(known.filter(pk__in=shown).values_list("pk", flat=True))
    is_live = set(live.filter(article__in=shown).values_list("article_id", flat=True))
    at_hand = set(ArticleSource.objects.filter(source=source, article__in=shown).values_list("article_id", flat=True))
    found = [
        Use(
            article=articles[pk],
            may_open=pk in open_to_them,
            first=row["first"],
            last=row["last"],
            revisions=row["revisions"],
            since=row["since"],
            is_live=pk in is_live,
            is_at_hand=pk in at_hand,
        )
        for pk, row in shown.items()
    ]
    return page, found, cited.aggregate(articles=Count("revision__article", distinct=True))["articles"]


def beside(source: Source, request: HttpRequest) -> dict[str, object]:
    """The context of the panels beside a source's form, in a constant number of queries."""
    page, found, in_all = uses(source, request.user, request.GET.get("used"))
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
        "uses_hidden": in_all - page.paginator.count,
        "notices": RetractionNotice.objects.filter(meant).distinct()[:20],
        "lookups": source.lookups.order_by("asked"),
        "links": Link.objects.filter(url__in=addresses).prefetch_related(newest),
        "merged_here": source.merged.order_by("key"),
    }
