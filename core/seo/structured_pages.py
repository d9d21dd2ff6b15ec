"""The JSON-LD graph of a page such as a list, a policy or a record. Depends on no other app.

Types and properties are those of schema.org; `core.seo.structured_parts` has the nodes that several graphs share.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from core.house.memory import house
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
    """Return the graph of the page described by `card`: the page, its breadcrumb, its list, the site and its publisher.

    `kind` is WebPage or a more specific type (https://schema.org/WebPage). `trail` holds the pages between the homepage
    and this one. `entries` are the items of a list; the first item has the position `first`. `about` is the @id of the
    subject of the page, and `changed` the time of its last change (https://schema.org/DateTime).
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
    breadcrumbs = [] if card.path == "/" else [breadcrumb(url, card.title, trail)]
    return graph([page, *lists, *breadcrumbs, organization(), website()])


def breadcrumb(url: str, name: str, trail: Sequence[Place] = ()) -> dict[str, Any]:
    """Return the breadcrumb from the homepage to the page `name` at the absolute `url`.

    Pages of the trail without a path are left out.
    """
    steps = [(house().name, "/"), *((step, path) for step, path in trail if path)]
    items = [*(_step(place, step) for place, step in enumerate(steps, 1)), _step(len(steps) + 1, (name, ""), url)]
    return {"@type": "BreadcrumbList", "@id": f"{url}#breadcrumb", "itemListElement": items}


def _step(position: int, place: Place, url: str = "") -> dict[str, Any]:
    name, path = place
    return {"@type": "ListItem", "position": position, "name": name, "item": url or f"{settings.SITE_URL}{path}"}
