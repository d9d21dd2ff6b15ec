"""Articles in the admin: the form, the list, and the URLs of the views that belong to them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.options import Options
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.sessions import signed_in
from articles import drafting, publishing, readiness, rounds
from articles.admin import assignment, autosaving, checks, citation_picker, history, previews, verbs
from articles.admin.beginning import BeginsFrom
from articles.admin.bulk import BulkVerbs
from articles.admin.editing_session import NOT_YOURS
from articles.admin.filters import (
    AssignedFilter,
    AuthorFilter,
    DeadlineFilter,
    NextReviewFilter,
    PendingSourceFilter,
    ShownFilter,
    TopicFilter,
)
from articles.admin.inlines import AuthorshipInline, RecommendationInline, SourceInline, without_words
from articles.admin.readiness_list import readiness_list, shown_with_list
from articles.admin.saving_in_place import SavesInPlace, is_in_place, refused
from articles.admin.side_panels import side_panels_of
from articles.admin.sources.quick_source import QuickSourceForm
from articles.admin.submit_briefing import submit_briefing
from articles.admin.verb_forms import SUBMITTING, VERB_FORMS
from articles.admin.waiting_notes import notes_on
from articles.forms import ArticleForm
from articles.models import Article, Authorship, Publication, Stage
from articles.models.articles import ArticleQuerySet
from articles.permissions import may
from articles.search.newsroom import articles_with
from articles.symbols import symbols
from articles.transitions import allowed
from core import times
from core.admin.lookups import DeclaredLookups
from core.http import with_csp
from core.paging import BoundedPaginator

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    ListedArticle = WithAnnotations[Article, "ListColumns"]

FOLDED = ("collapse",)
WORDS = ("body", "safety_note", "key_messages", "standfirst", "disclosure")
HERO = ("hero_image", "hero_alt", "hero_caption", "hero_credit")

# Shown instead of “Published” once the planned end of the publication has passed. The stage does not change.
EXPIRED = ("expired", _("Expired"))


class ListColumns(TypedDict):
    """The columns that the list adds to an article: keys and times of publications, and a note on what it waits for."""

    is_live: int | None
    starts_next: datetime | None
    was_withdrawn: int | None
    last_end: datetime | None
    note: str


def _steps(article: Article | None, ended: Publication | None) -> list[tuple[str, str | Promise, bool]]:
    """Return the stages from draft to publication as (value, label, whether the article is at that stage).

    An article that was withdrawn or has expired gets an additional last stage.
    """
    here = article.stage if article else Stage.DRAFT
    steps = [(stage.value, stage.label) for stage in Stage if stage != Stage.WITHDRAWN]
    if here == Stage.WITHDRAWN:
        steps.append((here, Stage.WITHDRAWN.label))
    elif here == Stage.PUBLISHED and ended:
        steps.append(EXPIRED)
        here = EXPIRED[0]
    return [(value, label, value == here) for value, label in steps]


@admin.register(Article)
class ArticleAdmin(SavesInPlace, BeginsFrom, BulkVerbs, DeclaredLookups, admin.ModelAdmin):
    """The form and the list of articles.

    Higher-level apps add inlines to `inlines`, and side panels by the signal articles.signals.side_panels_wanted.
    """

    form = ArticleForm
    inlines = [AuthorshipInline, SourceInline, RecommendationInline]
    change_form_template = "admin/articles/article/change_form.html"
    list_display = ("title_or_untitled", "stage_badge", "assigned_to", "shown", "byline", "saved")
    list_filter: ClassVar[tuple[str | type[admin.ListFilter], ...]] = (
        "stage",
        AssignedFilter,
        DeadlineFilter,
        ShownFilter,
        NextReviewFilter,
        PendingSourceFilter,
        TopicFilter,
        AuthorFilter,
    )
    search_fields = ("title", "slug", "body", "sources__key", "sources__title")
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    view_on_site = False
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("seen_version", "seen_revision", "title", "standfirst", "body")}),
        (_("Key messages"), {"fields": ("key_messages",), "classes": FOLDED}),
        (_("Safety note and disclosure"), {"fields": ("safety_note", "disclosure"), "classes": FOLDED}),
        (_("Picture at the top"), {"fields": HERO, "classes": FOLDED}),
        (
            _("Topics, address and search"),
            {"fields": ("topics", "slug", "search_description", "word_goal"), "classes": FOLDED},
        ),
    )

    # Who sees what

    def get_queryset(self, request: HttpRequest) -> ArticleQuerySet:
        all_articles = cast(ArticleQuerySet, super().get_queryset(request))  # that of Article.objects
        articles = all_articles.editable_by(signed_in(request))
        if request.resolver_match and request.resolver_match.url_name == "articles_article_changelist":
            # Subqueries with LIMIT 1 instead of EXISTS: for EXISTS, PostgreSQL would hash all publications.
            publications = Publication.objects.filter(article=OuterRef("pk")).order_by()
            articles = (
                articles.select_related("saved_by", "assignment__person")
                .defer(*WORDS)
                .prefetch_related(Prefetch("authorships", Authorship.objects.select_related("author")))
                .annotate(
                    is_live=Subquery(publications.visible().values("pk")[:1]),
                    starts_next=Subquery(publications.upcoming().order_by("-starts_at").values("starts_at")[:1]),
                    was_withdrawn=Subquery(publications.withdrawn().values("pk")[:1]),
                    last_end=Subquery(
                        publications.filter(cancelled_at=None).order_by("-starts_at").values("ends_at")[:1]
                    ),
                )
            )
        return articles

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Return the articles that match, found through the search indexes."""
        return articles_with(queryset, search_term, at=timezone.now()), False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article | None:
        """Return the article. For a POST, lock its row, so that nobody saves between the version check and the save."""
        article = super().get_object(request, object_id, from_field)
        if article is not None and request.method == "POST":
            article = Article.objects.select_for_update().get(pk=article.pk)
        return article

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or may(signed_in(request), "edit", obj))

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_view_permission(request, obj) and (obj is None or may(signed_in(request), "edit", obj))

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> tuple:
        """Return the fieldsets. Without the text fields (`without_words`), the page shows the revision instead."""
        if without_words(request, obj):
            return ((None, {"fields": ("seen_version",)}),)
        return self.fieldsets

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> dict:
        """Return the fields that are filled in while the title is typed: the slug of a new article."""
        return {} if obj else self.prepopulated_fields

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Options, object_id: str) -> HttpResponse:
        """Redirect with the same message for an article that does not exist and one that this user may not open."""
        messages.warning(request, NOT_YOURS)
        return redirect(reverse("admin:index", current_app=self.admin_site.name))

    # Saving

    def save_model(self, request: HttpRequest, obj: Article, form: ArticleForm, change: bool) -> None:
        if not change:
            obj.created_by = signed_in(request)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ArticleForm, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "title" not in form.fields:
            return
        article = form.instance
        author = getattr(request.user, "author", None)
        if not change and author and not article.authorships.exists():
            Authorship.objects.create(article=article, author=author)
        revision = drafting.record(article=article, actor=signed_in(request))
        if revision is None:
            messages.info(request, gettext("Nothing in the text has changed, so no new revision was made."))

    # Pages

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            *citation_picker.paths(self.admin_site),
            *self.paths_of_beginning(),
            path("checks/", view(checks.typed), name="articles_article_checks_new"),
            path("<path:object_id>/checks/", view(checks.typed), name="articles_article_checks"),
            path("<path:object_id>/answer/", view(checks.answer), name="articles_article_answer"),
            path("<path:object_id>/do/<slug:verb>/", view(verbs.act), name="articles_article_do"),
            path("<path:object_id>/revision/<int:number>/", view(verbs.revision), name="articles_article_revision"),
            *history.paths(view),
            *previews.paths(view),
            *autosaving.paths(view),
            *assignment.paths(view),
            *super().get_urls(),
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        return history.history(request, self, object_id)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        view = with_csp("EDITOR")(super().changeform_view)
        return cast(HttpResponse, view(request, object_id, form_url, extra_context))  # the response of changeform_view

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if is_in_place(request):
            return refused(context["adminform"].form, [group.formset for group in context["inline_admin_formsets"]])
        article = kwargs.get("obj")
        if article and request.method == "POST":
            article = Article.objects.get(pk=article.pk)  # without the values of the refused form
        context["conflict"] = getattr(context["adminform"].form, "conflict", [])
        context["conflict_is_own"] = article is not None and article.saved_by_id == signed_in(request).pk
        context |= {
            "steps": _steps(None, None),
            "new_source": QuickSourceForm(auto_id="cite-%s"),
            "symbols": symbols(),
            "time_zone": settings.TIME_ZONE,
        }
        if article is None:
            context["readiness"] = self.list_of_new(request)
        else:
            head = article.head()
            closing, is_locked = rounds.closing(article), article.is_locked
            if is_locked and not request.user.has_perm("articles.edit_all_articles"):  # the page has nothing to save
                context["show_save"] = False
            standing = publishing.standing(article)
            draft, found = readiness.checked_draft(article, head)
            listed = readiness_list(article, draft, found)
            verbs_now = allowed(article, signed_in(request), head)
            if SUBMITTING & set(verbs_now):
                context["briefing"] = submit_briefing(article, found)
            context |= {
                "side_panels": side_panels_of(article, request),
                "is_locked": is_locked,
                "still_answering": rounds.still_answering(closing) if closing else "",
                "steps": _steps(article, standing.ended),
                "head": head,
                "verbs": [VERB_FORMS[verb].for_article(article, head) for verb in verbs_now if verb in VERB_FORMS],
                "findings": shown_with_list(found, listed),
                "readiness": listed,
                "publication": standing.live,
                "upcoming": standing.upcoming,
                "ended": standing.ended,
                "transitions": article.transitions.select_related("revision")[:12],
                "revisions": article.revisions.only(
                    "number", "created_by", "created_by_name", "created_at", "article_id", "title", "digest"
                )[:12],
            }
        return super().render_change_form(request, context, *args, **kwargs)

    # The list

    @admin.display(description=_("title"), ordering="title")
    def title_or_untitled(self, article: Article) -> str:
        return str(article)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list. Each article on the page has a `note` on what the article is waiting for, or ""."""
        changelist = super().get_changelist_instance(request)
        articles = list(changelist.result_list)
        notes = notes_on(articles)
        for article in articles:
            article.note = notes.get(article.pk, "")
        changelist.result_list = articles
        return changelist

    @admin.display(description=_("stage"), ordering="stage")
    def stage_badge(self, article: "ListedArticle") -> str:
        value: str = article.stage
        label: str | Promise = article.get_stage_display()
        if article.stage == Stage.PUBLISHED and not article.is_live and not article.starts_next:
            value, label = EXPIRED
        badge = format_html('<span class="stage stage-{}">{}</span>', value, label)
        return format_html('{} <span class="stage-note">{}</span>', badge, article.note) if article.note else badge

    @admin.display(description=_("assigned to"), ordering=F("assignment__due_on").asc(nulls_last=True))
    def assigned_to(self, article: Article) -> str:
        return assignment.in_the_list(getattr(article, "assignment", None))

    @admin.display(description=_("readers see"))
    def shown(self, article: "ListedArticle") -> str:
        if article.starts_next:
            words = (
                gettext("a version; the next starts on %(time)s")
                if article.is_live
                else gettext("a version, starting on %(time)s")
            )
            return words % {"time": times.moment(article.starts_next)}
        if article.is_live:
            return gettext("this version") if article.stage == Stage.PUBLISHED else gettext("an earlier version")
        if article.was_withdrawn:
            return gettext("a withdrawal notice")
        if article.last_end:
            return gettext("nothing since %(time)s") % {"time": times.moment(article.last_end)}
        return gettext("nothing")

    @admin.display(description=_("byline"))
    def byline(self, article: Article) -> str:
        return ", ".join(str(row.author) for row in article.authorships.all()) or "–"

    @admin.display(description=_("saved"), ordering="saved_at")
    def saved(self, article: Article) -> str:
        if not article.saved_at:
            return "–"
        return f"{times.moment(article.saved_at)}, {article.saved_by}"
