"""The page “Try the checks”: paste a text and see what the editorial checks find in it. Nothing is stored."""

from collections.abc import Callable

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from checks.marked_text import marked_lines
from checks.pasted_text import text_findings
from checks.word_lists import lists

LONGEST = 100_000  # characters: about five long articles


class TriedTextForm(forms.Form):
    """The form for the text to check."""

    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST,
        strip=False,
        help_text=_("Plain text, each line a paragraph. It is checked as if it stood in our shop, and not stored."),
        widget=forms.Textarea(attrs={"rows": 12}),
    )


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL pattern of the page for `get_urls`; `view` wraps it in the admin's permission check."""
    return [path("try/", view(try_checks), name="checks_try")]


@require_http_methods(["GET", "HEAD", "POST"])
def try_checks(request: HttpRequest) -> HttpResponse:
    """Show the form, and below it the posted text with the findings.

    Raise PermissionDenied if the user may not view the word lists.
    """
    if not request.user.has_perm("checks.view_condition"):
        raise PermissionDenied
    form = TriedTextForm(request.POST or None)
    context = {**admin.site.each_context(request), "title": gettext("Try the checks"), "form": form}
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        found = text_findings(text, lists())
        context |= {"findings": found, "lines": marked_lines(text, found), "is_checked": True}
    return render(request, "admin/checks/try.html", context)
