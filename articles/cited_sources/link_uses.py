"""Find the live articles that contain a link, in their text or through a source that they cite."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from articles.models import Citation, LinkInText, Publication, Revision
from articles.models.visibility import in_force
from sources.models import Link, LinkFinding, LinkState

MOST_USES = 5  # shown for one link


@dataclass(frozen=True)
class LinkUse:
    """A live article (by primary key) that contains a link: through a source, or in its text if `source` is None.

    `source` is the primary key and `key` the citation key of the source.
    """

    article: int
    title: str
    source: int | None = None
    key: str = ""


def live_links(links: QuerySet[Link], revisions: QuerySet[Revision] | None = None) -> QuerySet[Link]:
    """Return the links among these that live articles contain, in their text or through a source that they cite.

    A URL that has been replaced in the text or the source is left out. `revisions` limits the live revisions that are
    considered.
    """
    own = links.order_by().values("url")
    revisions = Revision.objects.all() if revisions is None else revisions
    seen = revisions.filter(in_force(path="approvals__publications__")).order_by().values("pk")
    in_texts = LinkInText.objects.filter(link__in=links.order_by().values("pk"), revision__in=seen)
    cited = Citation.objects.filter(revision__in=seen).order_by()
    return links.filter(
        Q(pk__in=in_texts.values("link"))
        | Q(url__in=cited.filter(source__url__in=own).values("source__url"))
        | Q(url__in=cited.filter(source__archived_url__in=own).values("source__archived_url"))
    )


def links_to_mend(revisions: QuerySet[Revision] | None = None) -> QuerySet[Link]:
    """Return the dead and moved links in live articles, without those that an editor has marked as looked at.

    `revisions` limits the live revisions that are considered.
    """
    doubtful = Link.objects.filter(state__in=[LinkState.DEAD, LinkState.MOVED], looked_at=None)
    return live_links(doubtful, revisions)


def uses_of(links: Sequence[Link]) -> dict[int, list[LinkUse]]:
    """Return the live articles that contain each of these links, by the link's primary key. Makes three queries."""
    if not links:
        return {}
    live = dict(
        Publication.objects.visible()
        .filter(
            Q(approval__revision__in=LinkInText.objects.filter(link__in=links).values("revision"))
            | Q(approval__revision__in=_citing(links).values("revision"))
        )
        .values_list("approval__revision", "article")
    )
    by_url = {link.url: link.pk for link in links}
    uses: dict[int, list[LinkUse]] = {link.pk: [] for link in links}
    found = LinkInText.objects.filter(link__in=links, revision__in=live).order_by("revision__title", "pk")
    for key, revision, title in found.values_list("link", "revision", "revision__title"):
        uses[key].append(LinkUse(live[revision], title))
    cited = _citing(links).filter(revision__in=live).select_related("source").order_by("revision__title", "pk")
    for citation in cited.defer("reference").annotate(title=F("revision__title")):
        for url in {citation.source.url, citation.source.archived_url} & by_url.keys():
            use = LinkUse(live[citation.revision_id], citation.title, citation.source_id, citation.source.key)
            uses[by_url[url]].append(use)
    return uses


def _citing(links: Sequence[Link]) -> QuerySet[Citation]:
    urls = [link.url for link in links]
    return Citation.objects.filter(Q(source__url__in=urls) | Q(source__archived_url__in=urls))


def what_to_do(link: Link) -> str:
    """Return a sentence that tells an editor what to do about this link, or "" if there is nothing to do."""
    if link.state == LinkState.DEAD:
        return _("Replace the address or remove the link. If the page is there after all, mark the link as fine.")
    if link.state == LinkState.MOVED:
        return _("Open the link. If it leads to another page, replace the address; otherwise, mark the link as fine.")
    return ""


def last_seen(link: Link, newest: Sequence) -> str:
    """Return a description of the link's last answer, or "". `newest` has the link's answers, newest first."""
    if not newest:
        is_dead_here = link.url.startswith("/") and link.state == LinkState.DEAD
        return _("We have no article at this address.") if is_dead_here else ""
    answer = newest[0]
    status = f"HTTP {answer.status}" if answer.status else _("No answer")
    detail = answer.detail or (str(LinkFinding(answer.finding).label) if answer.finding else "")
    return f"{status}: {detail}" if detail else status
