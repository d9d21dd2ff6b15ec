"""The sitemap (sitemaps.org protocol 0.9) and robots.txt (RFC 9309).

The URLs of articles come from `Publication.objects.visible()`. The protocol allows at most 50,000 URLs in a file, so
the articles are split into parts. The index always has the same URL.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Approval, Publication
from core.db import site_version
from core.public import public
from core.seo import site_map
from website.browse import live_authors, live_topics

LIMIT = 50_000
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


@require_safe
@public(max_age=3600, parameters=())
def index(request: HttpRequest) -> HttpResponse:
    """Return the sitemap index, which lists all parts. Makes one query."""
    parts = range(1, max(1, -(-Publication.objects.visible().count() // LIMIT)) + 1)
    names = [*(reverse("website:sitemap_articles", args=[part]) for part in parts), reverse("website:sitemap_pages")]
    body = "".join(f"<sitemap><loc>{escape(settings.SITE_URL + name)}</loc></sitemap>\n" for name in names)
    return HttpResponse(
        f'{HEAD}<sitemapindex xmlns="{XMLNS}">\n{body}</sitemapindex>\n', content_type="application/xml"
    )


@require_safe
@public(max_age=3600, parameters=())
def articles(request: HttpRequest, part: int) -> StreamingHttpResponse:
    """Return one part of the sitemap of articles, streamed from the database.

    The first part has the number 1. Raise Http404 for a part that does not exist.
    """
    first = (part - 1) * LIMIT
    if part < 1 or part > 1_000_000 or (part > 1 and not Publication.objects.visible().order_by("pk")[first:].exists()):
        raise Http404("No such part.")
    rows = _articles()[first : first + LIMIT].iterator(chunk_size=2000)
    found = ((reverse("website:article", args=[slug]), _changed(*moments)) for slug, *moments in rows)
    response = StreamingHttpResponse(_urlset(found), content_type="application/xml")
    response.headers["ETag"] = _state(part)
    return response


@require_safe
@public(max_age=3600, parameters=())
def pages(request: HttpRequest) -> HttpResponse:
    """Return the sitemap of all pages that are not articles. The apps register these pages with core.seo.site_map."""
    return HttpResponse(_urlset(site_map.all_pages()), content_type="application/xml")


@require_safe
@public(max_age=3600, parameters=())
def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt, which names the sitemap and excludes the internal areas from crawling (RFC 9309, 2.2.2)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in ("/account/", "/admin/", "/board/", "/preview/"))]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('website:sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _articles() -> QuerySet:
    """Return (slug, start of the publication, time of its last review) of all visible articles, in a stable order."""
    return Publication.objects.visible().order_by("pk").values_list("article__slug", "starts_at", "reviewed_at")


def _state(part: int) -> str:
    """Return an ETag for a part of the articles, without generating the part. Makes five queries, each with an index.

    The ETag covers the newest publication, the newest approval, the latest start, the latest end, and the version of
    the site, which changes more often than necessary. This is enough: a publication that replaces another is a new row,
    a renewed review is a new approval, a withdrawal is an end, and a changed slug changes the version of the site.
    """
    rows, now = Publication.objects.order_by(), timezone.now()
    newest = rows.aggregate(at=Max("pk"))["at"], Approval.objects.order_by().aggregate(at=Max("pk"))["at"]
    started = rows.filter(starts_at__lte=now).aggregate(at=Max("starts_at"))["at"]
    ended = rows.filter(ends_at__lte=now).aggregate(at=Max("ends_at"))["at"]
    known = (*newest, started, ended, site_version.read_changes())
    text = repr((settings.SITE_URL, part, *known))
    return f'"{sha256(text.encode()).hexdigest()[:32]}"'


def _changed(starts_at: datetime, reviewed: datetime | None) -> datetime:
    """Return the time of the last change of a page: the start of its version or the last review, if that is later."""
    return max(starts_at, reviewed or starts_at)


def sitemap_pages() -> Iterator[site_map.Page]:
    """Yield (path, None) for the lists and for each topic and author with a published article.

    None means that the time of the last change is unknown.
    """
    now = timezone.now()
    for name in ("home", "topics", "authors", "search", "corrections"):
        yield reverse(f"website:{name}"), None
    for slug in live_topics(now).order_by("pk").values_list("slug", flat=True):
        yield reverse("website:topic", args=[slug]), None
    for slug in live_authors(now).order_by("pk").values_list("slug", flat=True):
        yield reverse("website:author", args=[slug]), None


def _urlset(rows: Iterable[site_map.Page]) -> Iterator[str]:
    """Yield the lines of the document. A page without a known time of change gets no `lastmod`."""
    yield f'{HEAD}<urlset xmlns="{XMLNS}">\n'
    for path, changed in rows:
        when = f"<lastmod>{timezone.localtime(changed).isoformat(timespec='seconds')}</lastmod>" if changed else ""
        yield f"<url><loc>{escape(settings.SITE_URL + path)}</loc>{when}</url>\n"
    yield "</urlset>\n"
