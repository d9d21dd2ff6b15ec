"""JSON views for the forms of articles and sources: sources to cite, articles to link to, likely duplicates."""

from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.sessions import signed_in
from articles.models import Article, ArticleSource, Publication
from articles.permissions import may
from core import times
from core.text import clean_line, whole_number
from sources.author_names import author, is_body
from sources.duplicates import likely
from sources.models import Source

MOST = 20


class QuickSourceForm(forms.ModelForm):
    """A short form for a new source, with the fields that are needed to cite and to find the source.

    It requires the facts that check CIT06 demands, because only an editor can complete a source that is cited.
    """

    url = forms.URLField(label=_("Web address"), required=False, max_length=500, assume_scheme="https")
    pmid = forms.CharField(label=_("PMID"), required=False, max_length=200)  # with PubMed's URL around it

    class Meta:
        model = Source
        fields = [
            "key",
            "work",
            "evidence",
            "title",
            "authors",
            "container",
            "year",
            "doi",
            "pmid",
            "url",
            "accessed_on",
        ]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        named = {"doi", "pmid", "url"}
        if not named & set(self.errors):
            if not any(data.get(name) for name in named):
                message = _("Give its DOI, its PMID or its web address.")
                self.add_error("doi", ValidationError(message, code="not_findable"))
            elif data.get("url") and not (data.get("doi") or data.get("pmid") or data.get("accessed_on")):
                message = _("Give the day on which you read the page.")
                self.add_error("accessed_on", ValidationError(message, code="not_dated"))
        return data


@require_safe
def sources(request: HttpRequest) -> JsonResponse:
    """Return at most MOST sources that match every word of `q`, those attached to `article` first.

    A word matches if the key, the title, the authors or the DOI contain it, or if it is the PMID. Merged duplicates are
    left out. `more` is true if there are further matches. Respond 403 without the permission.
    """
    if not request.user.has_perm("sources.view_source"):
        return JsonResponse({"sources": []}, status=403)
    attached = ArticleSource.objects.filter(source=OuterRef("pk"), article=_number(request, "article"))
    found = (
        Source.objects.filter(merged_into=None).annotate(is_attached=Exists(attached)).order_by("-is_attached", "key")
    )
    for word in clean_line(request.GET.get("q", "")[:200]).split():
        found = found.filter(
            Q(key__icontains=word)
            | Q(title__icontains=word)
            | Q(authors__icontains=word)
            | Q(doi__icontains=word)
            | Q(pmid=word)
        )
    rows = list(found[: MOST + 1])
    return JsonResponse({"sources": [_described(source) for source in rows[:MOST]], "more": len(rows) > MOST})


@require_POST
def add_source(request: HttpRequest) -> JsonResponse:
    """Add a source: respond 201 with the source, 400 with the errors by field, or 403 without the permission."""
    if not request.user.has_perm("sources.add_source"):
        return JsonResponse({"errors": {"__all__": [gettext("You may not add sources.")]}}, status=403)
    form = QuickSourceForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    form.instance.created_by = request.user
    return JsonResponse({"source": _described(form.save())}, status=201)


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
        path("pick/sources/add/", site.admin_view(add_source), name="articles_pick_add_source"),
        path("pick/articles/", site.admin_view(articles), name="articles_pick_articles"),
        path("pick/duplicates/", site.admin_view(duplicates), name="articles_pick_duplicates"),
    ]


def _whole(request: HttpRequest, name: str) -> int | None:
    """Return a query parameter as a whole number, or None if it is missing or not a whole number."""
    return whole_number(request.GET.get(name))


def _number(request: HttpRequest, name: str) -> int | None:
    """Return the primary key of the article that the query names, or None if the user may not edit the article."""
    value = _whole(request, name)
    article = Article.objects.filter(pk=value).first() if value is not None else None
    return article.pk if article and may(signed_in(request), "edit", article) else None


def _described(source: Source) -> dict[str, object]:
    first, *others = source.author_list or [""]
    return {
        "id": source.pk,
        "key": source.key,
        "title": source.title,
        "authors": (author(first) if is_body(first) else first) + (" et al." if others else ""),
        "year": source.year,
        "container": source.container,
        "evidence": source.get_evidence_display(),
        "retraction": source.get_retraction_state_display() if source.retraction_state else "",
        "attached": getattr(source, "is_attached", False),
    }
