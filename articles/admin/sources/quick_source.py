"""The short form of a new source in the Cite dialog, and the JSON views that fill it in and store it."""

from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from core.text import strip_controls, whole_number
from sources.author_names import author, is_body
from sources.duplicates import likely
from sources.models import Source
from sources.new_keys import RULE, free_key, save_with_key

# The fields that are shown first. The others are folded away; a look-up fills them in as well.
FIRST = ("title", "authors", "container", "year", "work", "evidence", "doi", "pmid", "pmcid", "url", "accessed_on")
MORE = ("volume", "issue", "pages", "container_short", "publisher", "edition", "editors", "isbn", "published_on")


class DayInput(forms.DateInput):
    """A field for a day, with the browser's calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class QuickSourceForm(forms.ModelForm):
    """A short form for a new source, with the fields that are needed to cite and to find the source.

    It requires the facts that check CIT06 demands, because only an editor can complete a source that is cited. The key
    may be left empty: `save` then makes one.
    """

    key = forms.CharField(label=_("Citation key"), required=False, max_length=40, help_text=RULE)
    url = forms.URLField(label=_("Web address"), required=False, max_length=500, assume_scheme="https")
    pmid = forms.CharField(label=_("PMID"), required=False, max_length=200)  # with PubMed's URL around it
    pmcid = forms.CharField(label=_("PMCID"), required=False, max_length=200)
    isbn = forms.CharField(label=_("ISBN"), required=False, max_length=200)

    class Meta:
        model = Source
        fields = [*FIRST, *MORE, "key"]
        widgets = {
            "accessed_on": DayInput,
            "published_on": DayInput,
            "authors": forms.Textarea(attrs={"rows": 2}),
            "editors": forms.Textarea(attrs={"rows": 2}),
        }

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

    def save(self, commit: bool = True) -> Source:
        """Return the source, saved with a key of its own or a new one."""
        source: Source = super().save(commit=False)
        return save_with_key(source) if commit else source

    @property
    def first_fields(self) -> list[BoundField]:
        return [self[name] for name in FIRST]

    @property
    def more_fields(self) -> list[BoundField]:
        return [self[name] for name in MORE]


@require_POST
def add_source(request: HttpRequest) -> JsonResponse:
    """Add a source: respond 201 with the source, 400 with the errors by field, or 403 without the permission.

    With status 400, `known` is the source of the library that has one of these identifiers already, if there is one.
    """
    if not request.user.has_perm("sources.add_source"):
        return JsonResponse({"errors": {"__all__": [gettext("You may not add sources.")]}}, status=403)
    form = QuickSourceForm(request.POST)
    is_valid = form.is_valid()
    if known := known_source(**{name: form.cleaned_data.get(name, "") for name in ("doi", "pmid", "pmcid", "url")}):
        message = gettext("This work is in the library already, as %(key)s.") % {"key": known.key}
        return JsonResponse({"errors": {"__all__": [message]}, "known": described(known)}, status=400)
    if not is_valid:
        return JsonResponse({"errors": form.errors}, status=400)
    form.instance.created_by = request.user
    return JsonResponse({"source": described(form.save())}, status=201)


@require_safe
def proposed(request: HttpRequest) -> JsonResponse:
    """Return a free citation key for the title, authors, editors and year that are typed so far.

    Respond 403 without the permission to add sources.
    """
    if not request.user.has_perm("sources.add_source"):
        return JsonResponse({"key": ""}, status=403)
    typed = {name: strip_controls(request.GET.get(name, "")[:1000]) for name in ("title", "authors", "editors")}
    year = whole_number(request.GET.get("year"))
    return JsonResponse({"key": free_key({**typed, "year": year if year and 1000 <= year <= 9999 else None})})


def known_source(*, doi: str = "", pmid: str = "", pmcid: str = "", url: str = "") -> Source | None:
    """Return the source of the library with one of these identifiers, or None.

    The URL only counts if there is no other identifier, because several works may stand on one page. A merged duplicate
    is replaced by the source that it was merged into.
    """
    found = likely(doi=doi, pmid=pmid, pmcid=pmcid, url="" if doi or pmid or pmcid else url)
    return found[0].source if found else None


def described(source: Source) -> dict[str, object]:
    """Return a source as the Cite dialog reads it."""
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


def paths(site: AdminSite) -> list[URLPattern]:
    """Return the URL patterns of this module below the article's admin."""
    return [
        path("pick/sources/add/", site.admin_view(add_source), name="articles_pick_add_source"),
        path("pick/sources/key/", site.admin_view(proposed), name="articles_pick_source_key"),
    ]
