"""The parts of a request that the page cache compares: the query string, and entity tags (RFC 9110, 13.1.2)."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from django.utils.http import parse_etags

MAX_FIELDS, MAX_QUERY = 64, 4096


def declared(query: str, parameters: Sequence[str]) -> str | None:
    """Return the query string reduced to these parameters, in this order, with the last value given for each.

    `query` is bytes decoded as Latin-1, as in WSGI. Return None if it is too long, or has too many fields, to be a
    cache key.
    """
    if not query or not parameters:
        return ""
    text = query.encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        given = dict(parse_qsl(text[: 2 * MAX_QUERY + 1], keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError:
        return None
    found = urlencode([(name, given[name]) for name in parameters if name in given], errors="replace")
    return found if len(found) <= MAX_QUERY and len(text) <= 2 * MAX_QUERY else None


def matches(if_none_match: str, etag: str) -> bool:
    """Return whether an If-None-Match header matches this entity tag by weak comparison. `*` matches every tag."""
    if if_none_match == etag:
        return True
    tags = parse_etags(if_none_match[:4096])
    return tags == ["*"] or etag.removeprefix("W/") in (tag.removeprefix("W/") for tag in tags)
