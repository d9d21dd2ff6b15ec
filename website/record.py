"""The public record of an article: every version that readers could once read, and what became of it.

Rows of Publication that started and were not called off, nothing else: no draft, nothing that is scheduled, and no
end that lies ahead (it would tell of a version to come). The words of what was withdrawn are not shown again, nor
compared: its notice is. Kept by the rules of COPE's Retraction Guidelines (2019): a notice says what, why and when,
stays linked to the article, and is free for everyone to read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from articles.comparison import Comparison, FieldChange
from articles.comparison.marking import Sides, words
from articles.comparison.revisions import label, version_of
from articles.comparison.showing import merged
from articles.comparison.versions import compare
from articles.models import Approval, Publication, Reason, Revision
from articles.pages import page_of
from core.paging import page_or_404, path_of_page
from core.seo.social_cards import Card
from core.seo.structured_pages import of_page
from core.seo.structured_parts import address
from pagecache.public import good_until, public
from website.structured_data import of_version

PER_PAGE = 10


@dataclass(frozen=True)
class Line:
    """One publication, in brief: enough to number it and to know whether its words may be read."""

    pk: int
    revision: int
    notice: str
    starts_at: datetime
    is_visible: bool


@dataclass(frozen=True)
class Story:
    """All publications of an article that readers could once read, the first one first. `number` counts from one."""

    slug: str
    lines: Sequence[Line]

    @property
    def last(self) -> Line:
        return self.lines[-1]

    @cached_property
    def current(self) -> Line | None:
        """What readers get now; None where the article stands withdrawn."""
        return next((line for line in self.lines if line.is_visible), None)

    @cached_property
    def withheld(self) -> set[int]:
        """The revisions whose words are not shown: withdrawn and not brought back; all where the article is."""
        if self.current is None:
            return {line.revision for line in self.lines}
        last = {line.revision: line for line in self.lines}
        return {revision for revision, line in last.items() if line.notice}

    def number(self, line: Line) -> int:
        return self.lines.index(line) + 1


@dataclass(frozen=True)
class ChangedField:
    """A field that two versions of an article do not share: its name, the change, and both as HTML."""

    name: str
    change: FieldChange
    html: SafeString


@dataclass(frozen=True)
class Changes:
    """What a version changed of the one before, or why that is not shown."""

    comparison: Comparison | None = None
    fields: Sequence[ChangedField] = ()
    sources_added: Sequence[str] = ()
    sources_removed: Sequence[str] = ()
    sources_changed: Sequence[SafeString] = ()
    is_withheld: bool = False


@dataclass(frozen=True)
class Edition:
    """One version on the record. `ended_at` is None while it is read, or where its end lies ahead."""

    number: int
    publication: Publication
    ended_at: datetime | None
    is_current: bool
    is_withheld: bool
    changes: Changes | None = None
    renewals: Sequence[Approval] = field(default_factory=list)


def story_of(slug: str, at: datetime) -> Story:
    """The publications of an article up to that time, in one query.

    Raises Http404 where readers find neither the article nor the notice of its withdrawal (website.views).
    """
    rows = Publication.objects.filter(article__slug=slug, cancelled_at=None, starts_at__lte=at)
    rows = rows.order_by("starts_at", "pk").values_list(
        "pk", "approval__revision", "notice", "starts_at", "ends_at", named=True
    )
    lines = [
        Line(row.pk, row.approval__revision, row.notice, row.starts_at, row.ends_at is None or row.ends_at > at)
        for row in rows
    ]
    story = Story(slug, lines)
    if not lines or (story.current is None and not story.last.notice):
        raise Http404("No such article.")
    return story


@require_safe
@public(max_age=60, parameters=("page",))
def record(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version, the newest first, ten on a page, each with what changed since the one before; else 404."""
    now = timezone.now()
    story = story_of(slug, now)
    newest_first = story.lines[::-1]
    page = page_or_404(request, newest_first, PER_PAGE)
    after = page.end_index()
    editions = _editions(story, [*page.object_list], newest_first[after : after + 1], now)
    shown = story.current or story.last
    path = reverse("website:record", args=[slug])
    context = {
        "slug": slug,
        "title": _title(shown.pk),
        "is_withdrawn": story.current is None,
        "editions": editions,
        "count": len(story.lines),
        "page": page,
        "path": path_of_page(path, page),
    }
    title = context["title"]
    context["card"] = Card(
        title=f"The record of “{title}”",
        path=context["path"],
        description=f"Every published version of “{title}”: what changed, when and why, and who approved it.",
    )
    context["data"] = of_page(
        context["card"],
        trail=[(title, reverse("website:article", args=[slug]))],
        about=f"{address('website:article', slug)}#article" if story.current else "",
    )
    return render(request, "website/article_record.html", context)


