"""The content of the homepage. Each part is read when the template first uses it, in a constant number of queries.

The template gets an instance of `HomepageContent` as `homepage`:

* `homepage.latest`: a list of publications as `articles.pages.teasers` returns them (with `slug`, `starts_at`, and the
  text in `approval.revision`); two queries.
* `homepage.shelves`: a list of `TopicShelf`; five queries.
* `homepage.most_cited`: a list of `MostCited`; three queries.
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
from sources.evidence_kinds import evidence_label
from sources.models import RetractionState, Source
from website.browse import live_topics
from website.newest_lists import newest_in

LATEST, TOPICS, ON_A_SHELF, SOURCES = 6, 12, 3, 6
# Limits, so that the cost of this page does not grow with the archive: the number of topics considered, of articles
# considered for each topic, of articles counted for each topic, of latest articles whose citations are counted, and of
# sources loaded as candidates.
MOST_TOPICS, LOOKED_AT, COUNTED, READ, CANDIDATES = 48, 20, 10, 120, 24


@dataclass(frozen=True)
class TopicShelf:
    """A topic with its latest published articles.

    `articles` is the number of published articles, COUNTED if there are more (`is_more` is then true), or 0 if the
    number is not known.
    """

    topic: Topic
    articles: int
    is_more: bool
    latest: Sequence[Publication]


@dataclass(frozen=True)
class MostCited:
    """A source that several published articles cite.

    The values are those of the library, not of frozen references, so that a retraction shows at once. `where` is the
    journal or publisher and the year, `evidence` the kind of evidence in words, `group` its group
    (`sources.evidence_groups`), and `articles` the number of articles that cite the source, out of the latest READ.
    """

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
        """Return whether the source has been retracted."""
        return self.retraction_state == RetractionState.RETRACTED


class HomepageContent:
    """The parts of the homepage at the timezone-aware time `at`."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    @cached_property
    def latest(self) -> list[Publication]:
        """Return the newest publications, newest first, at most LATEST."""
        return list(teasers(self.at)[:LATEST])

    @cached_property
    def shelves(self) -> list[TopicShelf]:
        """Return the topics with the most published articles (at most TOPICS), by name, each with its newest articles.

        Only the first MOST_TOPICS topics by name and the LOOKED_AT newest articles of each are considered. Articles of
        a topic are counted up to COUNTED, and topics with equal counts are ranked by their latest publication.
        """
        topics = Topic.objects.in_bulk(live_topics(self.at).order_by("name").values_list("pk", flat=True)[:MOST_TOPICS])
        filed: dict[int, list[int]] = {topic: [] for topic in topics}
        for topic, article in newest_in(topics, LOOKED_AT):
            filed[topic].append(article)
        live = Publication.objects.visible(self.at).filter(article__in={one for many in filed.values() for one in many})
        # Rank publications by position, not by time: parsing hundreds of timestamps takes longer than sorting the rows.
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
        """Return the sources (at most SOURCES) that the latest READ articles cite most often, most cited first.

        Sources that only one article cites are left out.
        """
        cited = Citation.objects.filter(revision__in=self._latest_revisions[:READ]).order_by().values_list("source")
        rows = cited.annotate(live=Count("revision")).filter(live__gt=1)  # reads one table and no source
        counted = dict(rows.order_by("-live", "-source_id")[:CANDIDATES])
        sources = Source.objects.in_bulk(counted)
        order = sorted(counted, key=lambda key: (-counted[key], -(sources[key].year or 0), sources[key].key))
        return [_most_cited(sources[key], counted[key]) for key in order[:SOURCES]]

    @property
    def of_latest(self) -> int:
        """Return READ if `most_cited` considers only the latest READ articles, or 0 if it considers all articles."""
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
    """Return the number of articles to show for a topic, and whether there are more.

    `read` of the newest `looked_at` articles of the topic are published. Return (0, False) if the number of published
    articles is unknown, because older ones were not considered.
    """
    if read > COUNTED:
        return COUNTED, True
    return (read, False) if looked_at < LOOKED_AT else (0, False)


def _most_cited(source: Source, live: int) -> MostCited:
    """Return the MostCited for a source that `live` published articles cite."""
    where = source.container_short or source.container or source.publisher
    year = source.year or (source.published_on and source.published_on.year)
    return MostCited(
        title=source.title,
        where=", ".join(str(part) for part in (where, year) if part),
        link=source.link if clean_link(source.link) else "",
        evidence=evidence_label(source.evidence),
        group=group_of(source.evidence),
        articles=live,
        retraction_state=source.retraction_state,
        retraction_note=source.retraction_note,
    )
