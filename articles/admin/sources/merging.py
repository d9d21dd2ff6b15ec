"""The pages on which an editor merges a duplicate into the source that stays, or undoes a merge."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.sessions import signed_in
from articles.cited_sources import merging
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article
from core.db.own_fields import own_field
from core.text import clean_line, whole_number
from sources.duplicates import LikelyDuplicate, likely
from sources.models import Source


@dataclass(frozen=True)
class MergeRow:
    """A field with its values in both sources, whether they differ, and whether to preselect the duplicate's."""

    name: str
    label: str
    duplicate: str
    kept: str
    is_choice: bool
    takes: bool


LONGEST_KEY = 200  # characters; no key of a source is longer


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL patterns of this module for SourceAdmin.get_urls; `view` adds the admin's sign-in check."""
    return [
        path("<path:object_id>/merge/", view(merge), name="sources_source_merge"),
        path("<path:object_id>/unmerge/", view(unmerge), name="sources_source_unmerge"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, object_id: str) -> HttpResponse:
    """Let an editor choose the source that stays (`into`, its key) and the value of each field, then merge and
    redirect.

    For a merged source, show the source that it was merged into and the articles that still use the merged one. Respond
    404 to an unknown key, and 409 to a refused merge and to a POST for a merged source. Raise PermissionDenied for
    anybody but editors, and Http404 for an unknown source.
    """
    duplicate = _source(request, object_id)
    key = clean_line((request.POST.get("into") or request.GET.get("into", "").lower())[:LONGEST_KEY])
    into = Source.objects.filter(key=key).select_related("merged_into").first() if key else None
    refused, status = "", 200
    if key and not into:
        refused, status = _("There is no source with the key “%(key)s”.") % {"key": key}, 404
    if duplicate.merged_into_id is not None:
        return _done(request, duplicate)
    if request.method == "POST" and into:
        try:
            result = merging.merge(
                duplicate=duplicate,
                into=into,
                actor=signed_in(request),
                take=[name for name in merging.FIELDS if request.POST.get(f"take-{name}") == "duplicate"],
                seen_values=request.POST.get("seen", ""),
            )
        except NotPermitted as error:
            refused, status = str(error), 403
        except InvalidTransition as error:
            refused, status = str(error), 409
        except ValidationError as error:
            reasons = " ".join(error.messages)
            refused, status = _("The values do not fit together. %(reasons)s") % {"reasons": reasons}, 409
        else:
            messages.success(request, _said(duplicate, result))
            return redirect("admin:sources_source_merge", duplicate.pk)
        duplicate.refresh_from_db()
        into.refresh_from_db()
    elif into and into.pk == duplicate.pk:
        into, refused, status = None, _("A source cannot be merged into itself. Choose the one that stays."), 409
    elif into and into.merged_into_id is not None:
        refused = _("%(key)s was itself merged, into %(last)s.") % {"key": key, "last": merging.last(into).key}
        into, status = None, 409
    title = _("Merge %(key)s into %(into)s") if into else _("Merge %(key)s")
    context = {
        **_context(request, duplicate, title % {"key": duplicate.key, "into": into and into.key}),
        "refused": refused,
        "into": into,
    }
    if into:
        context |= {"rows": _rows(request, duplicate, into), "seen": merging.seen(duplicate, into)}
        context |= _texts(merging.working_copies(duplicate))
    else:
        context["likely"] = _likely(duplicate)
    return render(request, "admin/sources/source/merge.html", context, status=status)


@require_POST
def unmerge(request: HttpRequest, object_id: str) -> HttpResponse:
    """Undo a merge and redirect to the source, with a message that says so or why it was refused.

    Raise PermissionDenied for anybody but editors, and Http404 for an unknown source.
    """
    source = _source(request, object_id)
    try:
        merging.unmerge(source=source, actor=signed_in(request))
    except InvalidTransition as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _(
                "%(key)s is a source of its own again. Citations and values that the merge moved stay where they are; "
                "the history shows what was there before."
            )
            % {"key": source.key},
        )
    return redirect("admin:sources_source_change", source.pk)


def _source(request: HttpRequest, object_id: str) -> Source:
    if not request.user.has_perm("articles.edit_all_articles"):
        raise PermissionDenied
    return get_object_or_404(Source.objects.select_related("merged_into"), pk=whole_number(object_id))


def _context(request: HttpRequest, source: Source, title: str) -> dict[str, object]:
    return {**admin.site.each_context(request), "title": title, "source": source, "opts": Source._meta}


def _done(request: HttpRequest, duplicate: Source) -> HttpResponse:
    """Show the source that this one was merged into, and the articles that still use the duplicate (409 for a POST)."""
    context = {
        **_context(request, duplicate, _("%(key)s is merged") % {"key": duplicate.key}),
        "last": merging.last(duplicate),
        "revisions": duplicate.citations.count(),
        **_texts(merging.working_copies(duplicate)),
    }
    status = 200 if request.method != "POST" else 409
    return render(request, "admin/sources/source/merged.html", context, status=status)


def _texts(articles: list[Article]) -> dict[str, list[Article]]:
    moving = [article for article in articles if merging.moves(article)]
    return {"moving": moving, "staying": [article for article in articles if article not in moving]}


def _likely(duplicate: Source) -> list[LikelyDuplicate]:
    """Return the sources of which this one may be a duplicate."""
    facts = {name: getattr(duplicate, name) for name in ("title", "year", "doi", "pmid", "pmcid", "url")}
    return likely(**facts, apart_from=duplicate.pk)


def _rows(request: HttpRequest, duplicate: Source, kept: Source) -> list[MergeRow]:
    fills = merging.fills(duplicate, kept)
    rows = []
    for field in merging.fields():
        theirs, ours = _shown(duplicate, field.name), _shown(kept, field.name)
        is_choice = merging.differs(duplicate, kept, field.name)
        chosen = request.POST.get(f"take-{field.name}")
        takes = chosen == "duplicate" if chosen else field.name in fills
        if theirs or ours:
            label = field.verbose_name
            rows.append(
                MergeRow(field.name, label[:1].upper() + label[1:], theirs, ours, is_choice, is_choice and takes)
            )
    return rows


def _shown(source: Source, name: str) -> str:
    display = getattr(source, f"get_{name}_display", None)
    value = display() if display else getattr(source, name)
    return "" if value is None else str(value)


def _said(duplicate: Source, result: merging.MergeResult) -> str:
    """Return a message of one to three sentences about the merge."""
    said = [_("%(key)s is merged into %(kept)s.") % {"key": duplicate.key, "kept": result.kept.key}]
    if result.taken:
        labels = [str(own_field(Source, name).verbose_name) for name in result.taken]
        said.append(_("Values taken from the duplicate: %(fields)s.") % {"fields": ", ".join(labels)})
    if result.moved:
        titles = ", ".join(f"“{article}”" for article in result.moved)
        words = {"kept": result.kept.key, "titles": titles}
        said.append(_("These articles cite %(kept)s now, in a new revision: %(titles)s.") % words)
    return " ".join(said)
