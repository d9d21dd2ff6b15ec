"""Lists of articles, topics and authors, and the search. Articles come from `Publication.objects.visible()`.

No view in this module reads a working copy, a session or a cookie, so any cache may store every response.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.core.paginator import InvalidPage, Page
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from articles.models import Article, Author, Byline, Citation, Publication, Topic
from articles.models.visibility import in_force
from articles.pages import teasers
from articles.search import Query, correction, find, parse
from core.house.memory import house
from core.paging import page_or_404, path_of_page
from core.public import public
from core.seo.social_cards import Card
from core.seo.structured_pages import of_page
from pictures.person_cards import card_of_person
from sources.evidence_groups import GROUPS, mix_of
from website.kept_pages import cached, kept_for_the_site
from website.newest_lists import Newest, newest_on
from website.structured_data import of_person

PER_PAGE = 12
TOPICS_PER_PAGE = 48
AUTHORS_PER_PAGE = 24
FIGURES_FOR = 600  # seconds for which counts of many rows are cached
COUNTED = 50  # articles counted for each topic; beyond this the page says "more than 50"
ABOUT_AUTHORS = gettext_noop("The people who write our articles, and the articles that each of them has written.")
SEARCH = "Search health articles by words, topic and kind of evidence."


@require_safe
@public(max_age=60, parameters=("q", "topic", "evidence", "page"))
def search(request: HttpRequest) -> HttpResponse:
    """Show the published articles that match the words in `q`, best match first.

    `topic` (a slug) and `evidence` (a key of `GROUPS`) narrow the results. If no article has all the words, the page
    lists the articles that have some of them, and offers a spelling suggestion. Raise Http404 for a page number, a
    topic or a group of evidence that does not exist; a topic without a published article counts as nonexistent.
    """
    now = timezone.now()
    query = parse(request.GET.get("q", ""))
    slug, group = request.GET.get("topic", "")[:80].replace("\x00", ""), request.GET.get("evidence", "")
    topics = list(live_topics(now).order_by("name")[:TOPICS_PER_PAGE])
    topic = live_topics(now).filter(slug=slug).first() if slug else None
    if (slug and not topic) or (group and group not in GROUPS):
        raise Http404("No such topic or kind of evidence.")
    number = request.GET.get("page", "1")
    chosen = {"at": now, "topic": topic, "group": group}
    try:
        page, is_partial = _results(query, number, chosen)
    except InvalidPage as refusal:
        raise Http404("No such page.") from refusal
    context = {
        "query": query,
        "page": page,
        "is_partial": is_partial,
        "meant": correction(query, at=now) if query and (is_partial or not page.paginator.count) else "",
        "topics": topics,
        "topic": slug,
        "groups": [(name, group.plural) for name, group in GROUPS.items()],
        "group": group,
        "others": _without_page(request),
        "path": reverse("website:search"),
        # Search engines may index the empty search page, but no page of results.
        "is_listed": not request.GET,
    }
    context["card"] = Card(title="Search", path=context["path"], description=SEARCH)
    context["data"] = of_page(context["card"], kind="SearchResultsPage") if context["is_listed"] else None
    return render(request, "website/search.html", context)


def _results(query: Query, number: str, chosen: dict[str, Any]) -> tuple[Page, bool]:
    """Return the requested page of results, and whether its articles have only some of the words.

    If any article has all the words, only such articles are listed, else those that have some of them. Raise
    InvalidPage if the list does not have that page.
    """
    try:
        page = find(query, number=number, **chosen)
    except InvalidPage:
        # If no article has all of the words, articles with some of them are listed, and that list may have the page.
        if len(query.wanted) < 2 or find(query, **chosen).paginator.count:
            raise
    else:
        if page.paginator.count or len(query.wanted) < 2:
            return page, False
    page = find(query, number=number, **chosen, any_term=True)
    return page, page.paginator.count > 0


@require_safe
@public(max_age=60, parameters=("page",))
def topics(request: HttpRequest) -> HttpResponse:
    """List the topics that have a published article, by name, each with its number of articles.

    There are TOPICS_PER_PAGE topics on a page. Raise Http404 for a page that does not exist.
    """
    now = timezone.now()
    page = page_or_404(request, live_topics(now).order_by("name"), TOPICS_PER_PAGE)
    count_articles(page.object_list, now)
    path = path_of_page(reverse("website:topics"), page)
    card = Card(title="Topics", path=path, description=f"Every topic on which {house().name} has published.")
    entries = [(row.name, reverse("website:topic", args=[row.slug])) for row in page.object_list]
    data = of_page(card, kind="CollectionPage", entries=entries, first=page.start_index())
    return render(request, "website/topic_list.html", {"page": page, "path": path, "card": card, "data": data})


@require_safe
@public(max_age=60, parameters=("page",))
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """List the published articles on a topic, newest first, PER_PAGE on a page.

    Raise Http404 for a topic without a published article, and for a page that does not exist.
    """
    now = timezone.now()
    name = f"topic {slug} {request.GET.get('page')}"
    return kept_for_the_site(name, now, partial(_topic_page, request, slug, now))


def _topic_page(request: HttpRequest, slug: str, now: datetime) -> HttpResponse:
    found = get_object_or_404(live_topics(now), slug=slug)
    page = page_or_404(request, newest_on(found, teasers(now), now), PER_PAGE)
    path = path_of_page(reverse("website:topic", args=[slug]), page)
    about = f"Articles on {found.name}, with their sources and the scientists who approved them."
    card = Card(title=found.name, path=path, description=found.description or about)
    data = of_page(
        card,
        kind="CollectionPage",
        trail=[("Topics", reverse("website:topics"))],
        entries=[
            (row.approval.revision.title, reverse("website:article", args=[row.slug])) for row in page.object_list
        ],
        first=page.start_index(),
    )
    context = {"topic": found, "page": page, "path": path, "card": card, "data": data}
    if page.number == 1:
        kinds = cached(f"topic.evidence.{found.pk}", lambda: cited_kinds(found, now), FIGURES_FOR)
        context["mix"] = mix_of(kinds)
    return render(request, "website/topic_page.html", context)


def cited_kinds(topic: Topic, at: datetime) -> dict[str, int]:
    """Return the number of citations in the articles on a topic, by kind of evidence (a value of Evidence).

    Only articles that are published at the timezone-aware time `at` count. Makes one query, which reads every citation
    of the topic, so callers cache the result.
    """
    live = Citation.objects.filter(in_force(at, "revision__approvals__publications__"), revision__article__topics=topic)
    return dict(live.order_by().values_list("evidence").annotate(Count("pk")))


@require_safe
@public(max_age=60, parameters=("page",))
def authors(request: HttpRequest) -> HttpResponse:
    """List the authors of published articles by name, AUTHORS_PER_PAGE on a page.

    Raise Http404 for a page that does not exist.
    """
    page = page_or_404(request, live_authors(timezone.now()).order_by("name", "pk"), AUTHORS_PER_PAGE)
    path = path_of_page(reverse("website:authors"), page)
    card = Card(title="Our authors", path=path, description=ABOUT_AUTHORS)
    entries = [(row.name, reverse("website:author", args=[row.slug])) for row in page.object_list]
    data = of_page(card, kind="CollectionPage", entries=entries, first=page.start_index())
    context = {"page": page, "path": path, "about": gettext(ABOUT_AUTHORS), "card": card, "data": data}
    return render(request, "website/author_list.html", context)


@require_safe
@public(max_age=60, parameters=("page",))
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an author's profile and their published articles, newest first, PER_PAGE on a page.

    Raise Http404 for a page that does not exist, and for an author without a published article: the site must not
    reveal who is writing a draft.
    """
    now = timezone.now()
    found = get_object_or_404(live_authors(now), slug=slug)
    written = Byline.objects.filter(author=found, revision=OuterRef("approval__revision"))
    leads = Q(approval__revision__bylines__author=found.pk)
    page = page_or_404(request, Newest(teasers(now), at=now, leads=leads, belongs=Exists(written)), PER_PAGE)
    own = reverse("website:author", args=[slug])
    path = path_of_page(own, page)
    data = of_person(found, own, [("Authors", reverse("website:authors"))])
    context = {"author": found, "page": page, "path": path, "card": card_of_person(found, path), "data": data}
    return render(request, "website/author_page.html", context)


