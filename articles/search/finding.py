"""Query the search index for texts that readers see at a given moment.

The cost of every query is bounded: for a word in half of a large archive, the articles with the word in their title are
ranked, then a fixed number of others, chosen arbitrarily. Ranking all would take seconds, and nobody reads that far.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol

from django.core.paginator import InvalidPage, Page, Paginator
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.models import Article, Citation, Publication, Topic
from articles.pages import teasers
from articles.search import postgresql, sqlite
from articles.search.queries import Query
from sources.evidence_groups import GROUPS

PER_PAGE = 10
MOST = 200  # articles that are ranked
# Private-use characters, which enclose hits. `marked` removes stray ones that come from a text.
START, STOP = "\ue000", "\ue001"
HIT = re.compile(f"{START}([^{START}{STOP}]*){STOP}")


@dataclass(frozen=True)
class SearchHit:
    """An article that was found, with a passage of its body in which the hits are in `mark`, or an empty passage."""

    publication: Publication
    passage: SafeString


class SearchBackend(Protocol):
    """The interface of the modules for the two databases, articles.search.sqlite and articles.search.postgresql."""

    FROM: str
    RANK: str
    RANK_TAKES_THE_QUERY: bool
    IN_TOPIC: str
    ORDER: str

    def expression(self, query: Query, any_term: bool) -> str: ...

    def drafts(self, query: Query) -> tuple[str, list[str]]: ...

    def matches(self, query: Query, expression: str, in_title: bool) -> tuple[str, list[str]]: ...

    def snippets(self, expression: str, revisions: Sequence[int], start: str, stop: str) -> dict[int, str]: ...


class Matches:
    """The publications that a query finds, best first and at most MOST, as the object list of a Paginator."""

    def __init__(
        self, query: Query, at: datetime, topic: Topic | None = None, group: str = "", any_term: bool = False
    ) -> None:
        self.backend = backend()
        self.query, self.any_term, self.topic = query, any_term, topic
        visible = Publication.objects.visible(at)
        if topic:
            of_topic = Article.topics.through.objects.filter(article=OuterRef("article"), topic=topic.pk)
            visible = visible.filter(Exists(of_topic))
        if group:
            cited = Citation.objects.filter(revision=OuterRef("approval__revision"), evidence__in=GROUPS[group].kinds)
            visible = visible.filter(Exists(cited))
        # The condition for visible publications, compiled by the ORM. It refers to tables by name, as our SQL does.
        compiler = visible.query.get_compiler(connection=connection)
        compiler.pre_sql_setup()
        self.seen, self.seen_parameters = compiler.compile(compiler.query.where)

    @cached_property
    def expression(self) -> str:
        """Return the query in the query language of the database."""
        return self.backend.expression(self.query, self.any_term)

    @cached_property
    def keys(self) -> list[int]:
        """Return the primary keys of the publications, best first; one more than MOST if there are more."""
        in_title = self._candidates(True, MOST + 1)
        others = self._candidates(False, MOST + 1) if len(in_title) <= MOST else {}
        best = sorted(in_title, key=lambda key: (in_title[key], -key))
        rest = sorted(others.keys() - in_title.keys(), key=lambda key: (others[key], -key))
        return (best + rest)[: MOST + 1]

    @property
    def is_capped(self) -> bool:
        """Return whether more publications match than are shown."""
        return len(self.keys) > MOST

    def count(self) -> int:
        """Return the number of matching publications, at most MOST, for the Paginator."""
        return min(len(self.keys), MOST)

    def __getitem__(self, part: slice) -> list[int]:
        return self.keys[:MOST][part]

    def several(self, most: int) -> int:
        """Return the number of publications that match, counted up to `most` and without ranking."""
        sql, parameters = self._sql("1", [], False, most)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({sql}) found", parameters)
            return int(cursor.fetchone()[0])

    def _candidates(self, in_title: bool, most: int) -> dict[int, float]:
        """Return the ranks of at most `most` matching publications by primary key; a lower rank is better."""
        ranked = [self.expression] if self.backend.RANK_TAKES_THE_QUERY else []
        with connection.cursor() as cursor:
            cursor.execute(*self._sql(f"articles_publication.id, {self.backend.RANK}", ranked, in_title, most))
            return dict(cursor.fetchall())

    def _sql(self, what: str, parameters: list, in_title: bool, most: int) -> tuple[str, list]:
        matches, asked = self.backend.matches(self.query, self.expression, in_title)
        topics = []
        if self.topic and self.backend.IN_TOPIC:
            matches, topics = f"{matches} AND {self.backend.IN_TOPIC}", [self.topic.pk]
        sql = f"SELECT {what} {self.backend.FROM} WHERE {matches} AND {self.seen} {self.backend.ORDER} LIMIT %s"
        return sql, [*parameters, *asked, *topics, *self.seen_parameters, most]


def find(
    query: Query,
    *,
    at: datetime,
    number: str = "1",
    topic: Topic | None = None,
    group: str = "",
    any_term: bool = False,
) -> Page:
    """Return a page of hits (SearchHit) among the texts that readers see at the aware time `at`, best first.

    All terms have to match or, with `any_term`, one of them. `group` is a key of sources.evidence_groups.GROUPS.
    `page.paginator.object_list.is_capped` is true if more match than the pages show. Raise InvalidPage for a page that
    does not exist. Makes at most six queries.
    """
    if not query or (group and group not in GROUPS):
        if number != "1":
            raise InvalidPage("Nothing was found.")
        return Paginator([], PER_PAGE).page(1)
    matches = Matches(query, at, topic, group, any_term)
    page: Page = Paginator(matches, PER_PAGE).page(number)  # type: ignore[arg-type]  # it has all that is called
    found = {row.pk: row for row in teasers(at).filter(pk__in=page.object_list)}
    rows = [found[key] for key in page.object_list if key in found]
    revisions = [row.approval.revision_id for row in rows]
    passages = matches.backend.snippets(matches.expression, revisions, START, STOP) if rows else {}
    page.object_list = [SearchHit(row, marked(passages.get(row.approval.revision_id, ""))) for row in rows]
    return page


def marked(passage: str) -> SafeString:
    """Return the passage as HTML with each piece escaped and its hits in `mark`, or "" if it contains no hit."""
    pieces = HIT.split(passage)
    if len(pieces) == 1:
        return format_html("{}", "")
    clean = [piece.replace(START, "").replace(STOP, "") for piece in pieces]
    return format_html_join(
        "",
        "{}{}",
        ((format_html("<mark>{}</mark>", piece) if place % 2 else piece, "") for place, piece in enumerate(clean)),
    )


def backend() -> SearchBackend:
    return postgresql if connection.vendor == "postgresql" else sqlite
