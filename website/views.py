"""What readers ask for. `Publication.objects.visible()` is the one door: nothing else leads to a text.

No view here reads a working copy, a session or a cookie, so every answer may be kept by any cache.
"""

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Publication
from articles.pages import page_of, teasers
from core.paging import page_or_404, path_of_page
from core.seo.social_cards import Card
from core.seo.structured_pages import of_page
from pagecache.public import good_until, public, rests_on
from website.homepage import Front
from website.related import near, related
from website.structured_data import card_of, of_article
from website.watched_tables import parts_of

PER_PAGE = 12
ABOUT = "Health articles that name their sources, and the scientists who approved them."


@require_safe
@public(max_age=60, parameters=("page",))
def home(request: HttpRequest) -> HttpResponse:
    """What can be read at this moment, the newest first, twelve on a page; 404 for a page there is not."""
    now = timezone.now()
    page = page_or_404(request, teasers(now), PER_PAGE, counted_by=Publication.objects.visible(now))
    page.object_list = list(page.object_list)  # the template begins with the first: each look would be a query
    path = path_of_page(reverse("website:home"), page)
    card = Card(title=settings.SITE_NAME, path=path, description=ABOUT)
    context = {"page": page, "path": path, "front": Front(now), "card": card}
    context["data"] = of_page(card, kind="CollectionPage")
    return render(request, "website/home.html", context)


@require_safe
@public(max_age=60, parameters=())
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of an article as it is published now; 410 with its notice where it was withdrawn; else 404.

    A draft, a scheduled article and an address that was never used get the same answer.
    """
    now = timezone.now()
    publication = (
        Publication.objects.visible(now)
        .filter(article__slug=slug)
        .select_related("approval__revision__rendering")
        .first()
    )
    path = reverse("website:article", args=[slug])
    if publication is None:
        withdrawn = _withdrawn(slug, now)
        return render(request, "website/article_withdrawn.html", {"publication": withdrawn, "path": path}, status=410)
    page = page_of(publication.approval.revision, publication=publication)
    topics = [topic.pk for topic in page.topics]
    around = near(topics)
    context = {"page": page, "path": path, "slug": slug, "card": card_of(page, slug), "data": of_article(page, slug)}
    context["related"] = list(related(slug, topics, around, now))
    response = render(request, "website/published_article.html", context)
    rests_on(response, parts_of({publication.article_id, *around}, topics))
    good_until(response, None if page.is_review_overdue else page.next_review)
    return response


def _withdrawn(slug: str, now: datetime) -> Publication:
    """The publication that readers last saw at this address, if it ended with a notice; else Http404."""
    last = (
        Publication.objects.filter(article__slug=slug, cancelled_at=None, starts_at__lte=now)
        .select_related("approval__revision")
        .first()
    )
    if last is None or not last.notice:
        raise Http404("No such article.")
    return last
