"""The page cache of one worker: a wrapper of the WSGI application that stores public responses in memory.

It stores only responses that views declare public (`public.public`), and serves them while the site has the version
that was read before the page was rendered. It reads no cookie, because a public response is the same for everyone.
"""

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Event, Lock
from typing import Any, TypeGuard
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.http import HttpResponse

from core.compression import encoding_for
from core.db.site_version import SiteVersion
from core.http import FOR_THE_CACHE, matches_etag
from core.public import KEEPABLE, PublicResponse, cache_control, declared
from pagecache.poll import VersionPoll

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Address = tuple[str, bool, str]  # host, whether the scheme is https, path
Key = tuple[Address, str]  # the URL, and its query string with the declared parameters only

WAIT = 2.0  # seconds to wait for another thread that renders the same page
LONGEST = 600.0  # seconds for which a page is stored, because no trigger watches figures from django.core.cache
OVERHEAD = 2048  # approximate bytes of a stored page besides its bodies
UNCOMPRESSED = 256  # bytes; larger bodies are compressed
MAX_ADDRESSES = 50_000
_SET_BY_US = {"content-length", "cache-control", "etag", "vary", "date", "connection"}
_PERSONAL = {"set-cookie", "content-encoding", "transfer-encoding", "content-range"}


def with_page_cache(application: Application) -> Application:
    """Return the application with a cache of PAGE_CACHE_MEGABYTES, or unchanged if that is 0 or DEBUG is on."""
    if settings.DEBUG or not settings.PAGE_CACHE_MEGABYTES:
        return application
    return PageCache(application, settings.PAGE_CACHE_MEGABYTES * 1024**2)


@dataclass(frozen=True, eq=False, slots=True)
class CachedPage:
    """A stored public response. `bodies` holds the body by encoding ("" for uncompressed).

    `max_age` is in seconds. `rendered_at` and `until` are seconds since the epoch; `until` is when the page becomes
    wrong although nothing has been saved, or None. `version` is the site's version before the page was rendered.
    """

    status: str
    headers: Sequence[tuple[str, str]]
    etag: str
    bodies: dict[str, bytes]
    max_age: int
    version: SiteVersion
    until: float | None
    rendered_at: float

    @property
    def size(self) -> int:
        """Return the approximate size in memory, in bytes."""
        return OVERHEAD + sum(map(len, self.bodies.values()))

    def body(self, accepted: str) -> tuple[bytes, str]:
        """Return the body for this Accept-Encoding header, and its encoding ("" for uncompressed)."""
        if "" in self.bodies:
            return self.bodies[""], ""
        encoding = encoding_for(accepted)
        return (self.bodies[encoding], encoding) if encoding else (gzip.decompress(self.bodies["gzip"]), "")


