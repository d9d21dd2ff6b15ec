"""Compresses public responses, as the client prefers (RFC 9110, 12.5.3).

Only public ones: the length of a compressed page tells its words to whoever can add words to it (BREACH), so a page
with a secret (a token, a draft, the name of a signed-in person) is sent as it is.
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
    """Return the encoding for this Accept-Encoding header: the one that the client prefers, then the first offered.

    "" is the body as it is: also if the client accepts none of ours, because then it may still be able to read it.
    """
    quality: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, *options = (piece.strip() for piece in part.split(";"))
        weights = [_QUALITY.fullmatch(option) for option in options if option.startswith("q")]
        value = min((float(found[1]) if found else 0.0 for found in weights), default=1.0)
        quality["gzip" if name == "x-gzip" else name] = value
    rest = quality.get("*", 0.0)
    liked = {name: quality.get(name, rest) for name in offered} | {"": quality.get("identity", rest or 0.001)}
    best = max(liked, key=lambda name: liked[name])  # the first of several
    return best if liked[best] else ""


class Compression(GZipMiddleware):
    """The middleware, for what the page cache does not keep. It stands outside SecurityHeaders, which decides last
    whether a response is public.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the response, as gzip if it is public text and the client accepts that."""
        is_text = response.headers.get("Content-Type", "").startswith(TEXTUAL)
        if not getattr(response, "is_public", False) or not is_text:
            return response
        if request.META.get(FOR_THE_CACHE) and not response.streaming:
            return response  # the page cache compresses it, once for all
        patch_vary_headers(response, ("Accept-Encoding",))
        accepted = request.headers.get("Accept-Encoding", "")
        return super().process_response(request, response) if encoding_for(accepted, ("gzip",)) else response
