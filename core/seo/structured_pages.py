"""The graph of a page that is about other pages: a list, a policy, a record. Knows no app.

Types and properties are those of schema.org; what several graphs share stands in `core.seo.structured_parts`.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from core.seo.json_ld import graph
from core.seo.social_cards import Card
from core.seo.structured_parts import LANGUAGE, organization, reference, website

Place = tuple[str, str]  # a page's name, and its path on this site


def of_page(
    card: Card,
    *,
    kind: str = "WebPage",
    trail: Sequence[Place] = (),
    entries: Sequence[Place] = (),
    first: int = 1,
    about: str = "",
    changed: str = "",
) -> dict[str, Any]:
    """The graph of the page that `card` shows: the page, the way to it, what it lists, the site and its publisher.

    `kind` is WebPage or one of its types (https://schema.org/WebPage). `trail` is what stands between the first page
    and this one; `entries` are what a list holds, of which the first has the place `first`; `about` is the identifier
    of what the page is about; `changed` says when it last was, as https://schema.org/DateTime.
    """
    url = f"{settings.SITE_URL}{card.path}"
    listed = {
        "@type": "ItemList",
        "@id": f"{url}#list",
        "numberOfItems": len(entries),
        "itemListElement": [_step(place, entry) for place, entry in enumerate(entries, first)],
    }
    page = {
        "@type": kind,
        "@id": f"{url}#webpage",
        "url": url,
        "name": card.title,
        "description": card.description,
        "inLanguage": LANGUAGE,
        "dateModified": changed,
        "isPartOf": reference(website()),
        "breadcrumb": None if card.path == "/" else {"@id": f"{url}#breadcrumb"},
        "about": {"@id": about} if about else None,
        "mainEntity": reference(listed) if entries else None,
    }
    lists = [listed] if entries else []
    way = [] if card.path == "/" else [trail_of(url, card.title, trail)]
    return graph([page, *lists, *way, organization(), website()])


def trail_of(url: str, name: str, trail: Sequence[Place] = ()) -> dict[str, Any]:
    """The way from the first page to the page `name` at the full address `url`; places without a path are left out."""
    steps = [(settings.SITE_NAME, "/"), *((step, path) for step, path in trail if path)]
    items = [*(_step(place, step) for place, step in enumerate(steps, 1)), _step(len(steps) + 1, (name, ""), url)]
    return {"@type": "BreadcrumbList", "@id": f"{url}#breadcrumb", "itemListElement": items}


def _step(position: int, place: Place, url: str = "") -> dict[str, Any]:
    name, path = place
    return {"@type": "ListItem", "position": position, "name": name, "item": url or f"{settings.SITE_URL}{path}"}
