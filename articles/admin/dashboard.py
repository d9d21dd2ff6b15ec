"""What the start page shows of articles: the newsroom's to an editor, their own to a writer."""

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles import pending
from articles.admin.waiting_notes import notes_on
from articles.cited_sources.link_uses import MOST_USES, last_seen, links_to_mend, uses_of, what_to_do
from articles.models import Article, Citation, Publication, Revision, Stage, Transition
from articles.reviews_due import in_doubt, marked_since_approval
from core import times
from core.admin import dashboard
from core.admin.dashboard import MAX_COUNTED, Panel, PanelRow, count_of
from sources.models import LinkAnswer

ROWS = 6


@dashboard.add
def panels(user: User) -> list[Panel]:
    """The panels of somebody who works on articles; none for anybody else."""
    articles = Article.objects.editable_by(user)
    if not user.has_perm("articles.change_article"):
        return []
    edits_all = user.has_perm("articles.edit_all_articles")
    mine = "" if edits_all else "my "
    own = Q() if edits_all else Q(article__in=articles)  # of all: there is nothing to look for among all articles
    return [
        _came_back(articles),
        _drafts(articles, f"{mine}drafts".capitalize()),
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


def _drafts(articles, title: str) -> Panel:
    drafts = articles.filter(stage=Stage.DRAFT).select_related("saved_by").order_by("-saved_at")
    newest = [article for article in drafts[:ROWS] if article.saved_at]
    notes = notes_on(newest)
    rows = [
        PanelRow(
            str(article),
            _form(article),
            f"saved {times.moment(article.saved_at)} by {article.saved_by}"
            + (f"; {notes[article.pk]}" if article.pk in notes else ""),
        )
        for article in newest
    ]
    return Panel(title, count_of(drafts), _list(stage__exact=Stage.DRAFT), rows, "No drafts.", 20)


def _came_back(articles) -> Panel:
    back = articles.filter(stage=Stage.CHANGES_REQUESTED)
    last = Transition.objects.filter(article__in=back, verb="request_changes").select_related("article")
    rows, seen = [], set()
    for transition in last.order_by("-at")[: ROWS * 4]:
        if transition.article_id not in seen and len(rows) < ROWS:
            seen.add(transition.article_id)
            note = f"{transition.actor_name}, {times.day(transition.at)}"
            rows.append((transition, note))
    notes = notes_on(transition.article for transition, _ in rows)
    rows = [
        PanelRow(
            str(transition.article),
            _form(transition.article),
            "; ".join(filter(None, [note, notes.get(transition.article_id, "")])),
            transition.reason,
            True,
        )
        for transition, note in rows
    ]
    url = _list(stage__exact=Stage.CHANGES_REQUESTED)
    return Panel("Changes requested", count_of(back), url, rows, "No article has changes requested.", 10)


def _ready(articles) -> Panel:
    approved = articles.filter(stage=Stage.APPROVED).order_by("-saved_at")
    newest = list(approved[:ROWS])
    ended = _last_ended(newest)
    marked = set(pending.in_doubt().filter(revision__article__in=newest).values_list("revision__article", flat=True))
    rows = [
        PanelRow(str(article), _form(article), _what_waits(ended.get(article.pk), article.pk in marked))
        for article in newest
    ]
    return Panel(
        "Approved, ready to publish",
        count_of(approved, len(newest), ROWS),
        _list(stage__exact=Stage.APPROVED),
        rows,
        "Nothing is ready to publish.",
        15,
    )


def _what_waits(ended: Publication | None, is_in_doubt: bool) -> str:
    words = "approved, not yet published"
    if ended:
        off = "was withdrawn" if ended.notice else "expired"
        words = f"approved; the article {off} on {times.day(ended.ends_at)}, so publishing asks for a reason"
    return f"{words}; cites a source in doubt" if is_in_doubt else words


def _withdrawn(articles) -> Panel:
    withdrawn = articles.filter(stage=Stage.WITHDRAWN).order_by("-saved_at")
    newest = list(withdrawn[:ROWS])
    ended = _last_ended(newest)
    rows = [
        PanelRow(
            str(article),
            _form(article),
            f"withdrawn on {times.day(ended[article.pk].ends_at)}",
            ended[article.pk].notice,
        )
        for article in newest
        if article.pk in ended
    ]
    url = _list(stage__exact=Stage.WITHDRAWN)
    return Panel("Withdrawn", count_of(withdrawn, len(newest), ROWS), url, rows, "Nothing is withdrawn.", 50)


def _expired(own) -> Panel:
    expired = Publication.objects.expired().filter(own).select_related("article", "approval__revision")
    newest = list(expired.order_by("-expires_at")[:ROWS])
    rows = [
        PanelRow(
            row.approval.revision.title, _form(row.article), f"off the page since {times.day(row.ends_at)}, as was set"
        )
        for row in newest
    ]
    return Panel(
        "Expired", count_of(expired, len(newest), ROWS), _list(shown="expired"), rows, "Nothing has expired.", 55
    )


def _last_ended(articles: list[Article]) -> dict[int, Publication]:
    """Return what readers saw last of those of these articles that are off the page, by article. One query."""
    last: dict[int, Publication] = {}
    for row in Publication.objects.filter(article__in=articles, cancelled_at=None).order_by("starts_at", "pk"):
        last[row.article_id] = row
    now = timezone.now()
    return {article: row for article, row in last.items() if row.ends_at and row.ends_at <= now}


def _scheduled(own) -> Panel:
    upcoming = Publication.objects.upcoming().filter(own).select_related("article", "approval__revision")
    rows = [
        PanelRow(row.approval.revision.title, _form(row.article), f"from {times.moment(row.starts_at)}")
        for row in upcoming.order_by("starts_at")[:ROWS]
    ]
    return Panel(
        "Scheduled", count_of(upcoming, len(rows), ROWS), _list(shown="scheduled"), rows, "Nothing is scheduled.", 40
    )


def _attention(own) -> Panel:
    """Live articles that cite a source which was retracted or doubted since the board approved them."""
    live = in_doubt(most=None if own else MAX_COUNTED + 1).filter(own)
    keys = list(live.order_by("-pk").values_list("pk", flat=True)[: MAX_COUNTED + 1])
    shown = Publication.objects.filter(pk__in=keys[:ROWS]).select_related("article", "approval__revision")
    shown = list(shown.order_by("-pk"))
    causes: dict[int, list[Citation]] = {}
    cited = marked_since_approval().filter(revision__in=[row.approval.revision_id for row in shown])
    for citation in cited.select_related("source").order_by("number"):
        causes.setdefault(citation.revision_id, []).append(citation)
    rows = [_doubtful(row, causes[row.approval.revision_id]) for row in shown]
    return Panel(
        "Published, needs attention",
        len(keys),
        _list(review_due="source"),
        rows,
        "No published article needs attention.",
        45,
    )


def _pending(own) -> Panel:
    """What is before the board, approved or scheduled and cites a source that was retracted or doubted since."""
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
        "Not published yet, cites a source in doubt",
        len(keys),
        url,
        rows,
        "No such article cites a source in doubt.",
        12,
    )


