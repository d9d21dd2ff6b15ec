"""What several graphs share: the organisation, the site, people, moments, references from one node to another.

Types and properties are those of schema.org; each room's `structured_data` puts them together. Knows no app: pages are
looked up by the names of their addresses, and one that the site does not have is left out.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

LANGUAGE = "en-GB"
_TITLE_BEFORE = re.compile(r"^((?:(?:Prof|Professor|Dr|Dame|Sir)\.?\s+)+)(.+)$")


def address(name: str, *args: str) -> str:
    """The full public address of a page, or nothing where the site has no such page."""
    try:
        return f"{settings.SITE_URL}{reverse(name, args=args)}"
    except NoReverseMatch:
        return ""


def organization() -> dict[str, Any]:
    """Who publishes all this, with the pages that say by which rules."""
    return {
        "@type": "Organization",
        "@id": f"{settings.SITE_URL}/#organization",
        "name": settings.SITE_NAME,
        "url": f"{settings.SITE_URL}/",
        "logo": {"@type": "ImageObject", "url": f"{settings.SITE_URL}{static('icons/mark.svg')}"},
        "publishingPrinciples": address("policies:policy", "editorial-policy"),
        "ethicsPolicy": address("policies:policy", "editorial-policy"),
        "correctionsPolicy": address("website:corrections"),
    }


def website() -> dict[str, Any]:
    """The site as a whole."""
    return {
        "@type": "WebSite",
        "@id": f"{settings.SITE_URL}/#website",
        "name": settings.SITE_NAME,
        "url": f"{settings.SITE_URL}/",
        "inLanguage": LANGUAGE,
        "publisher": {"@id": f"{settings.SITE_URL}/#organization"},
    }


def person(name: str, credentials: str, identifier: str, url: str) -> dict[str, Any]:
    """`name` holds the name alone; what stands before and after it has properties of its own."""
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


def posts(job_title: str, affiliation: str) -> dict[str, Any]:
    """What somebody is and where: https://schema.org/jobTitle, https://schema.org/affiliation."""
    at = {"@type": "Organization", "name": affiliation} if affiliation else None
    return {"jobTitle": job_title, "affiliation": at}


def once(nodes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each node once: a person may have written one text and reviewed another."""
    return list({node["@id"]: node for node in nodes}.values())


def reference(node: Mapping[str, Any]) -> dict[str, str]:
    """A pointer to a node that stands elsewhere in a graph."""
    return {"@id": node["@id"]}


def day(at: datetime | None) -> str:
    """The day in the newsroom's zone, as https://schema.org/Date; nothing for None."""
    return timezone.localtime(at).date().isoformat() if at else ""


def moment(at: datetime | None) -> str:
    """ISO 8601 with its zone (https://schema.org/DateTime); nothing for None."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""
