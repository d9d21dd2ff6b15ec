"""The public record of an article: every version that was ever published, with its changes, approvals and end.

It contains only publications that have started and were not cancelled, and no end in the future, which would announce
the next version. The text of a withdrawn version is neither shown nor compared, but its notice is shown. This follows
COPE's Retraction Guidelines (2019): a notice says what was withdrawn, why and when, stays linked to the article, and is
free for everyone to read.
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
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles.models import Approval, Publication, Reason, Revision, with_notices
from articles.pages import page_of
from articles.revision_comparison import label, version_of
from articles.round_changes.changed_terms import ChangedTerms, changed_terms
from comparison import Comparison, FieldChange
from comparison.marking import Sides, words
from comparison.showing import merged
from comparison.versions import compare
from core.paging import page_or_404, path_of_page
from core.public import good_until, public
from core.seo.social_cards import Card
from core.seo.structured_pages import of_page
from core.seo.structured_parts import address
from website.signals import PageLink, version_files
from website.structured_data import of_version

PER_PAGE = 10


@dataclass(frozen=True)
class PublicationEntry:
    """A publication, without its text, as part of the history that determines its number and whether it is withheld.

    `pk` and `revision` are primary keys, `notice` is the notice of withdrawal or "", and `starts_at` is an aware time.
    `is_visible` says whether readers see it now.
    """

    pk: int
    revision: int
    notice: str
    starts_at: datetime
    is_visible: bool


@dataclass(frozen=True)
class PublicationHistory:
    """All publications of an article that have started and were not cancelled, oldest first."""

    slug: str
    entries: Sequence[PublicationEntry]

    @property
    def last(self) -> PublicationEntry:
        """Return the latest publication that has started."""
        return self.entries[-1]

    @cached_property
    def current(self) -> PublicationEntry | None:
        """Return the publication that readers see now, or None if the article was withdrawn or has expired."""
        return next((entry for entry in self.entries if entry.is_visible), None)

    @cached_property
    def withheld(self) -> set[int]:
        """Return the primary keys of the revisions whose text is not shown.

        These are the revisions that were withdrawn and not published again. If readers see no publication now, they are
        all revisions.
        """
        if self.current is None:
            return {entry.revision for entry in self.entries}
        last = {entry.revision: entry for entry in self.entries}
        return {revision for revision, entry in last.items() if entry.notice}

    def number(self, entry: PublicationEntry) -> int:
        """Return the version number of an entry, counting from 1. Raise ValueError if the entry is not in `entries`."""
        return self.entries.index(entry) + 1


@dataclass(frozen=True)
class ChangedField:
    """A field in which two versions of an article differ: its label, the change, and both texts merged as HTML."""

    name: str
    change: FieldChange
    html: SafeString


@dataclass(frozen=True)
class VersionChanges:
    """The differences between a version and the one before it.

    Sources are given by their references. If the differences may not be shown, `is_withheld` is true and the rest is
    empty.
    """

    comparison: Comparison | None = None
    fields: Sequence[ChangedField] = ()
    sources_added: Sequence[str] = ()
    sources_removed: Sequence[str] = ()
    sources_changed: Sequence[SafeString] = ()
    is_withheld: bool = False


@dataclass(frozen=True)
class RecordedVersion:
    """One version on the record.

    `ended_at` is an aware time, or None while readers see the version. `renewals` are later approvals that renewed its
    review. `changed_terms` are the changes that editors made to the terms of the rounds that approved it, in the order
    of time. `files` are links to files with which the version can be checked.
    """

    number: int
    publication: Publication
    ended_at: datetime | None
    is_current: bool
    is_withheld: bool
    changes: VersionChanges | None = None
    renewals: Sequence[Approval] = field(default_factory=list)
    changed_terms: Sequence[ChangedTerms] = ()
    files: Sequence[PageLink] = ()


def history_of(slug: str, at: datetime) -> PublicationHistory:
    """Return the publications of an article that have started by the timezone-aware time `at`. Makes one query.

    Raise Http404 if readers can open neither the article nor the notice of its withdrawal.
    """
    rows = Publication.objects.begun(at).filter(article__slug=slug).order_by("starts_at", "pk")
    rows = rows.values_list("pk", "approval__revision", "notice", "starts_at", "ends_at", "has_ended", named=True)
    entries = [
        PublicationEntry(
            row.pk,
            row.approval__revision,
            row.notice,
            row.starts_at,
            is_visible=not row.has_ended and (row.ends_at is None or row.ends_at > at),
        )
        for row in rows
    ]
    history = PublicationHistory(slug, entries)
    if not entries or (history.current is None and not history.last.notice):
        raise Http404("No such article.")
    return history


@require_safe
@public(max_age=60, parameters=("page",))
def record(request: HttpRequest, slug: str) -> HttpResponse:
    """List the published versions of an article, newest first, PER_PAGE on a page, each with its changes.

    Raise Http404 if the article has no public record, or for a page that does not exist.
    """
    now = timezone.now()
    history = history_of(slug, now)
    newest_first = history.entries[::-1]
    page = page_or_404(request, newest_first, PER_PAGE)
    after = page.end_index()
    recorded = _recorded_versions(history, [*page.object_list], newest_first[after : after + 1])
    shown = history.current or history.last
    path = reverse("website:record", args=[slug])
    context = {
        "slug": slug,
        "title": _title(shown.pk),
        "is_withdrawn": history.current is None,
        "versions": recorded,
        "count": len(history.entries),
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
        about=f"{address('website:article', slug)}#article" if history.current else "",
    )
    return render(request, "website/article_record.html", context)


@require_safe
@public(max_age=60, parameters=())
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one version at its permanent URL. If its text is withheld, respond 410 with the notice, if there is one.

    The first version has the `number` 1. Raise Http404 if the article has no public record or no such version. Products
    are left out, because an article recommends them independently of its versions.
    """
    now = timezone.now()
    history = history_of(slug, now)
    if not 1 <= number <= len(history.entries):
        raise Http404("No such version.")
    entry = history.entries[number - 1]
    publication = Publication.objects.select_related("approval__revision__rendering").get(pk=entry.pk)
    context = {
        "number": number,
        "count": len(history.entries),
        "publication": publication,
        "ended_at": None if entry.is_visible else publication.ends_at,
        "is_current": entry == history.current,
        "of_slug": slug,
        "article_path": reverse("website:article", args=[slug]),
    }
    if entry.revision in history.withheld:
        last = [
            row for row in history.entries if row.notice and (history.current is None or row.revision == entry.revision)
        ]
        context["withdrawn"] = with_notices(Publication.objects.filter(pk=last[-1].pk)).get()
        context["title"] = _title((history.current or history.last).pk)
        context["is_live"] = history.current is not None
        return render(request, "website/version_withdrawn.html", context, status=410)
    page = page_of(publication.approval.revision, publication=publication)
    context["page"] = replace(page, products=[], next_review=page.next_review if entry == history.current else None)
    context["data"] = of_version(context["page"], slug, number)
    response = render(request, "website/article_version.html", context)
    good_until(response, None if page.is_review_overdue else page.next_review)
    return response


