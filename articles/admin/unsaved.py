"""What a person has typed and not saved, on their dashboard and in the newsroom's search. Nobody else sees it."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.sessions import signed_in
from articles.models import Article, Autosave
from core import times
from core.admin import dashboard, search
from core.admin.dashboard import Panel, PanelRow
from core.admin.search import SearchedOwn

MOST = 50  # texts


def unsaved_rows(user: User) -> list[tuple[str, str, str]]:
    """Return (title, address, note) of each text that this user has typed and not saved, the last first.

    They are articles that were never saved, and articles that the user may still edit. Makes one query.
    """
    texts = Autosave.objects.filter(user=user).order_by("-saved_at", "-pk").select_related("article")
    may_begin = user.has_perm("articles.add_article")
    editable = Article.objects.editable_by(user).values("pk")
    shown = texts.filter(article=None) if may_begin else texts.none()
    shown = shown | texts.filter(article__in=editable)
    rows = shown.only("article", "title", "begun", "saved_at", "article__title")[:MOST]
    return [(_title(text), _address(text), _note(text)) for text in rows]


def _title(text: Autosave) -> str:
    return text.title or (str(text.article) if text.article else _("(without a title)"))


def _address(text: Autosave) -> str:
    if text.article_id is not None:
        return reverse("admin:articles_article_change", args=[text.article_id])
    query = f"?{urlencode({'begun': text.begun})}" if text.begun else ""
    return reverse("admin:articles_article_add") + query


def _note(text: Autosave) -> str:
    words = _("unsaved words, typed %(time)s") if text.article_id else _("never saved, typed %(time)s")
    return words % {"time": times.moment(text.saved_at)}


@dashboard.add
def panels(user: User) -> list[Panel]:
    """Return the panel of what this user has typed and not saved, or none if there is nothing."""
    if not user.has_perm("articles.change_article"):
        return []
    rows = [PanelRow(title, address, note) for title, address, note in unsaved_rows(user)]
    if not rows:
        return []
    return [Panel(_("Not saved yet"), len(rows), reverse("admin:articles_article_begin"), rows, 5)]


def _searched(request: HttpRequest) -> list[tuple[str, str, str]]:
    user = signed_in(request)
    return unsaved_rows(user) if user.has_perm("articles.change_article") else []


search.add_own(SearchedOwn("unsaved", gettext_lazy("Not saved yet"), _searched, 5))
