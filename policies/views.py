"""What readers see of the rules. The same for everyone: no cookie, no session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from betterment.cards import Card
from betterment.http import public
from betterment.json_ld import graph
from betterment.structured_parts import LANGUAGE, address, moment, organization, reference, website
from policies.models import Policy

ABOUT = "How we write, who reviews it, what we do about errors, who pays for it, and what we know of you."


@require_safe
@public(max_age=300, parameters=())
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy that is shown, in its order. One query."""
    path = reverse("policies:policies")
    context = {
        "policies": list(Policy.objects.shown().defer("body")),
        "about": ABOUT,
        "path": path,
        "card": Card(title="Our rules", path=path, description=ABOUT),
    }
    return render(request, "policies/policy_list.html", context)


@require_safe
@public(max_age=300, parameters=())
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """One policy with the day of its last change, and the way to the others; 404 for what is not shown. Two queries."""
    found = get_object_or_404(Policy.objects.shown(), slug=slug)
    path, url = found.get_absolute_url(), address("policies:policy", slug)
    page = {
        "@type": "WebPage",
        "@id": f"{url}#webpage",
        "url": url,
        "name": found.title,
        "description": found.summary,
        "dateModified": moment(found.updated_at),
        "isPartOf": reference(website()),
        "publisher": reference(organization()),
        "inLanguage": LANGUAGE,
    }
    context = {
        "policy": found,
        "others": list(Policy.objects.shown().exclude(pk=found.pk).defer("body")),
        "path": path,
        "card": Card(title=found.title, path=path, description=found.summary, modified=found.updated_at),
        "data": graph([page, organization(), website()]),
    }
    return render(request, "policies/policy_page.html", context)