def _title(pk: int) -> str:
    """Return the title of the revision of the publication with this primary key."""
    return Publication.objects.values_list("approval__revision__title", flat=True).get(pk=pk)


def _recorded_versions(
    history: PublicationHistory, entries: list[PublicationEntry], before: list[PublicationEntry]
) -> list[RecordedVersion]:
    """Return these entries (newest first) with everything that the record shows. Makes a constant number of queries.

    `before` has the entry that precedes the oldest of them, for the comparison, or is empty if there is none.
    """
    wanted = {entry.pk for entry in (*entries, *before)}
    rows = with_notices(Publication.objects.filter(pk__in=wanted))
    rows = rows.select_related("approval").prefetch_related("approval__signatories")
    publications = {row.pk: row for row in rows}
    readable = {entry.revision for entry in (*entries, *before)} - history.withheld
    revisions = Revision.objects.filter(pk__in=readable).prefetch_related("citations", "bylines")
    versions = {revision.pk: version_of(revision) for revision in revisions}
    renewals = _renewals(history)
    approvals = [row.approval for row in publications.values()]
    terms = changed_terms([*approvals, *(approval for found in renewals.values() for approval in found)])
    files = version_files(history.slug, {entry.pk: entry.revision in history.withheld for entry in entries})
    recorded = []
    for entry, earlier in zip(entries, [*entries[1:], *before, None], strict=False):
        publication = publications[entry.pk]
        recorded.append(
            RecordedVersion(
                number=history.number(entry),
                publication=publication,
                ended_at=None if entry.is_visible else publication.ends_at,
                is_current=entry == history.current,
                is_withheld=entry.revision in history.withheld,
                changes=_changes(entry, earlier, versions),
                renewals=renewals.get(entry.pk, []),
                changed_terms=[
                    change
                    for approval in (publication.approval, *renewals.get(entry.pk, []))
                    for change in terms.get(approval.submission_id, ())
                ],
                files=files.get(entry.pk, ()),
            )
        )
    return recorded


def _renewals(history: PublicationHistory) -> dict[int, list[Approval]]:
    """Return the approvals that renewed a review without a new version, by the primary key of a publication.

    An approval is listed under the latest publication of its revision that had started when it was given.
    """
    approvals = Approval.objects.filter(
        revision__in={entry.revision for entry in history.entries},
        submission__reason=Reason.RENEWAL,
    ).exclude(publications__in=[entry.pk for entry in history.entries])
    found: dict[int, list[Approval]] = {}
    for approval in approvals.order_by("approved_at").prefetch_related("signatories"):
        read = [
            entry
            for entry in history.entries
            if entry.revision == approval.revision_id and entry.starts_at <= approval.approved_at
        ]
        if read:
            found.setdefault(read[-1].pk, []).append(approval)
    return found


def _changes(entry: PublicationEntry, earlier: PublicationEntry | None, versions: dict) -> VersionChanges | None:
    """Return the changes from the `earlier` entry to this one, or None if there is no earlier one.

    `versions` maps primary keys of revisions to their content; revisions that it lacks are withheld.
    """
    if earlier is None:
        return None
    if entry.revision not in versions or earlier.revision not in versions:
        return VersionChanges(is_withheld=True)
    old, new = versions[earlier.revision], versions[entry.revision]
    comparison = compare(old, new)
    names = Sides(gettext("The version before"), gettext("This version"))
    return VersionChanges(
        comparison=comparison,
        fields=[ChangedField(label(change.name), change, merged(change, names)) for change in comparison.fields],
        sources_added=[new.sources[key] for key in comparison.sources_added],
        sources_removed=[old.sources[key] for key in comparison.sources_removed],
        sources_changed=[words(row.segments) for row in comparison.sources_changed],
    )
