"""The public pages of the board: its members, and the live articles that each member has reviewed.

Articles come from `Publication.objects.visible()`, so the pages name no article that is not live. The views read no
session and no cookie, so any cache may store every response.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from advisors.models import Advisor, Disclosure
from advisors.personal_data import consents
from articles.models import Publication, Signatory
from core.public import good_until, public
from core.seo.site_map import Page as SitemapPage
from core.seo.social_cards import Card
from core.seo.structured_pages import of_page
from pictures.person_cards import card_of_person
from website.structured_data import of_person

PER_PAGE = 24
BOARD = "Our Scientific Advisory Board"
ABOUT = "The scientists who review what we publish, by name, with what they disclose."


@dataclass(frozen=True)
class Reviewed:
    """A live article, with the times at which this expert signed the revision that readers see."""

    publication: Publication
    signed: Sequence[datetime]


@require_safe
@public(max_age=60, parameters=("page",))
def experts(request: HttpRequest) -> HttpResponse:
    """List the members of the board who have agreed to be named, by name, 24 on a page.

    Raise Http404 for an unknown page number.
    """
    members = Advisor.objects.filter(consents.consented("pk"), is_active=True)
    page = _page(request, members.prefetch_related("specialties").order_by("name", "pk"))
    path = _path(reverse("experts:experts"), page)
    card = Card(title=BOARD, path=path, description=ABOUT)
    entries = [(row.name_with_credentials, reverse("experts:expert", args=[row.slug])) for row in page.object_list]
    data = of_page(card, kind="CollectionPage", entries=entries, first=page.start_index())
    return render(request, "advisors/expert_list.html", {"page": page, "path": path, "card": card, "data": data})


@require_safe
@public(max_age=60, parameters=("page",))
def expert(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a present or former member: who they are, what they disclosed, and the live articles they reviewed.

    The articles are paginated. A member who has not agreed to be named, or no longer does, has this page only if they
    have signed an approval, and only with the name that their signature shows. Raise Http404 for an unknown slug or
    page number, and for a member who has neither agreed nor signed.
    """
    advisor = get_object_or_404(Advisor.objects.prefetch_related("specialties"), slug=slug)
    is_presented = consents.in_force(advisor) is not None
    if not is_presented:
        _hide_profile(advisor)
    page = _page(request, _live_with(advisor))
    revisions = [row.approval.revision_id for row in page.object_list]
    signatures: dict[int, list[datetime]] = {}
    signed = Signatory.objects.filter(user=advisor.user_id, approval__revision__in=revisions)
    for revision, at in signed.order_by("signed_at").values_list("approval__revision", "signed_at"):
        signatures.setdefault(revision, []).append(at)
    disclosure = Disclosure.objects.filter(advisor=advisor).prefetch_related("answers").first()
    answers = list(disclosure.answers.all()) if disclosure else []
    path = reverse("experts:expert", args=[slug])
    context = {
        "expert": advisor,
        "is_presented": is_presented,
        "disclosure": disclosure,
        "stated": [answer for answer in answers if answer.statement],
        "denied": [answer for answer in answers if not answer.statement],
        "today": timezone.localdate(),
        "page": page,
        "reviewed": [Reviewed(row, signatures[row.approval.revision_id]) for row in page.object_list],
        "path": _path(path, page),
        "card": card_of_person(advisor, _path(path, page)),
        "data": of_person(advisor, path, [(BOARD, reverse("experts:experts"))]),
    }
    response = render(request, "advisors/expert_page.html", context)
    good_until(response, _lapses_at(disclosure))
    return response


def _hide_profile(advisor: Advisor) -> None:
    """Empty every field of the profile but the name. The object is not saved. Raise Http404 if they signed nothing."""
    if not Signatory.objects.filter(user=advisor.user_id).exists():
        raise Http404("This member of the board has not agreed to be named.")
    advisor.photo = advisor.job_title = advisor.affiliation = advisor.biography = advisor.orcid = ""


def _lapses_at(disclosure: Disclosure | None) -> datetime | None:
    """Return the midnight (aware) from which the page says that the disclosure has lapsed.

    Return None if that time has passed or there is no disclosure.
    """
    if disclosure is None or disclosure.valid_until < timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(disclosure.valid_until + timedelta(days=1), time.min))


def for_the_sitemap() -> Iterator[SitemapPage]:
    """Yield the pages of the board and of its present and former members who agree to be named. Makes one query."""
    yield reverse("experts:experts"), None
    for slug in Advisor.objects.filter(consents.consented("pk")).order_by("pk").values_list("slug", flat=True):
        yield reverse("experts:expert", args=[slug]), None


def _live_with(advisor: Advisor) -> QuerySet[Publication]:
    """Return the live publications whose revision this advisor signed, the newest first."""
    signed = Signatory.objects.filter(user=advisor.user_id)
    return (
        Publication.objects.visible()
        .filter(approval__revision__in=signed.values("approval__revision"))
        .annotate(slug=F("article__slug"))
        .select_related("approval__revision")
        .defer("approval__revision__body", "approval__revision__safety_note")
        .order_by("-starts_at", "-pk")
    )


def _page(request: HttpRequest, rows: QuerySet) -> Page:
    """Return the requested page of these rows. Raise Http404 for an unknown page number."""
    try:
        return Paginator(rows, PER_PAGE).page(request.GET.get("page", "1"))
    except InvalidPage as refusal:
        raise Http404("No such page.") from refusal


def _path(path: str, page: Page) -> str:
    """Return the path of a page of a list, with a query string for all pages but the first."""
    return path if page.number == 1 else f"{path}?page={page.number}"
