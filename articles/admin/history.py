"""The history of an article's text: list its revisions, compare two of them, restore an earlier one."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sessions import signed_in
from articles import drafting
from articles.admin.editing_session import article_for
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Approval, Article, Outcome, Publication, Revision, Stage, Submission, Transition
from articles.revision_comparison import label, version_of
from comparison import Comparison
from comparison.marking import Sides, words
from comparison.showing import merged, side_by_side
from comparison.versions import compare as compare_versions
from core.text import whole_number

PER_PAGE = 25
# The changes of an open round that the history of a revision names.
ROUND_EVENTS = {
    "change_terms": _("Terms of the round changed by %(name)s"),
    "take_back_verdict": _("Verdict taken back by %(name)s"),
}
VIEWS = {"merged": _("One text"), "sides": _("Side by side")}


@dataclass(frozen=True)
class RevisionEvent:
    """An event in the history of a revision: its description, its time, and the stage whose colour it is shown in."""

    words: str
    at: datetime
    stage: str = "draft"


@dataclass(frozen=True)
class HistoryRow:
    """A revision, its comparison with the previous one (None for the first), and its events."""

    revision: Revision
    comparison: Comparison | None
    events: list[RevisionEvent]

    @property
    def fields(self) -> str:
        """Return the names of the fields that differ, such as “Title, safety note”."""
        return in_words(self.comparison)


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL patterns of this module for ArticleAdmin.get_urls; `view` adds the admin's sign-in check.

    The list of revisions has Django's own URL for a history (ArticleAdmin.history_view).
    """
    return [
        path("<path:object_id>/compare/", view(compare), name="articles_article_compare"),
        path("<path:object_id>/restore/<int:number>/", view(restore), name="articles_article_restore"),
    ]


@require_safe
def history(request: HttpRequest, model_admin: admin.ModelAdmin, object_id: str) -> HttpResponse:
    """Show a page of the article's revisions, newest first. Two of them can be chosen for a comparison.

    An unknown page number shows the first or last page. Raise Http404 if the user may not edit the article.
    """
    article = article_for(signed_in(request), object_id)
    revisions = _read(article)
    page = Paginator(revisions, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    before = revisions.filter(number__lt=shown[-1].number).first() if shown else None
    context = {
        **admin.site.each_context(request),
        "title": gettext("Revisions"),
        "article": article,
        "opts": Article._meta,
        "page": page,
        "rows": _rows(shown, before),
        "newest": article.head(),
        "is_locked": article.is_locked,
    }
    return render(request, "admin/articles/article/history.html", context)


@require_safe
def compare(request: HttpRequest, object_id: str) -> HttpResponse:
    """Compare the revisions `from` and `to`; by default, `to` is the newest revision and `from` the one before `to`.

    Raise Http404 for an unknown revision, and if the user may not edit the article.
    """
    article = article_for(signed_in(request), object_id)
    newest = article.head()
    if newest is None:
        raise Http404
    later = _number(request.GET.get("to"), newest.number)
    earlier = _number(request.GET.get("from"), max(1, later - 1))
    earlier, later = sorted((earlier, later))
    old, new = (get_object_or_404(_read(article), number=number) for number in (earlier, later))
    context = {
        "title": gettext("Revision %(old)s and revision %(new)s") % {"old": earlier, "new": later},
        "previous": (earlier - 1, earlier) if earlier > 1 else None,
        "next": (later, later + 1) if later < newest.number else None,
        "newest": newest,
    }
    return _comparison(request, article, old, new, context)


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, object_id: str, number: int) -> HttpResponse:
    """Show the changes that restoring an earlier revision would make (GET), or restore it (POST).

    A refusal is shown with status 403 if the user may not do it, otherwise 409. Raise Http404 for an unknown revision,
    and if the user may not edit the article.
    """
    article = article_for(signed_in(request), object_id)
    earlier = get_object_or_404(_read(article), number=number)
    refused, status = "", 200
    if request.method == "POST":
        try:
            revision = drafting.restore(
                article=article,
                number=number,
                actor=signed_in(request),
                seen_version=_number(request.POST.get("seen"), -1),
            )
        except NotPermitted as error:
            refused, status = str(error), 403
        except InvalidTransition as error:
            refused, status = str(error), 409
        except ValidationError as error:
            refused, status = " ".join(error.messages), 409
        else:
            if revision is None:
                done = gettext("The current text is already that of revision %(number)s: nothing was changed.")
                messages.info(request, done % {"number": number})
            else:
                done = gettext("Restored: the text of revision %(number)s is now revision %(new)s.")
                messages.success(request, done % {"number": number, "new": revision.number})
            return redirect("admin:articles_article_history", article.pk)
        article.refresh_from_db()
    context = {
        "title": gettext("Restore revision %(number)s?") % {"number": number},
        "restoring": earlier,
        "refused": refused,
        "is_locked": article.is_locked,
        "leaves_a_stage": article.stage in (Stage.APPROVED, Stage.PUBLISHED, Stage.WITHDRAWN),
    }
    return _comparison(request, article, _read(article)[0], earlier, context, status)


