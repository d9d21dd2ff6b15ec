"""The dashboard's panels of articles: all articles for an editor, their own for a writer."""

from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles import pending
from articles.admin.filters import AssignedFilter
from articles.admin.waiting_notes import notes_on
from articles.cited_sources.link_uses import MOST_USES, LinkUse, last_seen, links_to_mend, uses_of, what_to_do
from articles.models import Article, Assignment, Citation, Publication, Revision, Stage, Transition
from articles.models.articles import ArticleQuerySet
from articles.reviews_due import in_doubt, marked_since_approval
from core import times
from core.admin import dashboard
from core.admin.dashboard import MAX_COUNTED, Panel, PanelRow, count_of
from sources.models import Link, LinkAnswer

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from articles.reviews_due import MarkedCitation

    LinkToMend = WithAnnotations[Link, "MendColumns"]

ROWS = 6
MOST_ASSIGNED = 10


class MendColumns(TypedDict):
    """The attributes that the panel of links adds to a link. `more` is the number of uses beyond those in `uses`.

    `last_seen` describes the newest answer, and `to_do` says what an editor should do.
    """

    newest: list[LinkAnswer]
    uses: list[LinkUse]
    more: int
    last_seen: str
    to_do: str


@dashboard.add
def panels(user: User) -> list[Panel]:
    """Return the panels of articles for this user, or an empty list if the user may not change articles."""
    articles = Article.objects.editable_by(user)
    if not user.has_perm("articles.change_article"):
        return []
    edits_all = user.has_perm("articles.edit_all_articles")
    own = Q() if edits_all else Q(article__in=articles)  # no condition if all articles are theirs to edit
    return [
        _assigned(user),
        _came_back(articles),
        _drafts(articles, _("Drafts") if edits_all else _("My drafts")),
        _ready(articles),
        _withdrawn(articles),
        _expired(own),
        _scheduled(own),
        _attention(own),
        _pending(None if edits_all else articles),
        _links(own),
    ]


def _list(**filters: object) -> str:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return f"{reverse('admin:articles_article_changelist')}?{query}"


def _form(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def _assigned(user: User) -> Panel:
    """Return the panel of the articles that this user has and that are not published yet, by deadline."""
    mine = Assignment.objects.of(user).unfinished()
    first = mine.select_related("article").order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST_ASSIGNED]
    rows = [
        PanelRow(
            str(assignment.article), _form(assignment.article), _until(assignment), is_urgent=assignment.is_overdue
        )
        for assignment in first
    ]
    url = _list(assigned=AssignedFilter.MINE_UNFINISHED)
    return Panel(_("Assigned to you"), count_of(mine, len(rows), MOST_ASSIGNED), url, rows, 3)


def _until(assignment: Assignment) -> str:
    facts = {"stage": assignment.article.get_stage_display(), "day": times.day(assignment.due_on)}
    if assignment.due_on is None:
        return _("%(stage)s; no deadline") % facts
    return _("%(stage)s; deadline %(day)s, %(words)s") % {**facts, "words": times.deadline(assignment.due_on)}


def _drafts(articles: ArticleQuerySet, title: str) -> Panel:
    drafts = articles.filter(stage=Stage.DRAFT).select_related("saved_by").order_by("-saved_at")
    newest = [article for article in drafts[:ROWS] if article.saved_at]
    notes = notes_on(newest)
    rows = [
        PanelRow(
            str(article),
            _form(article),
            _("saved %(time)s by %(person)s") % {"time": times.moment(article.saved_at), "person": article.saved_by}
            + (f"; {notes[article.pk]}" if article.pk in notes else ""),
        )
        for article in newest
    ]
    return Panel(title, count_of(drafts), _list(stage__exact=Stage.DRAFT), rows, 20)


