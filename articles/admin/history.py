"""The record of an article's text: every revision, any two compared, an earlier one taken up again."""

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
from django.views.decorators.http import require_http_methods, require_safe

from articles import drafting
from articles.comparison import Comparison
from articles.comparison.marking import Sides, words
from articles.comparison.revisions import label, version_of
from articles.comparison.showing import merged, side_by_side
from articles.comparison.versions import compare as compare_versions
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Approval, Article, Outcome, Publication, Revision, Stage, Submission
from articles.permissions import may
from core.text import whole_number

PER_PAGE = 25
VIEWS = {"merged": "One text", "sides": "Side by side"}


@dataclass(frozen=True)
class RevisionEvent:
    """What became of a revision: in words, when, and as which stage it is coloured."""

    words: str
    at: datetime
    stage: str = "draft"


@dataclass(frozen=True)
class HistoryRow:
    """A revision with what changed since the one before (None for the first) and what became of it."""

    revision: Revision
    comparison: Comparison | None
    events: list[RevisionEvent]

    @property
    def fields(self) -> str:
        """The fields that differ, in words: “Title, safety note”."""
        return in_words(self.comparison)


def paths(view: Callable) -> list[URLPattern]:
    """The addresses of this module, for ArticleAdmin.get_urls; `view` wraps each in the admin's own check.

    The list of revisions stands at Django's own address for a history (ArticleAdmin.history_view).
    """
    return [
        path("<path:object_id>/compare/", view(compare), name="articles_article_compare"),
        path("<path:object_id>/restore/<int:number>/", view(restore), name="articles_article_restore"),
    ]


@require_safe
def history(request: HttpRequest, model_admin: admin.ModelAdmin, object_id: str) -> HttpResponse:
    """Every revision of the article, newest first; two of them may be chosen to be compared."""
    article = _article(request, object_id)
    revisions = _read(article)
    page = Paginator(revisions, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    before = revisions.filter(number__lt=shown[-1].number).first() if shown else None
    context = {
        **admin.site.each_context(request),
        "title": "Revisions",
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
    """Two revisions, the earlier one first. Without numbers: the newest and the one before it."""
    article = _article(request, object_id)
    newest = article.head()
    if newest is None:
        raise Http404
    later = _number(request.GET.get("to"), newest.number)
    earlier = _number(request.GET.get("from"), max(1, later - 1))
    earlier, later = sorted((earlier, later))
    old, new = (get_object_or_404(_read(article), number=number) for number in (earlier, later))
    context = {
        "title": f"Revision {earlier} and revision {later}",
        "previous": (earlier - 1, earlier) if earlier > 1 else None,
        "next": (later, later + 1) if later < newest.number else None,
        "newest": newest,
    }
    return _comparison(request, article, old, new, context)


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, object_id: str, number: int) -> HttpResponse:
    """Shows what taking up an earlier revision would change, and does it when it is sent back."""
    article = _article(request, object_id)
    earlier = get_object_or_404(_read(article), number=number)
    refused, status = "", 200
    if request.method == "POST":
        try:
            revision = drafting.restore(
                article=article, number=number, actor=request.user, seen_version=_number(request.POST.get("seen"), -1)
            )
        except NotPermitted as error:
            refused, status = str(error), 403
        except InvalidTransition as error:
            refused, status = str(error), 409
        except ValidationError as error:
            refused, status = " ".join(error.messages), 409
        else:
            if revision is None:
                messages.info(request, f"The current text is already that of revision {number}: nothing was changed.")
            else:
                messages.success(request, f"Restored: the text of revision {number} is now revision {revision.number}.")
            return redirect("admin:articles_article_history", article.pk)
        article.refresh_from_db()
    context = {
        "title": f"Restore revision {number}?",
        "restoring": earlier,
        "refused": refused,
        "is_locked": article.is_locked,
        "leaves_a_stage": article.stage in (Stage.APPROVED, Stage.PUBLISHED, Stage.WITHDRAWN),
    }
    now = get_object_or_404(_read(article), pk=article.head().pk)
    return _comparison(request, article, now, earlier, context, status)


def in_words(comparison: Comparison | None) -> str:
    """The fields in which two revisions differ: “Title, safety note”."""
    names = [label(change.name) for change in comparison.fields] if comparison else []
    if comparison and comparison.has_other_byline:
        names.append("Byline")
    return ", ".join(name if place == 0 else name[:1].lower() + name[1:] for place, name in enumerate(names))


def _article(request: HttpRequest, object_id: str) -> Article:
    """The article, where this person may edit it; otherwise it does not exist for them."""
    article = Article.objects.filter(pk=whole_number(object_id)).first()
    if article is None or not may(request.user, "edit", article):
        raise Http404
    return article


def _number(value: str | None, otherwise: int) -> int:
    number = whole_number(value)
    return otherwise if number is None else number


def _read(article: Article) -> QuerySet[Revision]:
    """The revisions, newest first, with all that a comparison reads of them."""
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
    """What became of each: before the board, approved, published. Three queries."""
    events: dict[int, list[RevisionEvent]] = defaultdict(list)
    for submission in Submission.objects.filter(revision__in=revisions):
        verb = "Submitted again" if submission.reason == "renewal" else "Submitted"
        events[submission.revision_id].append(RevisionEvent(verb, submission.submitted_at, Stage.IN_REVIEW))
        if submission.outcome == Outcome.CHANGES_REQUESTED:
            events[submission.revision_id].append(
                RevisionEvent("Changes requested", submission.closed_at, Stage.CHANGES_REQUESTED)
            )
        elif submission.outcome == Outcome.RECALLED:
            events[submission.revision_id].append(RevisionEvent("Recalled", submission.closed_at))
    for approval in Approval.objects.filter(revision__in=revisions):
        events[approval.revision_id].append(RevisionEvent("Approved", approval.approved_at, Stage.APPROVED))
    publications = Publication.objects.filter(approval__revision__in=revisions, cancelled_at=None)
    for publication in publications.select_related("approval"):
        events[publication.approval.revision_id] += _published(publication)
    return events


def _published(publication: Publication) -> Iterable[RevisionEvent]:
    now = timezone.now()
    verb = "Scheduled for" if publication.starts_at > now else "Published"
    yield RevisionEvent(verb, publication.starts_at, Stage.PUBLISHED)
    if publication.ends_at:
        ended = "Ends" if publication.ends_at > now else "Withdrawn" if publication.notice else "Off the page"
        yield RevisionEvent(ended, publication.ends_at, Stage.WITHDRAWN if ended == "Withdrawn" else Stage.DRAFT)


def _comparison(
    request: HttpRequest, article: Article, old: Revision, new: Revision, context: dict, status: int = 200
) -> HttpResponse:
    view = request.GET.get("view")
    view = view if view in VIEWS else "merged"
    names = Sides(f"Revision {old.number}", f"Revision {new.number}")
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
