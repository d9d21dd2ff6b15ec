"""The sitemap (sitemaps.org protocol 0.9) and robots.txt (RFC 9309): what there is to read, and since when.

Addresses come in by the door of the readers' pages alone. Past 50,000 addresses (the protocol's limit for a file) the
sitemap is in parts, each named by the index; the index is served always, so its address never changes.
"""

from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Article, Author, Publication, Signatory, Topic
from betterment import site_map
from betterment.http import public
from products.models import Product

LIMIT = 50_000
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


@require_safe
@public(max_age=3600)
def index(request: HttpRequest) -> HttpResponse:
    """The parts of the sitemap. Two queries."""
    parts = range(1, max(1, -(-_articles().count() // LIMIT)) + 1)
    names = [*(reverse("articles:sitemap_articles", args=[part]) for part in parts), reverse("articles:sitemap_pages")]
    body = "".join(f"<sitemap><loc>{escape(settings.SITE_URL + name)}</loc></sitemap>\n" for name in names)
    return HttpResponse(
        f'{HEAD}<sitemapindex xmlns="{XMLNS}">\n{body}</sitemapindex>\n', content_type="application/xml"
    )


@require_safe
@public(max_age=3600)
def articles(request: HttpRequest, part: int) -> StreamingHttpResponse:
    """One part of the articles that readers can open, as it is read from the database; 404 for a part there is not."""
    rows = _articles()
    if part < 1 or part > 1_000_000 or (part > 1 and not rows[(part - 1) * LIMIT : (part - 1) * LIMIT + 1].exists()):
        raise Http404("No such part.")
    rows = rows[(part - 1) * LIMIT : part * LIMIT].iterator(chunk_size=2000)
    found = ((reverse("articles:article", args=[slug]), _changed(*moments)) for slug, *moments in rows)
    return StreamingHttpResponse(_urlset(found), content_type="application/xml")


@require_safe
@public(max_age=3600)
def pages(request: HttpRequest) -> StreamingHttpResponse:
    """Every other page: topics, authors and experts with something to read, products on sale. No drafts' people."""
    return StreamingHttpResponse(_urlset(_pages()), content_type="application/xml")


@require_safe
@public(max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Everything may be read but what is not for readers; says where the sitemap is (RFC 9309, 2.2.2)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in ("/admin/", "/board/", "/preview/"))]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('articles:sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _articles() -> QuerySet:
    """(slug, start of the publication, last approval of its text) of what readers can open, in a steady order."""
    return (
        Publication.objects.visible()
        .annotate(reviewed=Max("approval__revision__approvals__approved_at"))
        .order_by("pk")
        .values_list("article__slug", "starts_at", "reviewed")
    )


def _changed(starts_at: datetime, reviewed: datetime | None) -> datetime:
    """A page changes when another text is published on it, or when its review is renewed."""
    return max(starts_at, reviewed or starts_at)


def _pages() -> Iterator[tuple[str, datetime | None]]:
    live = Article.objects.visible()
    yield reverse("articles:home"), None
    for name in ("articles:topics", "experts:experts", "products:products", "articles:corrections"):
        yield _path(name), None
    topics = Topic.objects.filter(articles__in=live).annotate(n=Count("pk")).order_by("pk")
    for slug in topics.values_list("slug", flat=True):
        yield _path("articles:topic", slug), None
    authors = Author.objects.filter(bylines__revision__approvals__publications__in=Publication.objects.visible())
    for slug in authors.order_by("pk").values_list("slug", flat=True).distinct():
        yield _path("articles:author", slug), None
    experts = Signatory.objects.filter(approval__publications__in=Publication.objects.visible())
    for slug in experts.order_by("slug").values_list("slug", flat=True).distinct():
        yield _path("experts:expert", slug), None
    for slug in Product.objects.on_sale().order_by("pk").values_list("slug", flat=True):
        yield _path("products:product", slug), None
    for path in site_map.paths():
        yield path, None


def _path(name: str, *args: str) -> str:
    """The address, or nothing where the site has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _urlset(rows: Iterator[tuple[str, datetime | None]]) -> Iterator[str]:
    """The file, line by line. Only articles say when they changed: of the others nobody knows."""
    yield f'{HEAD}<urlset xmlns="{XMLNS}">\n'
    for path, changed in rows:
        if path:
            when = f"<lastmod>{timezone.localtime(changed).isoformat(timespec='seconds')}</lastmod>" if changed else ""
            yield f"<url><loc>{escape(settings.SITE_URL + path)}</loc>{when}</url>\n"
    yield "</urlset>\n"
