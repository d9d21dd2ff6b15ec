"""Compression of public responses in the encoding that the client prefers (RFC 9110, 12.5.3).

Other responses are not compressed. The length of a compressed page discloses its content to an attacker who can add
text to the page (BREACH), so a page with a secret (a token, a draft, the name of a signed-in user) is sent
uncompressed.
"""

import re
from functools import lru_cache

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from core.http import FOR_THE_CACHE

TEXTUAL = ("text/", "application/xml", "application/json", "application/feed+json", "application/atom+xml")
_QUALITY = re.compile(r"q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


@lru_cache(maxsize=512)
def encoding_for(accepted: str, offered: tuple[str, ...] = ("br", "gzip")) -> str:
    """Return the encoding in `offered` that this Accept-Encoding header prefers, or the first of several equal ones.

    Return "" if the body should be sent uncompressed. This includes a client that accepts none of the encodings,
    because it may be able to read an uncompressed body anyway.
    """
    quality: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, *options = (piece.strip() for piece in part.split(";"))
        weights = [_QUALITY.fullmatch(option) for option in options if option.startswith("q")]
        value = min((float(found[1]) if found else 0.0 for found in weights), default=1.0)
        quality["gzip" if name == "x-gzip" else name] = value
    rest = quality.get("*", 0.0)
    liked = {name: quality.get(name, rest) for name in offered} | {"": quality.get("identity", rest or 0.001)}
    best = max(liked, key=lambda name: liked[name])  # the first of those with the highest weight
    return best if liked[best] else ""


class Compression(GZipMiddleware):
    """Middleware that compresses public responses, except for those that the page cache compresses itself.

    It must come before SecurityHeaders in MIDDLEWARE, because it has to process a response after SecurityHeaders, which
    may set `is_public` to False.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the response, compressed with gzip if it is public text and the client prefers gzip."""
        is_text = response.headers.get("Content-Type", "").startswith(TEXTUAL)
        if not getattr(response, "is_public", False) or not is_text:
            return response
        if request.META.get(FOR_THE_CACHE) and not response.streaming:
            return response  # the page cache compresses it and stores the result
        patch_vary_headers(response, ("Accept-Encoding",))
        accepted = request.headers.get("Accept-Encoding", "")
        return super().process_response(request, response) if encoding_for(accepted, ("gzip",)) else response