def _came_back(articles: ArticleQuerySet) -> Panel:
    back = articles.filter(stage=Stage.CHANGES_REQUESTED)
    last = Transition.objects.filter(article__in=back, verb="request_changes").select_related("article")
    newest: list[tuple[Transition, str]] = []
    seen: set[int] = set()
    for transition in last.order_by("-at")[: ROWS * 4]:
        if transition.article_id not in seen and len(newest) < ROWS:
            seen.add(transition.article_id)
            note = f"{transition.actor_shown}, {times.day(transition.at)}"
            newest.append((transition, note))
    notes = notes_on(transition.article for transition, _note in newest)
    rows = [
        PanelRow(
            str(transition.article),
            _form(transition.article),
            "; ".join(filter(None, [note, notes.get(transition.article_id, "")])),
            transition.reason,
            True,
        )
        for transition, note in newest
    ]
    url = _list(stage__exact=Stage.CHANGES_REQUESTED)
    return Panel(_("Changes requested"), count_of(back), url, rows, 10)


def _ready(articles: ArticleQuerySet) -> Panel:
    approved = articles.filter(stage=Stage.APPROVED).order_by("-saved_at")
    newest = list(approved[:ROWS])
    ended = _last_ended(newest)
    marked = set(pending.in_doubt().filter(revision__article__in=newest).values_list("revision__article", flat=True))
    rows = [
        PanelRow(str(article), _form(article), _what_waits(ended.get(article.pk), article.pk in marked))
        for article in newest
    ]
    return Panel(
        _("Approved, ready to publish"),
        count_of(approved, len(newest), ROWS),
        _list(stage__exact=Stage.APPROVED),
        rows,
        15,
    )


def _what_waits(ended: Publication | None, is_in_doubt: bool) -> str:
    if not ended:
        words = _("approved, not yet published")
    elif ended.notice:
        words = _("approved; the article was withdrawn on %(day)s, so publishing asks for a reason")
    else:
        words = _("approved; the article expired on %(day)s, so publishing asks for a reason")
    if ended:
        words %= {"day": times.day(ended.ends_at)}
    return _("%(note)s; cites a source in doubt") % {"note": words} if is_in_doubt else words


def _withdrawn(articles: ArticleQuerySet) -> Panel:
    withdrawn = articles.filter(stage=Stage.WITHDRAWN).order_by("-saved_at")
    newest = list(withdrawn[:ROWS])
    ended = _last_ended(newest)
    rows = [
        PanelRow(
            str(article),
            _form(article),
            _("withdrawn on %(day)s") % {"day": times.day(ended[article.pk].ends_at)},
            ended[article.pk].notice,
        )
        for article in newest
        if article.pk in ended
    ]
    url = _list(stage__exact=Stage.WITHDRAWN)
    count = count_of(withdrawn, len(newest), ROWS)
    return Panel(_("Withdrawn"), count, url, rows, 50)


def _expired(own: Q) -> Panel:
    expired = Publication.objects.expired().filter(own).select_related("article", "approval__revision")
    newest = list(expired.order_by("-expires_at")[:ROWS])
    rows = [
        PanelRow(
            row.approval.revision.title,
            _form(row.article),
            _("expired on %(day)s, the date set when it was published") % {"day": times.day(row.ends_at)},
        )
        for row in newest
    ]
    count = count_of(expired, len(newest), ROWS)
    return Panel(_("Expired"), count, _list(shown="expired"), rows, 55)


def _last_ended(articles: list[Article]) -> dict[int, Publication]:
    """Return the last publication of each article, if it has ended, by the article's primary key. Makes one query."""
    last: dict[int, Publication] = {}
    for row in Publication.objects.filter(article__in=articles, cancelled_at=None).order_by("starts_at", "pk"):
        last[row.article_id] = row
    now = timezone.now()
    return {article: row for article, row in last.items() if row.is_over(now)}


def _scheduled(own: Q) -> Panel:
    upcoming = Publication.objects.upcoming().filter(own).select_related("article", "approval__revision")
    rows = [
        PanelRow(
            row.approval.revision.title, _form(row.article), _("from %(time)s") % {"time": times.moment(row.starts_at)}
        )
        for row in upcoming.order_by("starts_at")[:ROWS]
    ]
    count = count_of(upcoming, len(rows), ROWS)
    return Panel(_("Scheduled"), count, _list(shown="scheduled"), rows, 40)