def _state(citation: Citation) -> str:
    return citation.source.get_retraction_state_display()


def _doubtful(row: Publication, citations: list[Citation]) -> PanelRow:
    """What became known of which of its sources, since when, and who says so."""
    said = [
        f"{citation.source.key}: {_state(citation)}"
        + (f", known here since {times.day(citation.marked_at)}" if citation.marked_at else "")
        for citation in citations
    ]
    notes = " ".join(citation.source.retraction_note for citation in citations)
    return PanelRow(row.approval.revision.title, _form(row.article), "; ".join(said), notes.strip(), True)


def _links(own) -> Panel:
    """Links that readers can follow now and that are dead, or lead elsewhere. Six queries, however many there are."""
    found = links_to_mend(Revision.objects.filter(own) if own else None)
    newest = Prefetch("answers", LinkAnswer.objects.order_by("-at", "-pk")[:1], to_attr="newest")
    links = list(found.order_by("state", "-checked_at", "-pk").prefetch_related(newest)[:ROWS])
    uses = uses_of(links)
    for link in links:
        link.uses, link.more = uses[link.pk][:MOST_USES], len(uses[link.pk][MOST_USES:])
        link.last_seen, link.to_do = last_seen(link, link.newest), what_to_do(link)
    return Panel(
        "Dead or moved links in live articles",
        count_of(found, len(links), ROWS),
        f"{reverse('admin:sources_link_changelist')}?live=mend",
        empty="No dead link is known.",
        rank=46,
        template="admin/articles/_links_to_mend.html",
        context={"links": links},
    )
