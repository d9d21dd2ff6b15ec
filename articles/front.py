"""What the home page shows. Each part is asked for when the template first names it, in a constant number of queries.

Which articles stand on a shelf and how often a source is cited takes a look at every live article (with 100,000 of
them more than a second), so these are remembered for ten minutes (betterment.memory), as keys and counts. The words
are read each time through the readers' door: what was withdrawn, or retracted, shows as such at once.

In templates/articles/home.html, where the view hands in `front` (a `Front`):

* `front.latest`: publications as articles.pages.teasers gives them (`slug`, `starts_at`, words in `approval.revision`);
  two queries.
* `front.shelves`: each with `topic` (name, slug, description), `articles` (how many can be read) and `latest` (three
  publications as above); two queries, and two more to look anew.
* `front.most_cited`: each with `title`, `where`, `link`, `evidence` (in words), `group` (articles.evidence: names the
  colour), `articles` (how many live ones cite it), `retraction_state` and `retraction_note`; one query, and
  one to look anew.

The board is the advisors' room's: `{% load front %}{% board_members as members %}`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from articles.browse import live_topics
from articles.evidence import group_of
from articles.models import Article, Publication, RetractionState, Source, Topic
from articles.models.visibility import in_force
from articles.pages import teasers
from betterment.html import clean_link
from betterment.memory import remembered

LATEST, TOPICS, ON_A_SHELF, SOURCES = 6, 12, 3, 6

_Filed = Article.topics.through


@dataclass(frozen=True)
class Shelf:
    """A topic with the latest that can be read on it."""

    topic: Topic
    articles: int
    latest: Sequence[Publication]


@dataclass(frozen=True)
class MostCited:
    """A source that many live articles cite, as the library has it today: a retraction shows at once."""

    title: str
    where: str
    link: str
    evidence: str
    group: str
    articles: int
    retraction_state: str
    retraction_note: str

    @property
    def is_retracted(self) -> bool:
        return self.retraction_state == RetractionState.RETRACTED


class Front:
    """The parts of the home page at one moment."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    @cached_property
    def latest(self) -> list[Publication]:
        """The six newest."""
        return list(teasers(self.at)[:LATEST])

    @cached_property
    def shelves(self) -> list[Shelf]:
        """The twelve topics with most to read, by name, each with its three newest."""
        placed = remembered("front.shelves", self._placed)
        topics = Topic.objects.in_bulk(placed)
        articles = {article for _, articles in placed.values() for article in articles}
        shown = teasers(self.at).prefetch_related(None).filter(article__in=articles)
        found = {row.article_id: row for row in shown}
        shelves = [
            Shelf(topics[key], many, [found[article] for article in articles if article in found])
            for key, (many, articles) in placed.items()
            if key in topics
        ]
        return sorted((shelf for shelf in shelves if shelf.latest), key=lambda shelf: shelf.topic.name.casefold())

    @cached_property
    def most_cited(self) -> list[MostCited]:
        """The six sources that most live articles cite; what one article alone cites is not among them."""
        counted = remembered("front.most_cited", self._counted)
        sources = Source.objects.in_bulk([key for key, _ in counted])
        return [_most_cited(sources[key], many) for key, many in counted if key in sources]

    def _placed(self) -> dict[int, tuple[int, list[int]]]:
        """By topic: how many articles can be read, and the keys of the newest three. Two queries."""
        topics = live_topics(self.at).order_by("-articles_live", "name")[:TOPICS]
        placed = {topic.pk: (topic.articles_live, []) for topic in topics}
        newest = Window(
            RowNumber(), partition_by="topic", order_by=[F("article__publications__starts_at").desc(), F("pk").desc()]
        )
        rows = _Filed.objects.filter(in_force(self.at, "article__publications__"), topic__in=placed)
        rows = rows.annotate(place=newest).filter(place__lte=ON_A_SHELF).order_by("topic", "place")
        for topic, article in rows.values_list("topic", "article"):
            placed[topic][1].append(article)
        return placed

    def _counted(self) -> list[tuple[int, int]]:
        """The keys of the sources cited most, with the number of live articles that cite each. One query."""
        path = "citations__revision__approvals__publications__"
        rows = Source.objects.filter(in_force(self.at, path)).annotate(live=Count(f"{path}article", distinct=True))
        rows = rows.filter(live__gt=1).order_by("-live", "-year", "key")
        return list(rows.values_list("pk", "live")[:SOURCES])


def _most_cited(source: Source, articles: int) -> MostCited:
    where = source.container_short or source.container or source.publisher
    year = source.year or (source.published_on and source.published_on.year)
    return MostCited(
        title=source.title,
        where=", ".join(str(part) for part in (where, year) if part),
        link=source.link if clean_link(source.link) else "",
        evidence=source.get_evidence_display(),
        group=group_of(source.evidence),
        articles=articles,
        retraction_state=source.retraction_state,
        retraction_note=source.retraction_note,
    )
