"""The page “Paste sources” for bibliographies, identifiers and URLs. It shows the entries, then stores them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.sessions import signed_in
from articles.admin.editing_session import article_for
from articles.admin.sources.import_rows import Choices, choices_in, planned, rows_by_state
from articles.admin.sources.looking_up import known_under, named
from articles.cited_sources.source_imports import store
from articles.exceptions import InvalidTransition
from articles.models import Article
from sources import lookups
from sources.exporters import write_csl_json
from sources.importers import CannotRead, ParsedRecord, ReadResult, UnreadEntry, decode, read
from sources.importers.mapping import item_of
from sources.lookup_items import item_under
from sources.models import Evidence, Source

# Limits for a page that a person reviews; the command import_sources allows more.
MOST_BYTES = 2_000_000
MOST_ENTRIES = 300
MOST_LOOKUPS = 20
TOO_LARGE = _("This is larger than 2 MB. Paste it in parts, or ask for an import by command.")


class PasteForm(forms.Form):
    """The form for a text or a file. `cleaned_data` has the text and the remarks of `importers.decode`."""

    text = forms.CharField(
        required=False,
        strip=False,
        label=_("Paste here"),
        help_text=_(
            "BibTeX, RIS, EndNote, RefWorks, Web of Science, NBIB, PubMed XML, CSL-JSON, or a table of Scopus or "
            "Embase; a numbered list of references; or DOIs, PMIDs, PMCIDs or addresses, one per line. RIS, BibTeX, "
            "identifiers, addresses and references may be mixed."
        ),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(required=False, label=_("Or choose a file"), allow_empty_file=True)

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        text, file = cleaned.get("text", ""), cleaned.get("file")
        if file and text.strip():
            raise ValidationError(_("Paste a text or choose a file, but not both."), code="both")
        if not file and not text.strip():
            raise ValidationError(_("Paste something, or choose a file."), code="nothing")
        if (file.size if file else len(text.encode("utf-8", "replace"))) > MOST_BYTES:
            raise ValidationError(TOO_LARGE, code="too_large")
        cleaned["remarks"] = ()
        if file:
            try:
                cleaned["text"], cleaned["remarks"] = decode(file.read(MOST_BYTES + 1))
            except CannotRead as error:
                raise ValidationError(str(error), code="unreadable") from error
        return cleaned


@dataclass(frozen=True)
class FailedLookup:
    """An identifier that could not be looked up, and the URL of a form for entering the source by hand."""

    unread: UnreadEntry
    by_hand: str


@require_http_methods(["GET", "POST"])
def paste(request: HttpRequest) -> HttpResponse:
    """Show the form (GET), show the entries of the posted text (POST), or store the chosen ones (POST with `store`).

    The second POST contains the text again, which is read and planned anew. Besides the text, it contains only the
    chosen entries, their kinds of evidence, the days of access, and the titles typed for entries without one. A text
    that cannot be read is shown again with status 400. Raise PermissionDenied without the permission to add sources,
    and Http404 for an article that the user may not edit.
    """
    if not request.user.has_perm("sources.add_source"):
        raise PermissionDenied
    number = request.GET.get("article", "")
    article = article_for(signed_in(request), number) if number else None
    if request.method == "GET":
        return _page(request, article, form=PasteForm(label_suffix=""))
    form = PasteForm(request.POST, request.FILES, label_suffix="")
    if not form.is_valid():
        return _page(request, article, form=form)
    try:
        found = read(form.cleaned_data["text"])
        found = replace(found, remarks=form.cleaned_data["remarks"])
        if len(found.entries) > MOST_ENTRIES:
            raise CannotRead(
                gettext("This has more than %(limit)s entries. Paste it in parts.") % {"limit": MOST_ENTRIES}
            )
        found, text, missed = _looked_up(found, form.cleaned_data["text"], article)
    except CannotRead as error:
        form.add_error(None, str(error))
        return _page(request, article, form=form)
    if "store" in request.POST:
        return _store(request, article, found, text)
    return _page(request, article, found=found, text=text, missed=missed)


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL pattern of this page below the sources' admin."""
    return [path("paste/", view(paste), name="sources_source_paste")]


def _looked_up(found: ReadResult, text: str, article: Article | None) -> tuple[ReadResult, str, list[FailedLookup]]:
    """Look up identifiers in the library or a registry; return the result, its text as CSL-JSON, and the failures."""
    if not found.wanted:
        return found, text, []
    if len(found.wanted) > MOST_LOOKUPS:
        raise CannotRead(gettext("At most %(limit)s identifiers are looked up at once.") % {"limit": MOST_LOOKUPS})
    entries, missed = list(found.entries), []
    for line, wanted in found.wanted:
        known = known_under(wanted)
        try:
            item = item_of(known) if known else item_under(wanted)
            entries.append(ParsedRecord(item, line, "looked up"))
        except lookups.LookupFailed as error:
            missed.append(FailedLookup(UnreadEntry(line, wanted, str(error)), _by_hand(wanted, article)))
    entries.sort(key=lambda entry: entry.line)
    return replace(found, entries=tuple(entries)), write_csl_json([entry.csl for entry in entries]), missed


def _by_hand(wanted: str, article: Article | None) -> str:
    """Return the URL of the form for a new source with this identifier, which is attached to the article if any."""
    query = {**named(wanted), **({"article": article.pk} if article else {})}
    return f"{reverse('admin:sources_source_add')}?{urlencode(query)}"


def _store(request: HttpRequest, article: Article | None, found: ReadResult, text: str) -> HttpResponse:
    said = choices_in(request.POST, len(found.entries))
    if not said.chosen:
        messages.error(request, gettext("Choose at least one. Nothing was stored."))
        return _page(request, article, found=found, text=text, said=said)
    try:
        made = planned(found, signed_in(request), said)
        new, completed = store(made, actor=signed_in(request), chosen=said.chosen, article=article)
    except (ValidationError, InvalidTransition) as error:
        reasons = getattr(error, "messages", [str(error)])
        messages.error(request, gettext("Nothing was stored. %(reasons)s") % {"reasons": " ".join(reasons)})
        return _page(request, article, found=found, text=text, said=said)
    done = gettext("Sources: %(added)s added, %(completed)s completed.")
    if article:
        done = gettext(
            "Sources: %(added)s added, %(completed)s completed. All %(chosen)s are attached to this article."
        )
    messages.success(request, done % {"added": len(new), "completed": len(completed), "chosen": len(said.chosen)})
    if article:
        return redirect("admin:articles_article_change", article.pk)
    return redirect("admin:sources_source_changelist")


def _page(
    request: HttpRequest,
    article: Article | None,
    *,
    form: PasteForm | None = None,
    found: ReadResult | None = None,
    text: str = "",
    missed: list[FailedLookup] | None = None,
    said: Choices | None = None,
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": gettext("Paste sources"),
        "opts": Source._meta,
        "form": form,
        "article": article,
        "is_locked": article is not None and article.is_locked,
        "most_bytes": MOST_BYTES,
    }
    if found is not None:
        context |= {
            "found": found,
            "text": text,
            "missed": missed or [],
            "kinds": Evidence.choices,
            "today": timezone.localdate().isoformat(),
            **rows_by_state(found, signed_in(request), said, attaches=article is not None),
        }
    status = 400 if form is not None and form.is_bound else 200
    return render(request, "admin/sources/source/paste.html", context, status=status)
