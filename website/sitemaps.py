"""The sitemap (sitemaps.org protocol 0.9) and robots.txt (RFC 9309): what there is to read, and since when.

Addresses come in by the door of the readers' pages alone. Past 50,000 addresses (the protocol's limit for a file) the
sitemap is in parts, each named by the index; the index is served always, so its address never changes.
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
from core.seo import site_map
from pagecache import site_version
from pagecache.public import public
from website.browse import live_authors, live_topics

LIMIT = 50_000
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


@require_safe
@public(max_age=3600, parameters=())
def index(request: HttpRequest) -> HttpResponse:
    """The parts of the sitemap. One query, which counts and joins nothing."""
    parts = range(1, max(1, -(-Publication.objects.visible().count() // LIMIT)) + 1)
    names = [*(reverse("website:sitemap_articles", args=[part]) for part in parts), reverse("website:sitemap_pages")]
    body = "".join(f"<sitemap><loc>{escape(settings.SITE_URL + name)}</loc></sitemap>\n" for name in names)
    return HttpResponse(
        f'{HEAD}<sitemapindex xmlns="{XMLNS}">\n{body}</sitemapindex>\n', content_type="application/xml"
    )


@require_safe
@public(max_age=3600, parameters=())
def articles(request: HttpRequest, part: int) -> StreamingHttpResponse:
    """One part of the articles that readers can open, as it is read from the database; 404 for a part there is not."""
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
    """Every other page, as the rooms say it (core.seo.site_map)."""
    return HttpResponse(_urlset(site_map.all_pages()), content_type="application/xml")


@require_safe
@public(max_age=3600, parameters=())
def robots(request: HttpRequest) -> HttpResponse:
    """Everything may be read but what is not for readers; says where the sitemap is (RFC 9309, 2.2.2)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in ("/account/", "/admin/", "/board/", "/preview/"))]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('website:sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _articles() -> QuerySet:
    """(slug, start of the publication, last approval of its text) of what readers can open, in a steady order."""
    return Publication.objects.visible().order_by("pk").values_list("article__slug", "starts_at", "reviewed_at")


def _state(part: int) -> str:
    """An ETag of the articles' part without making it: the newest publication and approval, the last moments at which
    one started or ended, and the state of the whole site, which changes for more than this. Five queries, each by an
    index.

    Nothing else changes it: a publication that takes another's place is a newer row, a renewed review a newer approval,
    a withdrawal an end; and the address of an article is in the state.
    """
    rows, now = Publication.objects.order_by(), timezone.now()
    newest = rows.aggregate(at=Max("pk"))["at"], Approval.objects.order_by().aggregate(at=Max("pk"))["at"]
    started = rows.filter(starts_at__lte=now).aggregate(at=Max("starts_at"))["at"]
    ended = rows.filter(ends_at__lte=now).aggregate(at=Max("ends_at"))["at"]
    known = (*newest, started, ended, sorted(site_version.state()))
    text = repr((settings.SITE_URL, part, *known))
    return f'"{sha256(text.encode()).hexdigest()[:32]}"'


def _changed(starts_at: datetime, reviewed: datetime | None) -> datetime:
    """A page changes when another text is published on it, or when its review is renewed."""
    return max(starts_at, reviewed or starts_at)


def of_articles() -> Iterator[site_map.Page]:
    """The pages around the articles: lists, and topics and authors with something to read. No drafts' people."""
    now = timezone.now()
    for name in ("home", "topics", "authors", "search", "corrections"):
        yield reverse(f"website:{name}"), None
    for slug in live_topics(now).order_by("pk").values_list("slug", flat=True):
        yield reverse("website:topic", args=[slug]), None
    for slug in live_authors(now).order_by("pk").values_list("slug", flat=True):
        yield reverse("website:author", args=[slug]), None


def _urlset(rows: Iterable[site_map.Page]) -> Iterator[str]:
    """The file, line by line. A page of which nobody knows when it changed says nothing of it."""
    yield f'{HEAD}<urlset xmlns="{XMLNS}">\n'
    for path, changed in rows:
        when = f"<lastmod>{timezone.localtime(changed).isoformat(timespec='seconds')}</lastmod>" if changed else ""
        yield f"<url><loc>{escape(settings.SITE_URL + path)}</loc>{when}</url>\n"
    yield "</urlset>\n"
