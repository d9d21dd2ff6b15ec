"""The record of an article's text: every revision, any two compared, an earlier one taken up again."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern


def history(request: HttpRequest, model_admin: admin.ModelAdmin, object_id: str) -> HttpResponse:
    """Every revision of the article, newest first."""
    return admin.ModelAdmin.history_view(model_admin, request, object_id)


def paths(view) -> list[URLPattern]:
    """The addresses of this module, for ArticleAdmin.get_urls; `view` wraps each in the admin's own check."""
    return []
