"""JSON views for the forms of articles and sources: sources to cite, articles to link to, likely duplicates."""

from django.contrib.admin import AdminSite
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from accounts.sessions import signed_in
from articles.admin.sources import looking_up, quick_source
from articles.admin.sources.quick_source import described
from articles.cited_sources.merging import last
from articles.models import Article, ArticleSource, Publication
from articles.permissions import may
from core import times
from core.text import clean_line, strip_controls, whole_number
from sources.duplicates import likely
from sources.importers.identifier_list import identifier
from sources.models import Source

MOST = 20
MOST_NAMED = 200  # sources


@require_safe
def sources(request: HttpRequest) -> JsonResponse:
    """Return at most MOST sources that match every word of `q`, those attached to `article` first.

    A word matches if the key, the title, the authors or the DOI contain it, or if it is the PMID. Merged duplicates are
    left out. `more` is true if there are further matches. `wanted` names the identifier that was typed if it can be
    looked up, because no source has it; a bare number counts only if nothing else is found. Respond 403 without the
    permission.
    """
    if not request.user.has_perm("sources.view_source"):
        return JsonResponse({"sources": []}, status=403)
    attached = ArticleSource.objects.filter(source=OuterRef("pk"), article=_number(request, "article"))
    found = (
        Source.objects.filter(merged_into=None).annotate(is_attached=Exists(attached)).order_by("-is_attached", "key")
    )
    typed = clean_line(request.GET.get("q", "")[:600])
    wanted = identifier(typed)
    known = looking_up.known_under(wanted) if wanted else None
    words = Q()
    for word in typed[:200].split():
        words &= (
            Q(key__icontains=word)
            | Q(title__icontains=word)
            | Q(authors__icontains=word)
            | Q(doi__icontains=word)
            | Q(pmid=word)
        )
    found = found.filter(words | Q(pk=known.pk) if known else words)
    rows = list(found[: MOST + 1])
    is_offered = wanted and not known and not (rows and typed.isdigit()) and request.user.has_perm("sources.add_source")
    return JsonResponse(
        {
            "sources": [described(source) for source in rows[:MOST]],
            "more": len(rows) > MOST,
            "wanted": looking_up.shown(wanted) if is_offered else "",
        }
    )


@require_safe
def named(request: HttpRequest) -> JsonResponse:
    """Return the sources with the citation keys in `keys`, which spaces separate: {"sources": {key: source}}.

    Of a merged duplicate, the source that stands for it is returned. Keys without a source are left out, and so are
    those after the first MOST_NAMED. Respond 403 without the permission.
    """
    if not request.user.has_perm("sources.view_source"):
        return JsonResponse({"sources": {}}, status=403)
    keys = list(dict.fromkeys(strip_controls(request.GET.get("keys", "")).split()))[:MOST_NAMED]
    found = Source.objects.filter(key__in=keys).select_related("merged_into__merged_into")
    return JsonResponse({"sources": {source.key: described(last(source)) for source in found}})


@require_safe
def articles(request: HttpRequest) -> JsonResponse:
    """Return at most MOST live articles whose title (as readers see it) or slug contains every word of `q`.

    Respond 403 without the permission.
    """
    if not request.user.has_perm("articles.view_article"):
        return JsonResponse({"articles": []}, status=403)
    found = Publication.objects.visible().select_related("article", "approval__revision").order_by("-starts_at")
    for word in clean_line(request.GET.get("q", "")[:200]).split():
        found = found.filter(Q(approval__revision__title__icontains=word) | Q(article__slug__icontains=word))
    rows = [
        {
            "title": row.approval.revision.title,
            "url": row.article.get_absolute_url(),
            "since": times.day(row.starts_at),
        }
        for row in found[:MOST]
    ]
    return JsonResponse({"articles": rows})


@require_safe
def duplicates(request: HttpRequest) -> JsonResponse:
    """Return likely duplicates of the source that is being typed, except the one with the primary key `source`.

    Respond 403 without the permission.
    """
    if not request.user.has_perm("sources.view_source"):
        return JsonResponse({"likely": []}, status=403)
    typed = {name: clean_line(request.GET.get(name, "")[:500]) for name in ("title", "doi", "pmid", "pmcid", "url")}
    rows = [
        {
            "key": row.source.key,
            "title": row.source.title,
            "year": row.source.year,
            "why": row.why,
            "address": reverse("admin:sources_source_change", args=[row.source.pk]),
        }
        for row in likely(**typed, year=_whole(request, "year"), apart_from=_whole(request, "source"))
    ]
    return JsonResponse({"likely": rows})


def paths(site: AdminSite) -> list[URLPattern]:
    """Return the URL patterns of this module below the article's admin."""
    return [
        path("pick/sources/", site.admin_view(sources), name="articles_pick_sources"),
        path("pick/sources/named/", site.admin_view(named), name="articles_pick_named"),
        path("pick/articles/", site.admin_view(articles), name="articles_pick_articles"),
        path("pick/duplicates/", site.admin_view(duplicates), name="articles_pick_duplicates"),
        path("pick/sources/look-up/", site.admin_view(looking_up.look_up), name="articles_pick_look_up"),
        *quick_source.paths(site),
    ]


def _whole(request: HttpRequest, name: str) -> int | None:
    """Return a query parameter as a whole number, or None if it is missing or not a whole number."""
    return whole_number(request.GET.get(name))


def _number(request: HttpRequest, name: str) -> int | None:
    """Return the primary key of the article that the query names, or None if the user may not edit the article."""
    value = _whole(request, name)
    article = Article.objects.filter(pk=value).first() if value is not None else None
    return article.pk if article and may(signed_in(request), "edit", article) else None
