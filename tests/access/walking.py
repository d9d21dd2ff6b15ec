"""Every address that the site answers, read from the resolver itself, and what to put into its places."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\[[^]]*\][+*]?|[^()\[])*\)|\((\[\^/\]\+)\)")
# Apps whose admin pages have a file of their own in rows/; those of the others stand in admin.txt.
ADMIN_APPS = ("advisors", "articles", "checks", "pictures", "products", "sources", "website")


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Every route as it is written, with all that stands above it: `articles/<slug:slug>/`."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def room_of(route: str) -> str:
    """The name of the file that has the row of this address."""
    first, _, rest = route.partition("/")
    if first == "admin":
        app = rest.split("/")[0]
        return f"admin_{app}" if app in ADMIN_APPS else "admin"
    return first if first in {"account", "board", "newsletter"} else "readers"


def places(route: str) -> list[str]:
    """The names of a route's places, in order; an unnamed one is called by where it stands."""
    found = PLACE.finditer(route)
    return [match[1] or match[2] or f"unnamed{place}" for place, match in enumerate(found)]


def filled(route: str, values: dict[str, object]) -> str:
    """The address: a route with a value in each of its places. KeyError where one is missing."""
    names = iter(places(route))
    return "/" + PLACE.sub(lambda match: str(values[next(names)]), route)
