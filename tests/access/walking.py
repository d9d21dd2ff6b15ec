"""Read every URL of the site from the resolver, with values for its parameters."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\[[^]]*\][+*]?|[^()\[])*\)|\((\[\^/\]\+)\)")
# Apps whose admin pages have a file of their own in rows/. The other apps are in admin.txt.
ADMIN_APPS = ("advisors", "articles", "checks", "manuscripts", "pictures", "products", "sources", "website")


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Return every route as it is written, with its prefixes: `articles/<slug:slug>/`."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def room_of(route: str) -> str:
    """Return the name of the file that contains the row of this URL."""
    first, _, rest = route.partition("/")
    if first == "admin":
        app = rest.split("/")[0]
        return f"admin_{app}" if app in ADMIN_APPS else "admin"
    return first if first in {"account", "board", "newsletter"} else "readers"


def places(route: str) -> list[str]:
    """Return the names of a route's parameters in order. An unnamed one is called by its position."""
    found = PLACE.finditer(route)
    return [match[1] or match[2] or f"unnamed{place}" for place, match in enumerate(found)]


def filled(route: str, values: dict[str, object]) -> str:
    """Return the URL: the route with a value for each of its parameters. Raise KeyError if one is missing."""
    names = iter(places(route))
    return "/" + PLACE.sub(lambda match: str(values[next(names)]), route)
