"""Asking the index, joined with what readers see at that moment."""

import re
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType

from django.core.paginator import InvalidPage, Page, Paginator
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.evidence import GROUPS
from articles.models import Citation, Publication
from articles.pages import teasers
from articles.search import postgresql, sqlite
from articles.search.queries import Query

PER_PAGE = 10
# Private use characters: a text that holds them loses them here, and gains no mark.
START, STOP = "\ue000", "\ue001"
HIT = re.compile(f"{START}([^{START}{STOP}]*){STOP}")


@dataclass(frozen=True)
class Found:
    """An article that was found, with a passage in which the words are marked where its body has them."""

    publication: Publication
    passage: SafeString


class Matches:
    """The publications that a query finds, best first: what a Paginator needs, and no more than a page of it."""

    def __init__(self, query: Query, at: datetime, topic: str, group: str, any_term: bool) -> None:
        self.backend = _backend()
        self.expression = self.backend.expression(query, any_term)
        visible = Publication.objects.visible(at)
        if topic:
            visible = visible.filter(article__topics__slug=topic)
        if group:
            cited = Citation.objects.filter(revision=OuterRef("approval__revision"), evidence__in=GROUPS[group][2])
            visible = visible.filter(Exists(cited))
        inner, inner_parameters = visible.order_by().values("pk").query.get_compiler(connection=connection).as_sql()
        self.where = (
            f" FROM {self.backend.FROM} JOIN articles_approval a ON a.revision_id = {self.backend.REVISION} "
            f"JOIN articles_publication p ON p.approval_id = a.id WHERE {self.backend.MATCHES} AND p.id IN ({inner})"
        )
        self.parameters = [self.expression, *inner_parameters]

    def count(self) -> int:
        """How many there are."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*){self.where}", self.parameters)
            return cursor.fetchone()[0]

    def __getitem__(self, part: slice) -> list[int]:
        ranked = [self.expression] if self.backend.RANK_TAKES_THE_QUERY else []
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT p.id{self.where} ORDER BY {self.backend.RANK}, p.id DESC LIMIT %s OFFSET %s",
                [*self.parameters, *ranked, part.stop - part.start, part.start],
            )
            return [row[0] for row in cursor.fetchall()]


def find(
    query: Query, *, at: datetime, number: str = "1", topic: str = "", group: str = "", any_term: bool = False
) -> Page:
    """A page of what readers see at that time and the query finds (Found), best first.

    All terms have to be there, or with `any_term` one of them. `topic` is a slug, `group` a key of
    articles.evidence.GROUPS. Raises InvalidPage for a page there is not. At most five queries.
    """
    if not query or (group and group not in GROUPS):
        if number != "1":
            raise InvalidPage("Nothing was found.")
        return Paginator([], PER_PAGE).page(1)
    matches = Matches(query, at, topic, group, any_term)
    page = Paginator(matches, PER_PAGE).page(number)
    found = {row.pk: row for row in teasers(at).filter(pk__in=page.object_list)}
    rows = [found[key] for key in page.object_list if key in found]
    revisions = [row.approval.revision_id for row in rows]
    passages = matches.backend.snippets(matches.expression, revisions, START, STOP) if rows else {}
    page.object_list = [Found(row, marked(passages.get(row.approval.revision_id, ""))) for row in rows]
    return page


def marked(passage: str) -> SafeString:
    """The passage as HTML: escaped piece by piece, its hits in `mark`. Empty where it holds no hit."""
    pieces = HIT.split(passage)
    if len(pieces) == 1:
        return format_html("{}", "")
    clean = [piece.replace(START, "").replace(STOP, "") for piece in pieces]
    return format_html_join(
        "",
        "{}{}",
        ((format_html("<mark>{}</mark>", piece) if place % 2 else piece, "") for place, piece in enumerate(clean)),
    )


def _backend() -> ModuleType:
    return postgresql if connection.vendor == "postgresql" else sqlite
