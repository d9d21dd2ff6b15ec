"""Templates of articles in the admin. Editors write them; writers read them."""

from typing import cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from articles.models import ArticleTemplate
from core.admin.history import HistoryAdmin
from core.http import with_csp
from core.rich_text import PlainEditor


class ArticleTemplateForm(forms.ModelForm):
    """The form of a template. Its rich-text fields offer no citations, because a template has no sources."""

    class Meta:
        model = ArticleTemplate
        fields = ["name", "purpose", "standfirst", "key_messages", "body", "safety_note", "disclosure"]
        widgets = {
            "standfirst": forms.Textarea(attrs={"rows": 3}),
            "key_messages": forms.Textarea(attrs={"rows": 5}),
            "body": PlainEditor(_("body")),
            "safety_note": PlainEditor(_("safety note"), 160),
            "disclosure": forms.Textarea(attrs={"rows": 3}),
        }


@admin.register(ArticleTemplate)
class ArticleTemplateAdmin(HistoryAdmin):
    """The list of templates, and the form of a template with its history."""

    form = ArticleTemplateForm
    list_display = ("name", "purpose")
    search_fields = ("name", "purpose", "body")
    list_per_page = 50

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Return the form with a content security policy that the rich-text editor can work under."""
        view = with_csp("EDITOR")(super().changeform_view)
        return cast(HttpResponse, view(request, object_id, form_url, extra_context))  # that of changeform_view