def in_words(comparison: Comparison | None) -> str:
    """Return the names of the fields in which two revisions differ, such as “Title, safety note”."""
    names = [label(change.name) for change in comparison.fields] if comparison else []
    if comparison and comparison.has_other_byline:
        names.append(gettext("Byline"))
    return ", ".join(name if place == 0 else name[:1].lower() + name[1:] for place, name in enumerate(names))


def _number(value: str | None, otherwise: int) -> int:
    number = whole_number(value)
    return otherwise if number is None else number


def _read(article: Article) -> QuerySet[Revision]:
    """Return the article's revisions, newest first, with the related rows prefetched that a comparison reads."""
    return article.revisions.order_by("-number").prefetch_related("citations", "bylines")


def _rows(revisions: list[Revision], before: Revision | None) -> list[HistoryRow]:
    events = _events(revisions)
    versions = [version_of(revision) for revision in (*revisions, *([before] if before else []))]
    return [
        HistoryRow(
            revision,
            compare_versions(versions[place + 1], versions[place]) if place + 1 < len(versions) else None,
            sorted(events[revision.pk], key=lambda event: event.at),
        )
        for place, revision in enumerate(revisions)
    ]


def _events(revisions: list[Revision]) -> dict[int, list[RevisionEvent]]:
    """Return the events of each revision (submitted, approved, published …) by primary key. Makes four queries."""
    events: dict[int, list[RevisionEvent]] = defaultdict(list)
    for submission in Submission.objects.filter(revision__in=revisions):
        verb = gettext("Submitted again") if submission.reason == "renewal" else gettext("Submitted")
        events[submission.revision_id].append(RevisionEvent(verb, submission.submitted_at, Stage.IN_REVIEW))
        if submission.closed_at is None:
            continue
        if submission.outcome == Outcome.CHANGES_REQUESTED:
            events[submission.revision_id].append(
                RevisionEvent(gettext("Changes requested"), submission.closed_at, Stage.CHANGES_REQUESTED)
            )
        elif submission.outcome == Outcome.RECALLED:
            events[submission.revision_id].append(RevisionEvent(gettext("Recalled"), submission.closed_at))
    changes = Transition.objects.filter(revision__in=revisions, verb__in=ROUND_EVENTS)
    for entry in changes:
        if entry.revision_id is None:
            continue
        said = ROUND_EVENTS[entry.verb] % {"name": entry.actor_shown}
        events[entry.revision_id].append(RevisionEvent(said, entry.at, Stage.IN_REVIEW))
    for approval in Approval.objects.filter(revision__in=revisions):
        events[approval.revision_id].append(RevisionEvent(gettext("Approved"), approval.approved_at, Stage.APPROVED))
    publications = Publication.objects.filter(approval__revision__in=revisions, cancelled_at=None)
    for publication in publications.select_related("approval"):
        events[publication.approval.revision_id] += _published(publication)
    return events


def _published(publication: Publication) -> Iterable[RevisionEvent]:
    now = timezone.now()
    verb = gettext("Scheduled for") if publication.is_ahead(now) else gettext("Published")
    yield RevisionEvent(verb, publication.starts_at, Stage.PUBLISHED)
    if publication.ends_at:
        if not publication.is_over(now):
            yield RevisionEvent(gettext("Ends"), publication.ends_at)
        elif publication.notice:
            yield RevisionEvent(gettext("Withdrawn"), publication.ends_at, Stage.WITHDRAWN)
        else:
            yield RevisionEvent(gettext("Off the page"), publication.ends_at)


def _comparison(
    request: HttpRequest, article: Article, old: Revision, new: Revision, context: dict, status: int = 200
) -> HttpResponse:
    view = request.GET.get("view")
    view = view if view in VIEWS else "merged"
    names = Sides(*(gettext("Revision %(number)s") % {"number": one.number} for one in (old, new)))
    versions = version_of(old), version_of(new)
    comparison = compare_versions(*versions)
    show = side_by_side if view == "sides" else merged
    context = {
        **admin.site.each_context(request),
        "article": article,
        "opts": Article._meta,
        "old": old,
        "new": new,
        "view": view,
        "views": VIEWS,
        "here": reverse("admin:articles_article_compare", args=[article.pk]),
        "comparison": comparison,
        "fields": in_words(comparison),
        "shown": [
            {"name": change.name, "label": label(change.name), "change": change, "html": show(change, names)}
            for change in comparison.fields
        ],
        "sources_added": [(key, versions[1].sources[key]) for key in comparison.sources_added],
        "sources_removed": [(key, versions[0].sources[key]) for key in comparison.sources_removed],
        "sources_changed": [(row.key, words(row.segments)) for row in comparison.sources_changed],
        **context,
    }
    return render(request, "admin/articles/article/compare.html", context, status=status)
