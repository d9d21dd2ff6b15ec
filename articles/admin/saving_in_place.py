"""Saves of a form that leave the page as it is: the answer is JSON, which static/articles/saving.js shows.

The form is posted to its usual address with one more field. It goes the same way through Django's admin as without a
script; only the answer differs.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.sessions import signed_in
from articles.forms import ArticleForm
from articles.models import Article
from articles.open_forms import autosaves
from core import times

IN_PLACE = "_in_place"  # the name of the additional field
ON_A_PAGE_OF_ITS_OWN = ("overtaken", "locked")  # codes of errors that the page explains with both versions

_SAVED: WeakKeyDictionary[HttpRequest, list[BaseInlineFormSet]] = WeakKeyDictionary()


def is_in_place(request: HttpRequest) -> bool:
    """Return whether the form was posted by the script, which expects JSON."""
    return request.method == "POST" and IN_PLACE in request.POST


def refused(form: ArticleForm, formsets: Iterable[BaseInlineFormSet]) -> JsonResponse:
    """Return why nothing was saved.

    With status 422, `errors` lists the messages and the id of the element to which each belongs ("" for the form as a
    whole). With status 409, somebody else has saved or the board is reviewing the text: the script then posts the form
    as a browser does, and the page that follows shows both versions.
    """
    if any(form.has_error(NON_FIELD_ERRORS, code) for code in ON_A_PAGE_OF_ITS_OWN):
        return JsonResponse({}, status=409)
    errors = [*_errors_of(form, ""), *(error for formset in formsets for error in _errors_in_rows(formset))]
    return JsonResponse({"errors": errors}, status=422)


def _errors_in_rows(formset: BaseInlineFormSet) -> Iterator[dict[str, Any]]:
    if formset.non_form_errors():
        yield {"at": f"{formset.prefix}-group", "messages": list(formset.non_form_errors())}
    for form in formset.forms:
        if form not in formset.deleted_forms:
            yield from _errors_of(form, form[formset.model._meta.pk.name].auto_id)


def _errors_of(form: BaseForm, whole: str) -> Iterator[dict[str, Any]]:
    """Yield the errors of a form; those that belong to no field are said to be at the element with the id `whole`."""
    for name, said in form.errors.items():
        yield {"at": form[name].auto_id if name in form.fields else whole, "messages": list(said)}


class SavesInPlace(admin.ModelAdmin):
    """Mixin for the article's ModelAdmin: answers with JSON if the script has posted the form."""

    def save_related(self, request: HttpRequest, form: ArticleForm, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if window := request.POST.get("window"):
            taken_up = request.POST.get("taken_up", "")
            autosaves.forget_saved(article=form.instance, actor=signed_in(request), window=window, taken_up=taken_up)
        _SAVED[request] = formsets

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        if not is_in_place(request):
            return super().response_add(request, obj, post_url_continue)
        # The page of a new article has none of its rows yet: the writer may have been added to the byline.
        return self._saved(request, obj, {str(formset.prefix) for formset in _SAVED[request]})

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if not is_in_place(request):
            return super().response_change(request, obj)
        formsets = [formset for formset in _SAVED[request] if formset.new_objects or formset.deleted_objects]
        return self._saved(request, obj, {str(formset.prefix) for formset in formsets})

    def _saved(self, request: HttpRequest, article: Article, prefixes: Collection[str]) -> JsonResponse:
        """Return what the page has to know of the save, with the inlines of these prefixes as HTML."""
        user = signed_in(request)
        return JsonResponse(
            {
                "address": reverse("admin:articles_article_change", args=[article.pk]),
                "version": article.version,
                "revision": article.revisions.order_by("-number").values_list("number", flat=True).first(),
                "by": user.pk,
                "by_name": str(user),
                "at": times.clock(timezone.now()),
                "messages": [str(message) for message in messages.get_messages(request)],
                "groups": self._groups(request, article, prefixes),
            }
        )

    def _groups(self, request: HttpRequest, article: Article, prefixes: Collection[str]) -> dict[str, str]:
        """Return these inlines as HTML, as the page shows them after the save, with the keys of their new rows."""
        inlines, formsets = [], []
        for formset_class, inline in self.get_formsets_with_inlines(request, article):
            prefix = formset_class.get_default_prefix()
            if prefix in prefixes:
                rows = inline.get_queryset(request)
                formsets.append(formset_class(instance=article, prefix=prefix, queryset=rows))
                inlines.append(inline)
        groups = self.get_inline_formsets(request, formsets, inlines, article)
        return {
            group.formset.prefix: render_to_string(group.opts.template, {"inline_admin_formset": group}, request)
            for group in groups
        }
