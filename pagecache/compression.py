"""Compresses what the page store does not: public answers that it may not keep, or all where there is no store.

Public answers alone. The size of a compressed page tells of its words to whoever can add words to it (BREACH), so what
holds a secret (a token, somebody's draft, a name behind a sign-in) is sent as it is, and no proxy in front should
compress it either. A public answer is the same for everyone and holds none.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator

import brotli
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from pagecache.public import FOR_THE_STORE
from pagecache.request_key import encoding_for
from pagecache.shelf import BROTLI_QUALITY, GZIP_LEVEL, compressed

WORDS = ("text/", "application/xml", "application/json", "application/feed+json", "application/atom+xml")


class Compression:
    """The middleware. It stands outside SecurityHeaders, which has the last word on whether an answer is public."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # The store keeps the whole answer and compresses it itself; what is streamed, it never keeps.
        if request.META.get(FOR_THE_STORE) and not response.streaming:
            return response
        if (
            getattr(response, "is_public", False)
            and not response.has_header("Content-Encoding")
            and _is_words(response)
        ):
            patch_vary_headers(response, ("Accept-Encoding",))
            _compress(response, encoding_for(request.META.get("HTTP_ACCEPT_ENCODING", "")))
        return response


def _compress(response: HttpResponseBase, encoding: str) -> None:
    if response.streaming:
        if not encoding:
            return
        response.streaming_content = compressed_parts(response.streaming_content, encoding)
        del response.headers["Content-Length"]
    else:
        body = compressed(response.content, encoding)
        if body is response.content:
            return
        response.content = body
        response.headers["Content-Length"] = str(len(body))
    response.headers["Content-Encoding"] = encoding
    etag = response.headers.get("ETag", "")
    if etag.startswith('"'):  # the same words in other bytes: RFC 9110, 8.8.3.3
        response.headers["ETag"] = f"W/{etag}"


def compressed_parts(parts: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The parts of a body, compressed as they come. `encoding` is br or gzip."""
    if encoding == "br":
        press = brotli.Compressor(quality=BROTLI_QUALITY)
        squeeze, end = press.process, press.finish
    else:
        press = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        squeeze, end = press.compress, press.flush
    for part in parts:
        if done := squeeze(part):
            yield done
    yield end()


def _is_words(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith(WORDS)
