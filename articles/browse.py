"""Ways to an article: the search, the topics, the authors. Texts come in by `Publication.objects.visible()` alone.

No view here reads a working copy, a session or a cookie, so every answer may be kept by any cache.
"""

from datetime import datetime

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.evidence import GROUPS
from articles.models import Author, Byline, Publication, Topic
from articles.models.visibility import in_force
from articles.pages import teasers
from articles.search import correction, find, parse
from betterment.http import public

PER_PAGE = 12
TOPICS_PER_PAGE = 48


@require_safe
@public(max_age=60)
def search(request: HttpRequest) -> HttpResponse:
    """What readers see now and the words in `q` find, best first; narrowed by `topic` (a slug) and `evidence`.

    Where nothing has all the words, what has some of them; where that is nothing either, a correction. 404 for a
    page, a topic or a kind of evidence that there is not.
    """
    now = timezone.now()
    query = parse(request.GET.get("q", ""))
    topic, group = request.GET.get("topic", "")[:80].replace("\x00", ""), request.GET.get("evidence", "")
    topics = list(live_topics(now).order_by("name")[:TOPICS_PER_PAGE])
    if (topic and not Topic.objects.filter(slug=topic).exists()) or (group and group not in GROUPS):
        raise Http404("No such topic or kind of evidence.")
    number = request.GET.get("page", "1")
    chosen = {"at": now, "number": number, "topic": topic, "group": group}
    try:
        page = find(query, **chosen)
        is_partial = False
        if not page.paginator.count and len(query.wanted) > 1:
            page = find(query, **chosen, any_term=True)
            is_partial = page.paginator.count > 0
    except InvalidPage:
        # The later pages of a partial answer: page two of nothing is asked for first.
        try:
            page, is_partial = find(query, **chosen, any_term=True), True
        except InvalidPage as refusal:
            raise Http404("No such page.") from refusal
    context = {
        "query": query,
        "page": page,
        "is_partial": is_partial,
        "meant": correction(query, at=now) if query and (is_partial or not page.paginator.count) else "",
        "topics": topics,
        "topic": topic,
        "groups": [(name, labels[1]) for name, labels in GROUPS.items()],
        "group": group,
        "others": _without_page(request),
    }
    return render(request, "articles/search.html", context)


@require_safe
@public(max_age=60)
def topics(request: HttpRequest) -> HttpResponse:
    """The topics on which something can be read now, by name, with how much; 404 for a page there is not."""
    page = paged(request, live_topics(timezone.now()).order_by("name"), TOPICS_PER_PAGE)
    return render(
        request, "articles/topic_list.html", {"page": page, "path": path_of(reverse("articles:topics"), page)}
    )


@require_safe
@public(max_age=60)
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be read now on a topic, the newest first; 404 for a topic there is not, whatever is hidden in it."""
    now = timezone.now()
    found = get_object_or_404(live_topics(now), slug=slug)
    page = paged(request, teasers(now).filter(article__topics=found), PER_PAGE)
    path = path_of(reverse("articles:topic", args=[slug]), page)
    return render(request, "articles/topic_page.html", {"topic": found, "page": page, "path": path})


@require_safe
@public(max_age=60)
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Who somebody is and what of theirs can be read now; 404 where that is nothing: no draft gives its author away."""
    now = timezone.now()
    found = get_object_or_404(live_authors(now), slug=slug)
    written = Byline.objects.filter(author=found, revision=OuterRef("approval__revision"))
    page = paged(request, teasers(now).filter(Exists(written)), PER_PAGE)
    path = path_of(reverse("articles:author", args=[slug]), page)
    return render(request, "articles/author_page.html", {"author": found, "page": page, "path": path})


def live_topics(at: datetime) -> QuerySet[Topic]:
    """Topics with `articles_live`, how many of their articles readers see at that time; none with nothing."""
    live = Count("articles", filter=in_force(at, "articles__publications__"), distinct=True)
    return Topic.objects.annotate(articles_live=live).filter(articles_live__gt=0)


def live_authors(at: datetime) -> QuerySet[Author]:
    """Authors on the byline of a revision that readers see at that time."""
    seen = Publication.objects.visible(at).filter(approval__revision__bylines__author=OuterRef("pk"))
    return Author.objects.filter(Exists(seen))


def paged(request: HttpRequest, rows: QuerySet, many: int) -> Page:
    """The page that `?page=` asks for, the first without it; raises Http404 for one that there is not."""
    try:
        return Paginator(rows, many).page(request.GET.get("page", "1"))
    except InvalidPage as refusal:
        raise Http404("No such page.") from refusal


def path_of(path: str, page: Page) -> str:
    """The one address of this page of a list."""
    return path if page.number == 1 else f"{path}?page={page.number}"


def _without_page(request: HttpRequest) -> str:
    """What was asked for but the page, as a query for the links to the other pages."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()
