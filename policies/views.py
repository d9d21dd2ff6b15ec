"""Public pages of the policies, which are the same for everybody: no view reads a cookie or a session."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from core.public import public
from core.seo.site_map import Page
from core.seo.social_cards import Card
from core.seo.structured_pages import of_page
from core.seo.structured_parts import moment
from policies.models import Policy

ABOUT = gettext_noop(
    "How we write and review, how we correct errors, who pays for our work, and what we keep about you."
)


@require_safe
@public(max_age=300, parameters=())
def policies(request: HttpRequest) -> HttpResponse:
    """List the policies that readers can see, in the order that editors have set. Makes one query."""
    path = reverse("policies:policies")
    rows = list(Policy.objects.shown().defer("body"))
    card = Card(title="How we work", path=path, description=ABOUT)
    data = of_page(card, kind="CollectionPage", entries=[(row.title, row.get_absolute_url()) for row in rows])
    context = {"policies": rows, "about": gettext(ABOUT), "path": path, "card": card, "data": data}
    return render(request, "policies/policy_list.html", context)


@require_safe
@public(max_age=300, parameters=())
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a policy with the date of its last change and links to the other policies. Makes two queries.

    Raise Http404 for a policy that readers cannot see.
    """
    found = get_object_or_404(Policy.objects.shown(), slug=slug)
    path = found.get_absolute_url()
    card = Card(title=found.title, path=path, description=found.summary, modified=found.updated_at)
    trail = [("How we work", reverse("policies:policies"))]
    context = {
        "policy": found,
        "others": list(Policy.objects.shown().exclude(pk=found.pk).defer("body")),
        "path": path,
        "card": card,
        "data": of_page(card, trail=trail, changed=moment(found.updated_at)),
    }
    return render(request, "policies/policy_page.html", context)


def sitemap_pages() -> Iterator[Page]:
    """Yield the paths of the list and of each visible policy, each with the aware time of its last change.

    Yield nothing if readers cannot see any policy. Makes one query.
    """
    shown = list(Policy.objects.shown().values_list("slug", "updated_at"))
    if shown:
        yield reverse("policies:policies"), max(changed for _, changed in shown)
    for slug, changed in shown:
        yield reverse("policies:policy", args=[slug]), changed