class PageCache:
    """The WSGI application with a cache of at most `limit` bytes in memory. Thread-safe."""

    def __init__(self, application: Application, limit: int, poll: VersionPoll | None = None) -> None:
        self.application, self.limit, self.poll = application, limit, poll or VersionPoll()
        self.size = 0
        # Requests with another Host header are passed to Django: a pattern in ALLOWED_HOSTS allows any number of names,
        # and a page may show the host as it was sent.
        hosts = {host.lower().removeprefix(".") for host in settings.ALLOWED_HOSTS} - {"*"}
        self._hosts = hosts | {urlsplit(settings.SITE_URL).netloc}
        self._scheme_header, self._secure = settings.SECURE_PROXY_SSL_HEADER or ("", "")
        self._redirects = settings.SECURE_SSL_REDIRECT
        self._lock = Lock()
        self._pages: OrderedDict[Key, CachedPage] = OrderedDict()  # the least recently used first
        self._parameters: dict[Address, tuple[str, ...] | None] = {}  # only of URLs that are known to be public
        self._rendering: dict[Key, Event] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Serve the page from memory, or let Django respond and store the response if it is public."""
        address = self._address(environ)
        version = self.poll.current() if address else None
        if address is None or version is None:
            return self.application(environ, start_response)
        if address not in self._parameters:
            return self._render(environ, start_response, address, version)
        key = self._key(address, environ)
        if key and (page := self._find(key, version)):
            return self._send(environ, start_response, page, "hit")
        if key is None or environ["REQUEST_METHOD"] == "HEAD":
            return self.application(environ, start_response)
        own = Event()
        rendering = self._rendering.setdefault(key, own)
        if rendering is not own:
            rendering.wait(WAIT)
            if page := self._find(key, version):
                return self._send(environ, start_response, page, "hit")
        try:
            return self._render(environ, start_response, address, version)
        finally:
            if rendering is own:
                del self._rendering[key]
                own.set()

    def _address(self, environ: Environ) -> Address | None:
        """Return the URL of a request if the response may be in memory, otherwise None."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        if environ.get("CONTENT_LENGTH", "0") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ:
            return None
        host = environ.get("HTTP_HOST", "")
        if host not in self._hosts and host.removesuffix(f":{environ.get('SERVER_PORT')}") not in self._hosts:
            return None
        is_secure = environ.get("wsgi.url_scheme") == "https"
        if self._scheme_header in environ:  # as HttpRequest.scheme reads it
            is_secure = environ[self._scheme_header].split(",", 1)[0].strip() == self._secure
        if self._redirects and not is_secure:
            return None
        return host, is_secure, environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")

    def _key(self, address: Address, environ: Environ) -> Key | None:
        """Return the key of a request for a known URL, or None if responses to its query string are not stored."""
        query, parameters = environ.get("QUERY_STRING", ""), self._parameters.get(address)
        shown = query if parameters is None else declared(query, parameters)
        return None if shown is None or (parameters is None and query) else (address, shown)

    def _find(self, key: Key, version: SiteVersion) -> CachedPage | None:
        now = self.poll.now()
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.version.changes != version.changes or (page.until and now >= page.until):
                return None
            if now >= page.rendered_at + LONGEST and not self.poll.is_silent():
                return None
            if now < page.rendered_at:  # the clock was set back, and what the page shows may not have started
                return None
            self._pages.move_to_end(key)
            return page

    def _keep(self, key: Key, page: CachedPage) -> None:
        with self._lock:
            self.size -= self._pages.pop(key).size if key in self._pages else 0
            if page.size * 4 > self.limit:  # one page must not displace all others
                return
            self._pages[key] = page
            self.size += page.size
            while self.size > self.limit:
                self.size -= self._pages.popitem(last=False)[1].size

    def _render(
        self, environ: Environ, start_response: StartResponse, address: Address, version: SiteVersion
    ) -> Iterable[bytes]:
        """Let Django respond. Store a public response, and send it in the same way as from memory."""
        if environ["REQUEST_METHOD"] == "HEAD" or self.poll.is_silent():
            return self.application(environ, start_response)
        began: list[tuple] = []
        # A copy of `environ`, because middleware and `public` change it.
        response = self.application({**environ, FOR_THE_CACHE: True}, lambda *given: began.append(given))
        if not _is_for_everyone(response, began[0][1]):
            start_response(*began[0])
            return response
        response.close()
        page = self._page(response, began[0][0], began[0][1], version)
        if len(self._parameters) >= MAX_ADDRESSES:
            self._parameters = {}
        self._parameters[address] = response.declaration.parameters
        if key := self._key(address, environ):
            self._keep(key, page)
        return self._send(environ, start_response, page, "fwd=miss")

    def _page(
        self, response: PublicResponse, status: str, headers: Sequence[tuple[str, str]], version: SiteVersion
    ) -> CachedPage:
        body, declaration = response.content, response.declaration
        # Weak, because the page is the same in every encoding. Only responses with status 200 have an ETag (`public`).
        etag = "W/" + response.headers["ETag"].removeprefix("W/") if "ETag" in response.headers else ""
        headers = [pair for pair in headers if pair[0].lower() not in _SET_BY_US]
        headers += [("ETag", etag)] if etag else []
        moments = [moment.timestamp() for moment in (version.until, declaration.until) if moment]
        return CachedPage(
            status=status,
            headers=(*headers, ("Vary", "Accept-Encoding")),
            etag=etag,
            bodies={"": body}
            if len(body) <= UNCOMPRESSED
            else {"gzip": gzip.compress(body, 6, mtime=0), "br": brotli.compress(body, quality=5)},
            max_age=declaration.max_age,
            version=version,
            until=min(moments, default=None),
            rendered_at=self.poll.now(),
        )

    def _send(self, environ: Environ, start_response: StartResponse, page: CachedPage, how: str) -> Sequence[bytes]:
        """Send the page, or a 304 if the client has the page. `how` is for the header Cache-Status (RFC 9211)."""
        now, silence = self.poll.now(), ", the database is silent" if self.poll.is_silent() else ""
        control = "no-cache" if silence else cache_control(page.max_age, page.until and page.until - now)
        detail = f"version {page.version.number}, rendered {int(max(0, now - page.rendered_at))} s ago{silence}"
        status = f'PageCache; {how}; detail="{detail}"'
        headers = [*page.headers, ("Cache-Control", control), ("Cache-Status", status)]
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        if if_none_match and page.etag and matches_etag(if_none_match, page.etag):
            start_response("304 Not Modified", [pair for pair in headers if pair[0] != "Content-Type"])
            return []
        body, encoding = page.body(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding:
            headers.append(("Content-Encoding", encoding))
        headers.append(("Content-Length", str(len(body))))
        start_response(page.status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _is_for_everyone(response: object, headers: Iterable[tuple[str, str]]) -> TypeGuard[PublicResponse]:
    """Return whether a response is declared public and neither its status nor its headers contradict that."""
    if not isinstance(response, HttpResponse) or response.status_code not in KEEPABLE - {304}:
        return False
    if not getattr(response, "is_public", False):
        return False
    for name, value in ((name.lower(), value.lower()) for name, value in headers):
        words = set(re.split(r"[\s,]+", value))
        if name in _PERSONAL or (name == "vary" and words - {"accept-encoding", ""}):
            return False
        if name == "cache-control" and ("public" not in words or words & {"no-store", "private"}):
            return False
    return True
