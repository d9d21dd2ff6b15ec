"""Register the articles, topics, authors and sources that the newsroom's search can find."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Model
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sessions import signed_in
from articles.models import Article, Author, Autosave, Presence, Revision, SearchDraft, Topic, Transition
from articles.models.articles import ArticleQuerySet
from articles.search.finding import START, STOP, marked
from articles.search.queries import SHORTEST_PREFIX, parse
from core import times
from core.admin import search
from core.admin.search import SearchedModel, SearchedPage
from sources.models import Source

AROUND = 90  # characters of a passage on either side of the first word
SHORTEST_STEM = 4  # letters that a word and its other forms have in common


def _openable(request: HttpRequest) -> ArticleQuerySet:
    """Return the articles that the person may open, without the texts, which can be long."""
    return Article.objects.editable_by(signed_in(request)).only("title", "stage", "saved_at", "created_by")


def _note(article: Article) -> str:
    saved = times.moment(article.saved_at) if article.saved_at else ""
    return " · ".join(filter(None, (article.get_stage_display(), saved)))


def _recent(model: type[Model], user: User, most: int) -> Mapping[int, datetime]:
    """Return the articles that the user has typed in, saved, decided on or had open last. Makes four queries."""
    own = (
        Autosave.objects.filter(user=user)
        .exclude(article=None)
        .order_by("-saved_at")
        .values_list("article", "saved_at"),
        Presence.objects.filter(user=user).order_by("-seen_at").values_list("article", "seen_at"),
        Revision.objects.filter(created_by=user).order_by("-pk").values_list("article", "created_at"),
        Transition.objects.filter(actor=user).order_by("-pk").values_list("article", "at"),
    )
    last: dict[int, datetime] = {}
    for moments in own:
        for article, at in moments[: most * 3]:  # an article that was saved several times in a row has several
            last[article] = max(at, last.get(article, at))
    return dict(sorted(last.items(), key=lambda pair: pair[1], reverse=True)[:most])


def _passages(articles: Sequence[int], typed: str) -> dict[int, SafeString]:
    """Return the passage around the first typed word in each working copy that has one, by the article's key."""
    words = {word for term in parse(typed).wanted for word in term}
    texts = SearchDraft.objects.filter(article__in=articles).values_list("article", "words") if articles else ()
    return {article: passage for article, text in texts if (passage := _passage(text, words))}


def _passage(text: str, words: set[str]) -> SafeString:
    """Return the text around the first of these words, with each of them in `mark`; "" if none of them is there."""
    begun = re.compile(rf"\b(?:{'|'.join(map(_pattern, sorted(words)))})", re.IGNORECASE)
    first = begun.search(text)
    if first is None:
        return marked("")
    before = text[max(0, first.start() - AROUND) : first.start()]
    after = text[first.end() : first.end() + AROUND]
    if first.start() > AROUND:
        before = f"…{before.partition(' ')[2]}"
    if first.end() + AROUND < len(text):
        after = f"{after.rpartition(' ')[0]}…"
    around = f"{before}{first[0]}{after}".replace(START, "").replace(STOP, "")
    return marked(begun.sub(lambda hit: f"{START}{hit[0]}{STOP}", around.replace("\n", " ")))


def _pattern(word: str) -> str:
    """Return the pattern of a word and its other forms. A short word is looked for as it is, as the indexes do."""
    if len(word) < SHORTEST_PREFIX:
        return rf"{re.escape(word)}\b"
    return rf"{re.escape(_stem(word))}\w*"


def _stem(word: str) -> str:
    """Return the beginning that a word shares with most of its other forms, as the search indexes find them too."""
    for ending in ("ing", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def _described(source: Source) -> str:
    doubt = source.get_retraction_state_display() if source.retraction_state else ""
    return " · ".join(filter(None, (source.container, str(source.year or ""), doubt)))


search.add(
    SearchedModel(
        Article,
        ("title",),
        _note,
        10,
        rows=_openable,
        passages=_passages,
        recent=_recent,
    )
)
search.add(
    SearchedModel(
        # Not the rows of the list, each of which counts its citations.
        Source,
        ("key", "title"),
        _described,
        20,
        rows=lambda request: Source.objects.all(),
    )
)
search.add(SearchedModel(Author, ("name",), lambda author: author.credentials, 40))
search.add(SearchedModel(Topic, ("name",), lambda topic: topic.description, 70))
search.add_pages(
    SearchedPage(
        _("Begin an article"), "admin:articles_article_begin", "articles.add_article", _("new add create write"), True
    ),
    SearchedPage(_("Paste sources"), "admin:sources_source_paste", "sources.add_source", _("import references"), True),
    SearchedPage(_("Add a source"), "admin:sources_source_add", "sources.add_source", _("new reference"), True),
    SearchedPage(_("Changes of names"), "admin:articles_names", "articles.edit_all_articles"),
)