def _attention(own: Q) -> Panel:
    """Return the panel of live articles that cite a source retracted or put in doubt since the board approved them."""
    live = in_doubt(most=None if own else MAX_COUNTED + 1).filter(own)
    keys = list(live.order_by("-pk").values_list("pk", flat=True)[: MAX_COUNTED + 1])
    first = Publication.objects.filter(pk__in=keys[:ROWS]).select_related("article", "approval__revision")
    shown = list(first.order_by("-pk"))
    causes: dict[int, list[MarkedCitation]] = {}
    cited = marked_since_approval().filter(revision__in=[row.approval.revision_id for row in shown])
    for citation in cited.select_related("source").order_by("number"):
        causes.setdefault(citation.revision_id, []).append(citation)
    rows = [_doubtful(row, causes[row.approval.revision_id]) for row in shown]
    return Panel(
        _("Published, needs attention"),
        len(keys),
        _list(review_due="source"),
        rows,
        45,
    )


def _pending(own: ArticleQuerySet | None) -> Panel:
    """Return the panel of articles not yet published that cite a source retracted or put in doubt since submission.

    These articles are before the board, approved or scheduled. `own` limits the panel to articles; None means all.
    """
    cited = pending.in_doubt()
    if own is not None:
        cited = cited.filter(revision__article__in=own)
    keys = list(cited.order_by("-revision_id").values_list("revision", flat=True).distinct()[: MAX_COUNTED + 1])
    causes: dict[Revision, list[Citation]] = {}
    shown = pending.in_doubt().filter(revision__in=keys[:ROWS]).select_related("source", "revision__article")
    for citation in shown.order_by("-revision_id", "number"):
        causes.setdefault(citation.revision, []).append(citation)
    places = pending.places(causes)
    rows = [
        PanelRow(
            revision.title,
            _form(revision.article),
            f"{places[revision.pk]}; " + ", ".join(f"{one.source.key}: {_state(one)}" for one in citations),
            " ".join(one.source.retraction_note for one in citations),
            True,
        )
        for revision, citations in causes.items()
    ]
    url = _list(sources="in_doubt")
    return Panel(
        _("Not published yet, cites a source in doubt"),
        len(keys),
        url,
        rows,
        12,
    )


def _state(citation: Citation) -> str:
    return citation.source.get_retraction_state_display()


def _doubtful(row: Publication, citations: "list[MarkedCitation]") -> PanelRow:
    """Return a row for a publication that cites doubtful sources, with their states, dates and retraction notes."""
    said = []
    for citation in citations:
        facts = {"key": citation.source.key, "state": _state(citation)}
        if citation.marked_at:
            facts["day"] = times.day(citation.marked_at)
            said.append(_("%(key)s: %(state)s, known here since %(day)s") % facts)
        else:
            said.append("{key}: {state}".format(**facts))
    notes = " ".join(citation.source.retraction_note for citation in citations)
    return PanelRow(row.approval.revision.title, _form(row.article), "; ".join(said), notes.strip(), True)


def _links(own: Q) -> Panel:
    """Return the panel of dead or moved links in live articles. The number of queries is constant."""
    found = links_to_mend(Revision.objects.filter(own) if own else None)
    newest = Prefetch("answers", LinkAnswer.objects.order_by("-at", "-pk")[:1], to_attr="newest")
    rows = found.order_by("state", "-checked_at", "-pk").prefetch_related(newest)[:ROWS]
    links = cast("list[LinkToMend]", list(rows))
    uses = uses_of(links)
    for link in links:
        link.uses, link.more = uses[link.pk][:MOST_USES], len(uses[link.pk][MOST_USES:])
        link.last_seen, link.to_do = last_seen(link, link.newest), what_to_do(link)
    return Panel(
        _("Dead or moved links in live articles"),
        count_of(found, len(links), ROWS),
        f"{reverse('admin:sources_link_changelist')}?live=mend",
        rank=46,
        template="admin/articles/_links_to_mend.html",
        context={"links": links},
    )
