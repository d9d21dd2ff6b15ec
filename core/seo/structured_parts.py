"""JSON-LD nodes that several graphs share: the organisation, the site, people, dates and references between nodes.

Types and properties are those of schema.org; the `structured_data` module of each app combines them. Depends on no
other app: pages are looked up by the names of their URLs, and a page that does not exist is left out.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from core.house.addresses import icon
from core.house.memory import house
from core.language import language_tag

LANGUAGE = language_tag()
_TITLE_BEFORE = re.compile(r"^((?:(?:Prof|Professor|Dr|Dame|Sir)\.?\s+)+)(.+)$")


def address(name: str, *args: str) -> str:
    """Return the absolute public URL of a page by its URL name, or "" if the site has no such page."""
    try:
        return f"{settings.SITE_URL}{reverse(name, args=args)}"
    except NoReverseMatch:
        return ""


def organization() -> dict[str, Any]:
    """Return the node of the publisher, with the pages of its policies."""
    return {
        "@type": "Organization",
        "@id": f"{settings.SITE_URL}/#organization",
        "name": house().name,
        "url": f"{settings.SITE_URL}/",
        "logo": {"@type": "ImageObject", "url": f"{settings.SITE_URL}{icon(house())}"},
        "email": house().contact,
        "publishingPrinciples": address("policies:policy", "editorial-policy"),
        "ethicsPolicy": address("policies:policy", "editorial-policy"),
        "correctionsPolicy": address("website:corrections"),
    }


def website() -> dict[str, Any]:
    """Return the node of the site as a whole."""
    return {
        "@type": "WebSite",
        "@id": f"{settings.SITE_URL}/#website",
        "name": house().name,
        "url": f"{settings.SITE_URL}/",
        "inLanguage": LANGUAGE,
        "publisher": {"@id": f"{settings.SITE_URL}/#organization"},
    }


def person(name: str, credentials: str, identifier: str, url: str) -> dict[str, Any]:
    """Return the node of a person; `identifier` is its @id.

    The titles before the name and the comma-separated credentials become separate properties.
    """
    found = _TITLE_BEFORE.match(name)
    before, name = (found[1].strip(), found[2]) if found else ("", name)
    held = [part.strip() for part in credentials.split(",") if part.strip()]
    return {
        "@type": "Person",
        "@id": identifier,
        "name": name,
        "url": url,
        "honorificPrefix": before,
        "honorificSuffix": credentials,
        "hasCredential": [{"@type": "EducationalOccupationalCredential", "name": part} for part in held],
    }


def job_properties(job_title: str, affiliation: str) -> dict[str, Any]:
    """Return the properties https://schema.org/jobTitle and https://schema.org/affiliation of a person."""
    at = {"@type": "Organization", "name": affiliation} if affiliation else None
    return {"jobTitle": job_title, "affiliation": at}


def once(nodes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the nodes without duplicates by @id: a person may have written one article and reviewed another."""
    return list({node["@id"]: node for node in nodes}.values())


def reference(node: Mapping[str, Any]) -> dict[str, str]:
    """Return a reference to a node that is elsewhere in the graph."""
    return {"@id": node["@id"]}


def day(at: datetime | None) -> str:
    """Return the date of an aware time in the newsroom's time zone (https://schema.org/Date), or "" for None."""
    return timezone.localtime(at).date().isoformat() if at else ""


def moment(at: datetime | None) -> str:
    """Return an aware time in ISO 8601 with its UTC offset (https://schema.org/DateTime), or "" for None."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""