def live_topics(at: datetime) -> QuerySet[Topic]:
    """Return the topics that have at least one article visible to readers at the timezone-aware time `at`.

    The query looks for one article per topic in a subquery with a LIMIT, because PostgreSQL would turn a plain EXISTS
    into a join over all articles.
    """
    seen = Article.topics.through.objects.filter(in_force(at, "article__publications__"), topic=OuterRef("pk"))
    return Topic.objects.alias(one=Subquery(seen.values("pk")[:1])).exclude(one=None)


def fullest_topics(at: datetime) -> QuerySet[Topic]:
    """Return the topics that have articles published at the timezone-aware time `at`, those with the most first.

    Each topic has the number of these articles as `articles_live`. The query reads every article, so callers cache the
    result.
    """
    live = Count("articles", filter=in_force(at, "articles__publications__"), distinct=True)
    topics = Topic.objects.annotate(articles_live=live).filter(articles_live__gt=0)
    return topics.order_by("-articles_live", "name")


class _Counted(Subquery):
    """Counts the rows of a subquery that has a LIMIT."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def count_articles(topics: Iterable[Topic], at: datetime) -> None:
    """Set `articles_live` and `has_more` on each of these topics, in one query.

    `articles_live` is the number of articles visible at the timezone-aware time `at`, or COUNTED if there are more;
    `has_more` is true if there are more.
    """
    topics = list(topics)
    shown = Publication.objects.visible(at).filter(article=OuterRef("article")).order_by()
    filed = Article.topics.through.objects.filter(topic=OuterRef("pk")).alias(
        shown=Subquery(shown.values("article")[:1])
    )
    seen = filed.exclude(shown=None).order_by("-article_id").values("pk")[: COUNTED + 1]
    of_topics = Topic.objects.filter(pk__in=[topic.pk for topic in topics]).order_by()
    counted = dict(of_topics.values_list("pk", _Counted(seen)))
    for topic in topics:
        topic.articles_live = min(counted[topic.pk], COUNTED)
        topic.has_more = counted[topic.pk] > COUNTED


def live_authors(at: datetime) -> QuerySet[Author]:
    """Return the authors in the byline of any revision that readers see at the timezone-aware time `at`."""
    seen = Publication.objects.visible(at).filter(approval__revision__bylines__author=OuterRef("pk"))
    return Author.objects.filter(Exists(seen))


def _without_page(request: HttpRequest) -> str:
    """Return the query string of the request without `page`, for the links to other pages."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()