@require_safe
@public(max_age=60, parameters=())
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version at its permanent address, dated; 410 with the notice where its words were withdrawn; else 404.

    `number` is the ordinal of publication. Without the shop's products: what it recommends is of today.
    """
    now = timezone.now()
    story = story_of(slug, now)
    if not 1 <= number <= len(story.lines):
        raise Http404("No such version.")
    line = story.lines[number - 1]
    publication = Publication.objects.select_related("approval__revision__rendering").get(pk=line.pk)
    context = {
        "number": number,
        "count": len(story.lines),
        "publication": publication,
        "ended_at": None if line.is_visible else publication.ends_at,
        "is_current": line == story.current,
        "of_slug": slug,
        "article_path": reverse("website:article", args=[slug]),
    }
    if line.revision in story.withheld:
        last = [row for row in story.lines if row.notice and (story.current is None or row.revision == line.revision)]
        context["withdrawn"] = Publication.objects.get(pk=last[-1].pk)
        context["title"] = _title((story.current or story.last).pk)
        context["is_live"] = story.current is not None
        return render(request, "website/version_withdrawn.html", context, status=410)
    page = page_of(publication.approval.revision, publication=publication)
    context["page"] = replace(page, products=[], next_review=page.next_review if line == story.current else None)
    context["data"] = of_version(context["page"], slug, number)
    response = render(request, "website/article_version.html", context)
    good_until(response, None if page.is_review_overdue else page.next_review)
    return response


def _title(pk: int) -> str:
    return Publication.objects.values_list("approval__revision__title", flat=True).get(pk=pk)


def _editions(story: Story, lines: list[Line], before: list[Line], now: datetime) -> list[Edition]:
    """These lines with all that the record says of them, in a constant number of queries; `before` is one more."""
    wanted = {line.pk for line in (*lines, *before)}
    rows = (
        Publication.objects.filter(pk__in=wanted).select_related("approval").prefetch_related("approval__signatories")
    )
    publications = {row.pk: row for row in rows}
    readable = {line.revision for line in (*lines, *before)} - story.withheld
    revisions = Revision.objects.filter(pk__in=readable).prefetch_related("citations", "bylines")
    versions = {revision.pk: version_of(revision) for revision in revisions}
    renewals = _renewals(story, now)
    editions = []
    for line, earlier in zip(lines, [*lines[1:], *before, None], strict=False):
        publication = publications[line.pk]
        editions.append(
            Edition(
                number=story.number(line),
                publication=publication,
                ended_at=None if line.is_visible else publication.ends_at,
                is_current=line == story.current,
                is_withheld=line.revision in story.withheld,
                changes=_changes(line, earlier, versions),
                renewals=renewals.get(line.pk, []),
            )
        )
    return editions


def _renewals(story: Story, now: datetime) -> dict[int, list[Approval]]:
    """Reviews that were renewed without a new version, by the publication that was read at that time."""
    approvals = Approval.objects.filter(
        revision__in={line.revision for line in story.lines}, submission__reason=Reason.RENEWAL, approved_at__lte=now
    ).exclude(publications__in=[line.pk for line in story.lines])
    found: dict[int, list[Approval]] = {}
    for approval in approvals.order_by("approved_at").prefetch_related("signatories"):
        read = [
            line
            for line in story.lines
            if line.revision == approval.revision_id and line.starts_at <= approval.approved_at
        ]
        if read:
            found.setdefault(read[-1].pk, []).append(approval)
    return found


def _changes(line: Line, earlier: Line | None, versions: dict) -> Changes | None:
    """What `line` changed of the version before; None for the first. Words that were withdrawn are not compared."""
    if earlier is None:
        return None
    if line.revision not in versions or earlier.revision not in versions:
        return Changes(is_withheld=True)
    old, new = versions[earlier.revision], versions[line.revision]
    comparison = compare(old, new)
    names = Sides("The version before", "This version")
    return Changes(
        comparison=comparison,
        fields=[ChangedField(label(change.name), change, merged(change, names)) for change in comparison.fields],
        sources_added=[new.sources[key] for key in comparison.sources_added],
        sources_removed=[old.sources[key] for key in comparison.sources_removed],
        sources_changed=[words(row.segments) for row in comparison.sources_changed],
    )
