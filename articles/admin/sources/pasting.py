"""The page “Paste sources” for bibliographies, identifiers and URLs. It shows the entries, then stores them."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.sessions import signed_in
from articles.admin.editing_session import article_for
from articles.cited_sources.source_imports import ImportPlan, ImportRow, ImportState, plan, store
from articles.exceptions import InvalidTransition
from articles.models import Article
from sources import lookups
from sources.exporters import write_csl_json
from sources.importers import CannotRead, ParsedRecord, ReadResult, UnreadEntry, decode, read
from sources.importers.canonical import canonical
from sources.importers.mapping import item_of
from sources.kinds import WORK_KINDS
from sources.models import Evidence, Source, Work

# Limits for a page that a person reviews; the command import_sources allows more.
MOST_BYTES = 2_000_000
MOST_ENTRIES = 300
MOST_LOOKUPS = 20
TOO_LARGE = _("This is larger than 2 MB. Paste it in parts, or ask for an import by command.")
FIELD_OF = {"doi": "doi", "pmid": "pmid", "pmcid": "pmcid"}


class PasteForm(forms.Form):
    """The form for a text or a file. `cleaned_data` has the text and the remarks of `importers.decode`."""

    text = forms.CharField(
        required=False,
        strip=False,
        label=_("Paste here"),
        help_text=_(
            "BibTeX, RIS, EndNote, RefWorks, Web of Science, NBIB, PubMed XML, CSL-JSON, or a table of Scopus or "
            "Embase; a numbered list of references; or DOIs, PMIDs, PMCIDs or addresses, one per line."
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


@dataclass
class PastedRow:
    """A row of the page, with the values that the user can enter.

    `taken` says whether the entry is ticked. The page asks for the day of access if `asks_day`, and for a title if
    `asks_title`; `accessed` is the day in ISO 8601, or "".
    """

    row: ImportRow
    taken: bool
    evidence: str
    accessed: str
    asks_day: bool
    title: str
    asks_title: bool


@dataclass(frozen=True)
class Choices:
    """The user's input on the page: the numbers of the chosen entries, and the values entered, by number of entry."""

    chosen: set[int]
    evidence: dict[int, str]
    accessed: dict[int, date]
    titles: dict[int, str]


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
        found, text, missed = _looked_up(found, form.cleaned_data["text"])
    except CannotRead as error:
        form.add_error(None, str(error))
        return _page(request, article, form=form)
    if "store" in request.POST:
        return _store(request, article, found, text)
    return _page(request, article, found=found, text=text, missed=missed)


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL pattern of this page below the sources' admin."""
    return [path("paste/", view(paste), name="sources_source_paste")]


def _looked_up(found: ReadResult, text: str) -> tuple[ReadResult, str, list[FailedLookup]]:
    """Look up identifiers in the library or a registry; return the result, its text as CSL-JSON, and the failures."""
    if not found.wanted:
        return found, text, []
    if len(found.wanted) > MOST_LOOKUPS:
        raise CannotRead(gettext("At most %(limit)s identifiers are looked up at once.") % {"limit": MOST_LOOKUPS})
    entries, missed = list(found.entries), []
    for line, wanted in found.wanted:
        known = _known(wanted)
        try:
            item = item_of(known) if known else canonical(lookups.find(wanted))
            if "title" not in item:
                raise lookups.NotFound(gettext("The answer has no title."))
            entries.append(ParsedRecord(item, line, "looked up"))
        except lookups.LookupFailed as error:
            missed.append(FailedLookup(UnreadEntry(line, wanted, str(error)), _by_hand(wanted)))
    entries.sort(key=lambda entry: entry.line)
    return replace(found, entries=tuple(entries)), write_csl_json([entry.csl for entry in entries]), missed


def _known(wanted: str) -> Source | None:
    kind, _colon, value = wanted.partition(":")
    condition = Q(**{FIELD_OF[kind]: value}) if kind in FIELD_OF else Q(url=wanted)
    return Source.objects.filter(condition).first()


def _by_hand(wanted: str) -> str:
    kind, _colon, value = wanted.partition(":")
    initial = {FIELD_OF[kind]: value} if kind in FIELD_OF else {"url": wanted, "work": Work.WEB_PAGE}
    return f"{reverse('admin:sources_source_add')}?{urlencode(initial)}"


def _said(request: HttpRequest, count: int) -> Choices:
    """Return the posted choices."""
    chosen = {number for number in range(count) if f"take-{number}" in request.POST}
    evidence = {
        number: kind for number in range(count) if (kind := request.POST.get(f"evidence-{number}")) in Evidence.values
    }
    accessed = {}
    for number in range(count):
        with contextlib.suppress(ValueError):
            if day := parse_date(request.POST.get(f"accessed-{number}", "")):
                accessed[number] = day
    titles = {number: title for number in range(count) if (title := request.POST.get(f"title-{number}", "").strip())}
    return Choices(chosen, evidence, accessed, titles)


def _store(request: HttpRequest, article: Article | None, found: ReadResult, text: str) -> HttpResponse:
    said = _said(request, len(found.entries))
    if not said.chosen:
        messages.error(request, gettext("Choose at least one. Nothing was stored."))
        return _page(request, article, found=found, text=text, said=said)
    try:
        made = _planned(request, found, said)
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
            **_shown(request, article, found, said),
        }
    status = 400 if form is not None and form.is_bound else 200
    return render(request, "admin/sources/source/paste.html", context, status=status)


def _planned(request: HttpRequest, found: ReadResult, said: Choices) -> ImportPlan:
    return plan(found, actor=signed_in(request), evidence=said.evidence, accessed=said.accessed, titles=said.titles)


def _shown(
    request: HttpRequest, article: Article | None, found: ReadResult, said: Choices | None
) -> dict[str, list[PastedRow]]:
    """Return the rows by their state. A row that lacks only the evidence, the day of access or the title counts as
    new.
    """
    typed = said or Choices(set(), {}, {}, {})
    made = _planned(request, found, typed)
    told = {row.number: row.fields["evidence"] for row in made.rows}
    dated = {row.number: row.fields["accessed_on"] for row in made.rows}
    asking = {
        row.number
        for row in made.rows
        if WORK_KINDS[row.fields["work"]].needs_access_date and not row.entry.csl.get("accessed")
    }
    untitled = {row.number for row in made.rows if "title" not in row.entry.csl}
    if made.of(ImportState.UNFIT):
        today = timezone.localdate()
        missing = gettext("Untitled entry %(number)s")
        supposed = Choices(
            chosen=set(),
            evidence={number: kind or Evidence.COHORT for number, kind in told.items()},
            accessed={number: day or today for number, day in dated.items()},
            titles={number: missing % {"number": number} for number in untitled} | typed.titles,
        )
        made = _planned(request, found, supposed)

    def rows(of: ImportPlan, state: ImportState) -> list[PastedRow]:
        is_ticked = state not in (ImportState.THERE, ImportState.DOUBTFUL) or (
            article is not None and state == ImportState.THERE
        )
        return [
            PastedRow(
                row=row,
                taken=row.number in said.chosen if said is not None else is_ticked and row.number not in untitled,
                evidence=told[row.number],
                accessed=dated[row.number].isoformat() if dated[row.number] else "",
                asks_day=row.number in asking,
                title=typed.titles.get(row.number, ""),
                asks_title=row.number in untitled,
            )
            for row in of.of(state)
        ]

    return {str(state): rows(made, state) for state in ImportState}
