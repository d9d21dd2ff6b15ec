"""What the home page shows. Each part is asked for when the template first names it, in a constant number of queries.

In templates/articles/home.html, where the view hands in `front` (a `Front`):

* `front.latest`: publications as articles.pages.teasers gives them (`slug`, `starts_at`, words in `approval.revision`);
  two queries.
* `front.shelves`: each with `topic` (name, slug, description), `articles` (how many can be read: `is_more` than 10 are
  not counted, and 0 says that nobody counted) and `latest` (three publications as above); five queries.
* `front.most_cited`: each with `title`, `where`, `link`, `evidence` (in words), `group` (sources.evidence_groups; it
  names the colour), `articles` (how many cite it, of the `front.of_latest` latest where these are not all),
  `retraction_state` and `retraction_note`; three queries.

The board is the advisors' room's: `{% load board_members %}{% board_members as members %}`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, F

from articles.models import Citation, Publication, Topic
from articles.pages import teasers
from core.html import clean_link
from sources.evidence_groups import group_of
from sources.models import RetractionState, Source
from website.browse import live_topics
from website.topic_articles import newest_in

LATEST, TOPICS, ON_A_SHELF, SOURCES = 6, 12, 3, 6
# How far the parts look, so that the cost of this page does not grow with the archive: topics, the articles of each
# that were begun last, how many of them are counted, and the latest articles whose citations are.
MOST_TOPICS, LOOKED_AT, COUNTED, READ, CANDIDATES = 48, 20, 10, 120, 24


@dataclass(frozen=True)
class TopicShelf:
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
    def shelves(self) -> list[TopicShelf]:
        """The twelve topics with most to read, by name, each with its three newest.

        Both are said of the articles of each topic that were begun last. Among topics with more than is counted, those
        come first on which something was published last.
        """
        topics = Topic.objects.in_bulk(live_topics(self.at).order_by("name").values_list("pk", flat=True)[:MOST_TOPICS])
        filed: dict[int, list[int]] = {topic: [] for topic in topics}
        for topic, article in newest_in(topics, LOOKED_AT):
            filed[topic].append(article)
        live = Publication.objects.visible(self.at).filter(article__in={one for many in filed.values() for one in many})
        # By their places and not by their times: hundreds of times cost more to read than to sort.
        oldest_first = enumerate(live.order_by("starts_at", "pk").values_list("article", "pk"))
        placed = {article: (place, pk) for place, (article, pk) in oldest_first}
        read = {
            topic: sorted((placed[one] for one in many if one in placed), reverse=True) for topic, many in filed.items()
        }
        fullest = sorted((topic for topic in topics if read[topic]), key=lambda topic: topics[topic].name)
        fullest.sort(key=lambda topic: (min(len(read[topic]), COUNTED), read[topic][0]), reverse=True)
        chosen = {topic: [pk for _, pk in read[topic][:ON_A_SHELF]] for topic in fullest[:TOPICS]}
        found = self._publications({pk for keys in chosen.values() for pk in keys})
        return [
            TopicShelf(topics[topic], *_counted(len(read[topic]), len(filed[topic])), [found[pk] for pk in keys])
            for topic, keys in sorted(chosen.items(), key=lambda one: topics[one[0]].name.casefold())
        ]

    @cached_property
    def most_cited(self) -> list[MostCited]:
        """The six sources that most of the latest articles cite; what one article alone cites is not among them."""
        cited = Citation.objects.filter(revision__in=self._latest_revisions[:READ]).order_by().values_list("source")
        rows = cited.annotate(live=Count("revision")).filter(live__gt=1)  # of one table: no source is read for it
        counted = dict(rows.order_by("-live", "-source_id")[:CANDIDATES])
        sources = Source.objects.in_bulk(counted)
        order = sorted(counted, key=lambda key: (-counted[key], -(sources[key].year or 0), sources[key].key))
        return [_most_cited(sources[key], counted[key]) for key in order[:SOURCES]]

    @property
    def of_latest(self) -> int:
        """Of how many of the latest articles `most_cited` speaks; 0 where it speaks of all."""
        return READ if len(self._latest_revisions) > READ else 0

    @cached_property
    def _latest_revisions(self) -> list[int]:
        rows = Publication.objects.visible(self.at).order_by("-starts_at", "-pk")
        return list(rows.values_list("approval__revision", flat=True)[: READ + 1])

    def _publications(self, keys: set[int]) -> dict[int, Publication]:
        shown = Publication.objects.filter(pk__in=keys).annotate(slug=F("article__slug"))
        shown = shown.select_related("approval__revision")
        return shown.defer("approval__revision__body", "approval__revision__safety_note").in_bulk()


def _counted(read: int, looked_at: int) -> tuple[int, bool]:
    """How many articles a topic is said to have, and whether it has more; (0, False) where that would be a guess."""
    if read > COUNTED:
        return COUNTED, True
    return (read, False) if looked_at < LOOKED_AT else (0, False)


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
