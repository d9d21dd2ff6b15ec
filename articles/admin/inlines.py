"""The inlines of an article's form: byline, sources and recommended products."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sessions import signed_in
from articles.admin.beginning import starting_text
from articles.models import Article, ArticleSource, Author, Authorship, Recommendation
from articles.permissions import may
from core.admin.inlines import OrderedInlineMixin, PrefetchedInline


def without_words(request: HttpRequest, article: Article | None) -> bool:
    """Return whether the form leaves out its text fields, as it does while the board is reviewing the article.

    A POST is judged by the fields that it contains, not by the article's present state. A form that was shown without
    text fields does not empty them. One that was shown with them is refused if the text has been locked since, and the
    page then shows what was typed (ArticleForm).
    """
    if request.method == "POST":
        return article is not None and "title" not in request.POST
    return article is not None and article.is_locked


class PartOfArticle(PrefetchedInline):
    """Base class of inlines whose rows belong to an article's text and are locked with it during a review."""

    def _open(self, request: HttpRequest, article: Article | None) -> bool:
        if article is None:
            return True
        is_locked = article.is_locked or without_words(request, article)
        return not is_locked and may(signed_in(request), "edit", article)

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_add_permission(request, obj) and self._open(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._open(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._open(request, obj)


class BylineFormSet(BaseInlineFormSet):
    """The formset of the byline. It stops users from removing themselves if that would lock them out of the article."""

    actor: User

    def clean(self) -> None:
        super().clean()
        article, actor = self.instance, self.actor
        if article.pk is None or article.created_by_id == actor.pk or actor.has_perm("articles.edit_all_articles"):
            return
        staying = [form.instance.author_id for form in self.forms if form not in self.deleted_forms]
        if not Author.objects.filter(pk__in=staying, user=actor).exists():
            raise ValidationError(
                _(
                    "You cannot take yourself off the byline, because you could no longer open the article. Ask an "
                    "editor, or the person who began it."
                ),
                code="own_name",
            )


class AuthorshipInline(OrderedInlineMixin, PartOfArticle):
    model = Authorship
    formset = BylineFormSet
    autocomplete_fields = ("author",)
    verbose_name_plural = _("Byline")

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (formset,), {"actor": signed_in(request)})


class SourceInline(PartOfArticle):
    model = ArticleSource
    autocomplete_fields = ("source",)
    verbose_name_plural = _("Attached sources")

    def get_extra(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> int:
        """Return the number of rows of a new article: one for each source with which it begins."""
        begun = None if obj else starting_text(request)
        return len(begun.sources) if begun else 0


class RecommendationInline(OrderedInlineMixin, PrefetchedInline):
    """Recommended products. The shop chooses them and the board does not review them, so no stage locks them."""

    model = Recommendation
    autocomplete_fields = ("product",)
    verbose_name_plural = _("Recommended products (not reviewed by the board)")
