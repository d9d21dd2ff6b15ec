"""What a request asks of the page store, read from its words alone. Pure: no settings, no database, no clock.

The rules are those of RFC 9110: content negotiation (12.5.3) and conditional requests (13.1.2).
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

MOST_FIELDS = 64
LONGEST_QUERY = 4096
# What a body is kept as, the smallest first; "" is the body as it is.
ENCODINGS = ("br", "gzip", "")
_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_QUALITY = re.compile(r"q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


class TooMuch(ValueError):
    """Raised for a query that is too long, or has too many fields, to be worth keeping an answer to."""


def declared(query: str, parameters: Sequence[str]) -> str:
    """The query string with the declared parameters alone, in their order, each with the last value it was given.

    `query` is as WSGI has it: bytes as Latin-1. Two queries that come out alike get the same answer, because what
    comes out is all that the view is shown (`public.public`). Raises TooMuch.
    """
    if not query or not parameters:
        return ""
    if len(query) > 2 * LONGEST_QUERY:
        raise TooMuch("The query is too long.")
    try:
        fields = parse_qsl(
            query.encode("latin-1", "replace").decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            errors="replace",
        )
    except ValueError as error:
        raise TooMuch("The query has too many fields.") from error
    given = dict(fields)
    found = urlencode([(name, given[name]) for name in parameters if name in given], errors="replace")
    if len(found) > LONGEST_QUERY:
        raise TooMuch("The query is too long.")
    return found


@lru_cache(maxsize=512)
def encoding_for(accepted: str) -> str:
    """The encoding to send (one of `ENCODINGS`) to who sends this Accept-Encoding: what they like best, then the
    smallest. Without the header, or where nothing of ours is acceptable, the body as it is.
    """
    quality: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, *options = (piece.strip() for piece in part.split(";"))
        if not name:
            continue
        value = 1.0
        for option in options:
            if option.startswith("q"):
                found = _QUALITY.fullmatch(option)
                value = float(found[1]) if found else 0.0
        quality["gzip" if name == "x-gzip" else name] = value
    rest = quality.get("*", 0.0)
    best, best_quality = "", 0.0
    for name in ENCODINGS:
        # As it is: always acceptable unless refused by name, but never liked better for not being named.
        liked = quality.get(name, rest) if name else quality.get("identity", rest or 0.001)
        if liked > best_quality:
            best, best_quality = name, liked
    return best


def matches(if_none_match: str, etag: str) -> bool:
    """Whether the reader has this very body: weak comparison, as RFC 9110 (13.1.2) asks; `*` is any.

    `etag` is one entity tag. What is no list of tags matches nothing.
    """
    if if_none_match == etag:  # as nearly everybody sends it: word for word, without a look at its parts
        return True
    wanted = _TAG.fullmatch(etag)
    if if_none_match.strip() == "*":
        return True
    return wanted is not None and wanted[1] in _tags(if_none_match[:4096])


def _tags(words: str) -> Iterable[str]:
    return (found[1] for found in _TAG.finditer(words))
