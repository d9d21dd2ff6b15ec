"""Public pages from memory, ahead of Django: what a view declared public, and nothing else.

A wrapper of the WSGI callable, one for each worker. It keeps what `http.public` marked, drops all of it when anything
that readers see has changed (betterment.freshness), and each page when pages next change by the clock.
No cookie is read here: a public answer is the same for everyone, whoever is signed in.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Event, Lock
from typing import Any

from django.http import HttpResponse

from betterment.http import FOR_THE_STORE, cache_control
from betterment.page_store_asked import TooMuch, declared, encoding_for, matches
from betterment.page_store_clock import Clock, State
from betterment.page_store_shelf import Entry, Header, Shelf

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

KEEPABLE = {200, 301, 308, 404, 410}
# Of each sending, of one connection, or of one request: these are never kept.
_OWN = {"content-length", "cache-control", "etag", "vary", "date", "connection"}
MOST_ADDRESSES = 50_000
WAIT = 2.0  # seconds for another thread that renders the same page


@dataclass(frozen=True)
class Site:
    """Under which names the site answers from the store: each as a Host header has it.

    Whoever asks under another name is left to Django, which refuses it or answers it anew.
    """

    hosts: frozenset[str]
    secure_header: tuple[str, str] | None = None
    redirects_to_https: bool = False

    def is_secure(self, environ: Environ) -> bool:
        """Whether the reader came by https, as Django sees it (HttpRequest.scheme)."""
        if self.secure_header:
            value = environ.get(self.secure_header[0])
            if value is not None:
                return value.split(",", 1)[0].strip() == self.secure_header[1]
        return environ.get("wsgi.url_scheme") == "https"


class PageStore:
    """The WSGI callable: `application` with a memory of `limit` bytes."""

    def __init__(self, application: Application, site: Site, clock: Clock, limit: int) -> None:
        self.application, self.site, self.clock = application, site, clock
        self.shelf = Shelf(limit)
        self._lock = Lock()
        # What is known of an address once its view has answered: the fields of its query that count.
        self._parameters: dict[tuple[str, bool, str], tuple[str, ...] | None] = {}
        self._rendering: dict[object, Event] = {}
        self._generation = 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        address = self._address(environ)
        state = self.clock.state() if address else None
        if address is None or state is None:
            return self.application(environ, start_response)
        self._keep_to(state)
        if address not in self._parameters:
            return self._render(environ, start_response, address, state)
        key = self._key(address, environ)
        if key is None:
            return self.application(environ, start_response)
        entry = self._true_entry(key, state)
        if entry is not None:
            return self._send(environ, start_response, key, entry, state)
        if environ["REQUEST_METHOD"] == "HEAD":
            return self.application(environ, start_response)
        return self._render_once(environ, start_response, address, key, state)

    # --- What is asked

    def _address(self, environ: Environ) -> tuple[str, bool, str] | None:
        """Host, https or not, and path of what may be in the store; None for everything else."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        if environ.get("CONTENT_LENGTH", "0") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ:
            return None
        host = environ.get("HTTP_HOST", "").lower()
        if host not in self.site.hosts and host.removesuffix(f":{environ.get('SERVER_PORT')}") not in self.site.hosts:
            return None
        is_secure = self.site.is_secure(environ)
        if self.site.redirects_to_https and not is_secure:
            return None
        return host, is_secure, environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")

    def _key(self, address: tuple[str, bool, str], environ: Environ) -> object | None:
        """The address with what counts of its query; None where that is not kept."""
        query = environ.get("QUERY_STRING", "")
        parameters = self._parameters.get(address)
        if parameters is None:
            return None if query else (address, "")
        try:
            return address, declared(query, parameters)
        except TooMuch:
            return None

    def _true_entry(self, key: object, state: State) -> Entry | None:
        entry = self.shelf.get(key)
        return entry if entry is not None and entry.is_true(state.generation, self.clock.now()) else None

    # --- What is answered

    def _send(
        self,
        environ: Environ,
        start_response: StartResponse,
        key: object,
        entry: Entry,
        state: State,
        how: str = "hit",
    ) -> list[bytes]:
        """The entry, or 304 where the reader has it. `how` is for Cache-Status (RFC 9211)."""
        left = None if entry.until is None else entry.until - self.clock.now()
        control = cache_control(entry.max_age, left)
        if state.is_doubtful:
            control, how = "no-cache", f"{how}; detail=database-silent"
        headers = [
            *entry.headers,
            ("ETag", entry.etag),
            ("Vary", "Accept-Encoding"),
            ("Cache-Control", control),
            ("Cache-Status", f"PageStore; {how}"),
        ]
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        if if_none_match and entry.status.startswith("200") and matches(if_none_match, entry.etag):
            start_response("304 Not Modified", [pair for pair in headers if pair[0] != "Content-Type"])
            return []
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        body = self.shelf.body(key, entry, encoding)
        if encoding and body is not entry.bodies[""]:
            headers.append(("Content-Encoding", encoding))
        headers.append(("Content-Length", str(len(body))))
        start_response(entry.status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _render_once(
        self,
        environ: Environ,
        start_response: StartResponse,
        address: tuple[str, bool, str],
        key: object,
        state: State,
    ) -> Iterable[bytes]:
        """Render a page that is known to be public, or wait for the thread that does so already."""
        with self._lock:
            done = self._rendering.get(key)
            if done is None:
                self._rendering[key] = Event()
        if done is not None:
            done.wait(WAIT)
            entry = self._true_entry(key, state)
            if entry is not None:
                return self._send(environ, start_response, key, entry, state)
            return self._render(environ, start_response, address, state)
        try:
            return self._render(environ, start_response, address, state)
        finally:
            with self._lock:
                self._rendering.pop(key).set()

    def _render(
        self, environ: Environ, start_response: StartResponse, address: tuple[str, bool, str], state: State
    ) -> Iterable[bytes]:
        """What Django answers; kept, and sent as what is kept is sent, where its view says that it may be."""
        began: list[tuple] = []
        query = environ.get("QUERY_STRING", "")  # the view's own is narrower
        asked = {name: environ[name] for name in ("HTTP_IF_NONE_MATCH",) if name in environ}
        if environ["REQUEST_METHOD"] == "GET":
            environ[FOR_THE_STORE] = True
        response = self.application(environ, lambda *what: began.append(what))
        entry = None
        if environ["REQUEST_METHOD"] == "GET" and not state.is_doubtful:
            entry = self._entry(response, began, state)
        if entry is None:
            start_response(*began[0])
            return response
        response.close()
        environ["QUERY_STRING"] = query
        environ.update(asked)
        with self._lock:
            if len(self._parameters) >= MOST_ADDRESSES:
                self._parameters.clear()
            self._parameters[address] = response.kept.parameters
        key = self._key(address, environ)
        if key is not None and state.generation == self._generation:
            self.shelf.put(key, entry)
        return self._send(environ, start_response, key, entry, state, "fwd=miss")

    def _entry(self, response: Any, began: list[tuple], state: State) -> Entry | None:
        """What is to be kept of an answer; None for one that is not for everyone, or not whole."""
        if not getattr(response, "is_public", False) or not isinstance(response, HttpResponse):
            return None
        status, headers = began[0][:2]
        if response.status_code not in KEEPABLE or not _is_for_everyone(headers):
            return None
        body, kept = response.content, response.kept
        moments = [state.until, kept.until.timestamp() if kept.until else None]
        given = response.headers.get("ETag", "").removeprefix("W/").strip('"')
        return Entry(
            status=status,
            headers=tuple(pair for pair in headers if pair[0].lower() not in _OWN),
            # Weak: the same words, in whichever encoding they travel.
            etag=f'W/"{given or hashlib.sha256(body).hexdigest()[:32]}"',
            max_age=kept.max_age,
            generation=state.generation,
            until=min((moment for moment in moments if moment is not None), default=None),
            bodies={"": body},
        )

    def _keep_to(self, state: State) -> None:
        """After a change nothing of before is left."""
        if state.generation != self._generation:
            with self._lock:
                if state.generation > self._generation:
                    self._generation = state.generation
                    self.shelf.clear()


def _is_for_everyone(headers: Iterable[Header]) -> bool:
    """Whether nothing in the headers ties the answer to a reader, or to anything but how it is encoded."""
    for name, value in headers:
        name = name.lower()
        if name in ("set-cookie", "content-encoding", "transfer-encoding", "content-range"):
            return False
        if name == "vary" and {word.strip().lower() for word in value.split(",")} - {"accept-encoding", ""}:
            return False
        if name == "cache-control" and ("no-store" in value or "private" in value or "public" not in value):
            return False
    return True
