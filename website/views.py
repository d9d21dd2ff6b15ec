"""The homepage, the page of an article, and the files of its sources.

Published text is found only by `Publication.objects.visible()`. No view in this module reads a working copy, a session
or a cookie, so any cache may store every response.
"""

from datetime import datetime
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Publication
from articles.pages import page_of, teasers
from articles.templatetags.review_record import record_of
from core.house.memory import house
from core.page_sections import page_sections
from core.paging import page_or_404, path_of_page
from core.public import good_until, public
from core.seo.social_cards import Card
from core.seo.structured_pages import of_page
from sources.exporters import FORMATS
from sources.exporters.downloads import download
from website.article_state import ArticleState, article_state
from website.homepage import HomepageContent
from website.kept_pages import kept_for_the_site, kept_page
from website.related import publications
from website.signals import homepage_sections_wanted, version_files
from website.structured_data import card_of, of_article
from website.withdrawn import last_withdrawn, notice_page

PER_PAGE = 12


@require_safe
@public(max_age=60, parameters=("page",))
def home(request: HttpRequest) -> HttpResponse:
    """List the published articles, newest first, PER_PAGE on a page; the first page also has HomepageContent.

    Raise Http404 for a page that does not exist.
    """
    now = timezone.now()
    return kept_for_the_site(f"home {request.GET.get('page')}", now, partial(_home_page, request, now))


def _home_page(request: HttpRequest, now: datetime) -> HttpResponse:
    page = page_or_404(request, teasers(now), PER_PAGE, counted_by=Publication.objects.visible(now))
    # The template reads the first entry separately. On a queryset instead of a list, that would be another query.
    page.object_list = list(page.object_list)
    path = path_of_page(reverse("website:home"), page)
    in_force = house()
    card = Card(title=in_force.name, path=path, description=in_force.about)
    context = {"page": page, "path": path, "homepage": HomepageContent(now), "card": card}
    context["data"] = of_page(card, kind="CollectionPage")
    context["sections"] = page_sections(homepage_sections_wanted, sender=None) if page.number == 1 else []
    return render(request, "website/home.html", context)


@require_safe
@public(max_age=60, parameters=())
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article as it is published now. If it was withdrawn, respond 410 with the notice of withdrawal.

    Raise Http404 for any other slug, so that a draft, a scheduled article and an unknown slug get the same response.
    """
    now = timezone.now()
    state = article_state(slug, now)
    if state is None:
        return notice_page(request, last_withdrawn(slug, now))
    make = partial(_article_page, request, slug, state, now)
    return kept_page(f"article {slug}", state, make, lambda before: article_state(slug, now) == before)


def _article_page(request: HttpRequest, slug: str, state: ArticleState, now: datetime) -> HttpResponse:
    """Return the page of the publication that `state` names."""
    visible = Publication.objects.visible(now).select_related("approval__revision__rendering")
    publication = get_object_or_404(visible, pk=state.publication)
    page = page_of(publication.approval.revision, publication=publication)
    path = reverse("website:article", args=[slug])
    record = record_of(page)
    context = {"page": page, "path": path, "slug": slug, "card": card_of(page, slug), "record": record}
    context["data"] = of_article(page, slug, record.profiles if record else {})
    context["related"] = publications(state.related, now)
    context["files"] = version_files(slug, {publication.pk: False}).get(publication.pk, ())
    response = render(request, "website/published_article.html", context)
    good_until(response, None if page.is_review_overdue else page.next_review)
    return response


@require_safe
@public(max_age=60, parameters=())
def sources(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """Return a file with the sources that the published article cites, in the order of the citation numbers.

    `ending` is a key of `sources.exporters.FORMATS`. Raise Http404 for any other ending, and for an article that
    readers cannot open now.
    """
    if ending not in FORMATS:
        raise Http404("No such format.")
    publication = get_object_or_404(
        Publication.objects.visible().select_related("approval__revision"), article__slug=slug
    )
    citations = publication.approval.revision.citations.select_related("source").order_by("number")
    return download([citation.source for citation in citations], f"{slug}-sources", ending)
