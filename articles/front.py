"""What the home page shows. Each part is asked for when the template first names it, in a constant number of queries.

In templates/articles/home.html, where the view hands in `front` (a `Front`):

* `front.latest`: publications as articles.pages.teasers gives them (`slug`, `starts_at`, words in `approval.revision`);
  two queries.
* `front.shelves`: each with `topic` (name, slug, description), `articles` (how many can be read: `is_more`
  than 10 are not counted) and `latest` (three publications as above); five queries.
* `front.most_cited`: each with `title`, `where`, `link`, `evidence` (in words), `group` (articles.evidence: names the
  colour), `articles` (how many of the latest 120 cite it; `front.is_of_latest`: there are more), `retraction_state` and
  `retraction_note`; three queries.

The board is the advisors' room's: `{% load front %}{% board_members as members %}`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, F

from articles.browse import live_topics
from articles.evidence import group_of
from articles.filed import newest_in
from articles.models import Citation, Publication, RetractionState, Source, Topic
from articles.pages import teasers
from betterment.html import clean_link

LATEST, TOPICS, ON_A_SHELF, SOURCES = 6, 12, 3, 6
# How far the parts look: the cost of this page does not grow with the archive.
MOST_TOPICS, COUNTED, READ = 48, 10, 120


@dataclass(frozen=True)
class Shelf:
    """A topic with the latest that can be read on it."""

    topic: Topic
    articles: int
    is_more: bool
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
        """The twelve topics with most to read, by name, each with its three newest. Among topics with more than is
        counted, those on which something was published last."""
        topics = Topic.objects.in_bulk(live_topics(self.at).order_by("name").values_list("pk", flat=True)[:MOST_TOPICS])
        filed = newest_in(topics, COUNTED + 1)
        live = Publication.objects.visible(self.at).filter(article__in={article for _, article in filed})
        starts = {article: (at, pk) for article, at, pk in live.order_by().values_list("article", "starts_at", "pk")}
        of_topic = {
            topic: sorted((starts[article] for of, article in filed if of == topic and article in starts), reverse=True)
            for topic in topics
        }
        fullest = sorted((topic for topic in topics if of_topic[topic]), key=lambda topic: topics[topic].name)
        fullest.sort(key=lambda topic: (min(len(of_topic[topic]), COUNTED), of_topic[topic][0]), reverse=True)
        chosen = {topic: [pk for _, pk in of_topic[topic][:ON_A_SHELF]] for topic in fullest[:TOPICS]}
        found = self._publications({pk for keys in chosen.values() for pk in keys})
        return [
            Shelf(
                topics[topic],
                min(len(of_topic[topic]), COUNTED),
                len(of_topic[topic]) > COUNTED,
                [found[pk] for pk in keys],
            )
            for topic, keys in sorted(chosen.items(), key=lambda one: topics[one[0]].name.casefold())
        ]

    @cached_property
    def most_cited(self) -> list[MostCited]:
        """The six sources that most of the latest articles cite; what one article alone cites is not among them."""
        cited = (
            Citation.objects.filter(revision__in=self._latest_revisions)
            .values("source")
            .annotate(live=Count("revision"))
            .filter(live__gt=1)
            .order_by("-live", "-source__year", "source__key")
        )
        counted = dict(cited.values_list("source", "live")[:SOURCES])
        sources = Source.objects.in_bulk(counted)
        return [_most_cited(sources[key], live) for key, live in counted.items()]

    @property
    def is_of_latest(self) -> bool:
        """Whether there are more articles than `most_cited` speaks of."""
        return len(self._latest_revisions) == READ

    @cached_property
    def _latest_revisions(self) -> list[int]:
        rows = Publication.objects.visible(self.at).order_by("-starts_at", "-pk")
        return list(rows.values_list("approval__revision", flat=True)[:READ])

    def _publications(self, keys: set[int]) -> dict[int, Publication]:
        shown = Publication.objects.filter(pk__in=keys).annotate(slug=F("article__slug"))
        shown = shown.select_related("approval__revision")
        return shown.defer("approval__revision__body", "approval__revision__safety_note").in_bulk()


def _most_cited(source: Source, live: int) -> MostCited:
    where = source.container_short or source.container or source.publisher
    year = source.year or (source.published_on and source.published_on.year)
    return MostCited(
        title=source.title,
        where=", ".join(str(part) for part in (where, year) if part),
        link=source.link if clean_link(source.link) else "",
        evidence=source.get_evidence_display(),
        group=group_of(source.evidence),
        articles=live,
        retraction_state=source.retraction_state,
        retraction_note=source.retraction_note,
    )
