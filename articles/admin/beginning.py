"""Begin an article: the page on which a writer chooses what to begin from, and the form that opens with that text.

The choice is in the address of the form (`?template=` or `?copy=`), and nothing is stored before the form is saved. It
is then saved as every new article is: cleaned by the form, and recorded by articles.drafting.
"""

from typing import Any
from weakref import WeakKeyDictionary

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.sessions import signed_in
from articles.admin.readiness_list import ReadinessList, readiness_list
from articles.beginnings import choices
from articles.beginnings.starting_texts import StartingText, from_article, from_template
from articles.models import Article, ArticleTemplate, Author, Authorship, Revision
from articles.readiness import draft_from
from checks import preflight
from core.text import clean_line, whole_number

MOST_ARTICLES = 12  # articles among which a writer chooses; a search finds the others
LONGEST_SEARCH = 200  # characters

_BEGUN: WeakKeyDictionary[HttpRequest, StartingText | None] = WeakKeyDictionary()


def starting_text(request: HttpRequest) -> StartingText | None:
    """Return what the requested form of a new article begins with, or None if it begins blank.

    The queries are made once for each request. A posted form has its own text. If the template or the article does not
    exist, or the user may not open it, a message says so and the form is blank.
    """
    if request.method == "POST":
        return None
    if request not in _BEGUN:
        _BEGUN[request] = _requested(request)
    return _BEGUN[request]


def _requested(request: HttpRequest) -> StartingText | None:
    user = signed_in(request)
    if "template" in request.GET:
        template = ArticleTemplate.objects.filter(pk=whole_number(request.GET["template"]) or 0).first()
        if template and user.has_perm("articles.view_articletemplate"):
            return from_template(template)
        messages.warning(request, _("There is no such template. The form is blank."))
    elif "copy" in request.GET:
        article = Article.objects.editable_by(user).filter(pk=whole_number(request.GET["copy"]) or 0).first()
        if article:
            return from_article(article)
        messages.warning(request, _("There is no such article, or you may not open it. The form is blank."))
    return None


class BeginsFrom(admin.ModelAdmin):
    """Mixin for the article's ModelAdmin: the page with the choice, and the form that opens with the chosen text."""

    def paths_of_beginning(self) -> list[URLPattern]:
        """Return the URL pattern of the page."""
        return [path("begin/", self.admin_site.admin_view(self.begin_view), name="articles_article_begin")]

    @method_decorator(require_safe)
    def begin_view(self, request: HttpRequest) -> HttpResponse:
        """Show what an article can begin from: blank, a template, or a copy of an article that the user may open.

        `?q=` searches these articles; without it, those saved last are shown. Raise PermissionDenied for users who may
        not add articles.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        user = signed_in(request)
        typed = clean_line(request.GET.get("q", "")[:LONGEST_SEARCH])
        articles = Article.objects.editable_by(user).only("title", "stage", "saved_at", "slug")
        found = self.get_search_results(request, articles, typed)[0] if typed else articles
        found = found.prefetch_related(Prefetch("authorships", Authorship.objects.select_related("author")))
        rows = list(found.order_by("-saved_at", "-pk")[: MOST_ARTICLES + 1])
        sees_templates = user.has_perm("articles.view_articletemplate")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Begin an article"),
            "opts": Article._meta,
            "templates": ArticleTemplate.objects.only("name", "purpose") if sees_templates else [],
            "choices": choices.registered(),
            "typed": typed,
            "articles": rows[:MOST_ARTICLES],
            "has_more": len(rows) > MOST_ARTICLES,
        }
        return render(request, "admin/articles/article/begin.html", context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return the values with which the form of a new article opens."""
        begun = starting_text(request)
        if begun is None:
            return super().get_changeform_initial_data(request)
        return {**begun.content, "topics": [topic.pk for topic in begun.topics]}

    def list_of_new(self, request: HttpRequest) -> ReadinessList | None:
        """Return the readiness list of a new article when its form is opened, or None if it was posted and refused."""
        if request.method == "POST":
            return None
        begun = starting_text(request)
        draft = draft_from(
            Revision(**begun.content) if begun else Revision(),
            authors=Author.objects.filter(user=signed_in(request)).values_list("name", flat=True),
            sources=begun.sources if begun else (),
            topics=begun.topics if begun else (),
            products=(),
        )
        return readiness_list(None, draft, preflight.run(draft) if begun else [])

    def get_formset_kwargs(self, request: HttpRequest, obj: Article, inline: Any, prefix: str) -> dict[str, Any]:
        arguments: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        begun = None if obj.pk else starting_text(request)
        if begun and prefix == "article_sources":
            rows = [{"source": source, "supports": words} for source, words in begun.sources.items()]
            arguments["initial"] = rows
        return arguments

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        return super().add_view(request, form_url, {"begun": starting_text(request), **(extra_context or {})})
