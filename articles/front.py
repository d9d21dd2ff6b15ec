"""What the home page shows. Each part is asked for when the template first names it, in a constant number of queries.

In templates/articles/home.html, where the view hands in `front` (a `Front`):

* `front.latest`: publications as articles.pages.teasers gives them (`slug`, `starts_at`, words in `approval.revision`);
  two queries.
* `front.shelves`: each with `topic` (name, slug, description), `articles` (how many can be read) and `latest` (three
  publications as above); three queries.
* `front.most_cited`: each with `title`, `where`, `link`, `evidence` (in words), `group` (articles.evidence: names the
  colour), `articles` (how many live ones cite it), `retraction_state` and `retraction_note`; one query.

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
        topics = {topic.pk: topic for topic in live_topics(self.at).order_by("-articles_live", "name")[:TOPICS]}
        newest = Window(
            RowNumber(), partition_by="topic", order_by=[F("article__publications__starts_at").desc(), F("pk").desc()]
        )
        rows = (
            _Filed.objects.filter(in_force(self.at, "article__publications__"), topic__in=topics)
            .annotate(place=newest)
            .filter(place__lte=ON_A_SHELF)
            .order_by("topic", "place")
        )
        placed = list(rows.values_list("topic", "article__publications"))
        shown = Publication.objects.filter(pk__in={pk for _, pk in placed}).annotate(slug=F("article__slug"))
        shown = shown.select_related("approval__revision").defer(
            "approval__revision__body", "approval__revision__safety_note"
        )
        found = {row.pk: row for row in shown}
        return [
            Shelf(topic, topic.articles_live, [found[pk] for of, pk in placed if of == topic.pk])
            for topic in sorted(topics.values(), key=lambda topic: topic.name.casefold())
        ]

    @cached_property
    def most_cited(self) -> list[MostCited]:
        """The six sources that most live articles cite; what one article alone cites is not among them."""
        path = "citations__revision__approvals__publications__"
        rows = (
            Source.objects.filter(in_force(self.at, path))
            .annotate(live=Count(f"{path}article", distinct=True))
            .filter(live__gt=1)
            .order_by("-live", "-year", "key")[:SOURCES]
        )
        return [_most_cited(source) for source in rows]


def _most_cited(source: Source) -> MostCited:
    where = source.container_short or source.container or source.publisher
    year = source.year or (source.published_on and source.published_on.year)
    return MostCited(
        title=source.title,
        where=", ".join(str(part) for part in (where, year) if part),
        link=source.link if clean_link(source.link) else "",
        evidence=source.get_evidence_display(),
        group=group_of(source.evidence),
        articles=source.live,
        retraction_state=source.retraction_state,
        retraction_note=source.retraction_note,
    )
