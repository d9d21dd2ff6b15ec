"""The page that explains to readers what a signed record proves and how to check it."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from core.public import public
from core.seo.site_map import Page
from core.seo.social_cards import Card
from core.seo.structured_pages import of_page

TITLE = gettext_noop("How to check a signed record")
ABOUT = gettext_noop(
    "Every version of an article has a signed record. You can check it yourself, without us: what it proves, what it "
    "does not prove, and how."
)


@require_safe
@public(max_age=3600, parameters=())
def how_to_check(request: HttpRequest) -> HttpResponse:
    """Show the page, which needs nothing from the database."""
    path = reverse("audit:how_to_check")
    card = Card(title=gettext(TITLE), path=path, description=gettext(ABOUT))
    context = {"card": card, "path": path, "about": gettext(ABOUT), "data": of_page(card)}
    return render(request, "audit/how_to_check.html", context)


def sitemap_pages() -> Iterator[Page]:
    """Yield the path of the page for the sitemap, with None because its last change is not known."""
    yield reverse("audit:how_to_check"), None
