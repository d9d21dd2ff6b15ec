"""The admin of links: the URLs that sources and live articles link to, and the responses of their servers."""

from typing import TYPE_CHECKING, TypedDict, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sessions import signed_in
from articles.cited_sources.link_uses import (
    MOST_USES,
    LinkUse,
    last_seen,
    links_to_mend,
    live_links,
    uses_of,
    what_to_do,
)
from articles.models import Article, Revision
from core import times
from core.admin.lookups import DeclaredLookups
from sources.link_checks import mark_looked_at
from sources.models import Link, LinkAnswer

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    ListedLink = WithAnnotations[Link, "LinkColumns"]


class LinkColumns(TypedDict):
    """The attributes that `with_uses` adds to a link."""

    newest: list[LinkAnswer]
    uses: list[LinkUse]
    open_to: set[int]


class AnswerInline(admin.TabularInline):
    """The recorded responses of a URL, newest first."""

    model = LinkAnswer
    fields = ("at", "finding", "status", "detail", "moved_to")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Link | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Link | None = None) -> bool:
        return False


class LiveFilter(admin.SimpleListFilter):
    """Filter for links in live articles, or for those among them that need to be fixed."""

    title = _("live")
    parameter_name = "live"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("mend", gettext("to fix: dead or moved, in live articles")), ("yes", gettext("in live articles"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        user = signed_in(request)
        own = None if user.has_perm("articles.edit_all_articles") else Article.objects.editable_by(user)
        revisions = None if own is None else Revision.objects.filter(article__in=own)
        if self.value() == "mend":
            return queryset.filter(pk__in=links_to_mend(revisions).order_by().values("pk"))
        if self.value() == "yes":
            return queryset.filter(pk__in=live_links(Link.objects.all(), revisions).order_by().values("pk"))
        return queryset


class LinkList(ChangeList):
    """The change list of links, with the latest answer and the live articles of each. Adds five queries."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = with_uses(list(self.result_list), signed_in(request))


def with_uses(links: list[Link], user: User) -> "list[ListedLink]":
    """Set `newest`, `uses` and `open_to` on each link, and return the links.

    `newest` lists the latest answer, and `uses` the live articles that link to the URL. `open_to` is the same set on
    every link: the primary keys of those articles, among the uses of all these links, that the user may open.
    """
    newest = LinkAnswer.objects.order_by("-at", "-pk")[:1]
    prefetch_related_objects(links, Prefetch("answers", newest, to_attr="newest"))
    uses = uses_of(links)
    articles = {use.article for found in uses.values() for use in found}
    open_to = set(Article.objects.editable_by(user).filter(pk__in=articles).values_list("pk", flat=True))
    listed = cast("list[ListedLink]", links)
    for link in listed:
        link.uses, link.open_to = uses[link.pk], open_to
    return listed


@admin.register(Link)
class LinkAdmin(DeclaredLookups, admin.ModelAdmin):
    """Links are added and changed only by the job and command that check them. Editors can mark them as looked at."""

    list_display = ("url", "state", "used_in", "seen", "checked_at", "looked", "to_do")
    list_filter = (LiveFilter, "state")
    list_select_related = ("looked_by",)
    search_fields = ("url",)
    list_per_page = 50
    ordering = ("-checked_at", "-pk")
    fields = ("url", "state", "checked_at", "used_in", "to_do", "looked")
    readonly_fields = ("used_in", "to_do", "looked")
    actions = ("mark_looked_at",)
    inlines = (AnswerInline,)

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return LinkList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Link | None:
        link = super().get_object(request, object_id, from_field)
        return with_uses([link], signed_in(request))[0] if link else None

    @admin.display(description=_("live articles"))
    def used_in(self, link: "ListedLink") -> str:
        """Return an HTML list of the live articles that link to the URL, each with the source that contains it."""
        shown = [self._use(use, use.article in link.open_to) for use in link.uses[:MOST_USES]]
        if more := link.uses[MOST_USES:]:
            shown.append(gettext("and %(count)s more") % {"count": len(more)})
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((use,) for use in shown)))

    def _use(self, use: LinkUse, is_open: bool) -> str:
        article = use.title
        if is_open:
            place = reverse("admin:articles_article_change", args=[use.article])
            article = format_html('<a href="{}">{}</a>', place, use.title)
        if use.source is None:
            return format_html(gettext("{} (in the text)"), article)
        source = reverse("admin:sources_source_change", args=[use.source])
        return format_html(gettext('{} (source <a href="{}">{}</a>)'), article, source, use.key)

    @admin.display(description=_("last seen"))
    def seen(self, link: "ListedLink") -> str:
        return last_seen(link, link.newest)

    @admin.display(description=_("marked as fine"), ordering="looked_at")
    def looked(self, link: Link) -> str:
        """Return who marked the link as fine and when, as text, or "" if nobody has."""
        if not link.looked_at:
            return ""
        words = {"person": link.looked_by, "time": times.moment(link.looked_at)}
        return gettext("by %(person)s, %(time)s") % words

    @admin.display(description=_("what to do"))
    def to_do(self, link: Link) -> str:
        return "" if link.looked_at else what_to_do(link)

    @admin.action(description=_("Mark as fine"), permissions=["look_at"])
    def mark_looked_at(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Mark the chosen links as looked at, which hides them from the dashboard until their state changes."""
        words = {"count": mark_looked_at(links=queryset, by=signed_in(request)), "chosen": queryset.count()}
        done = gettext("%(count)s of %(chosen)s chosen links marked as fine. Only dead and moved links can be marked.")
        self.message_user(request, done % words)

    def has_look_at_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may mark links as looked at. Only editors may."""
        return request.user.has_perm("articles.edit_all_articles")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Link | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Link | None = None) -> bool:
        return False
