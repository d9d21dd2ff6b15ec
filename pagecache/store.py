"""Public pages from memory, ahead of Django: what a view declared public, and nothing else.

A wrapper of the WSGI callable, one for each worker. It keeps what `public.public` marked, drops it when anything that
readers see has changed (pagecache.site_version), and each page when pages next change by the clock. A page that has
said on which parts of the site it rests is given on once one query has shown that these have not changed. Beneath its
memory may lie a folder that all workers share (pagecache.folder), by the same rules.
No cookie is read here: a public answer is the same for everyone, whoever is signed in.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Event, Lock
from typing import Any, TypeVar

from django.http import HttpResponse

from pagecache.clock import GOES_UNASKED, Clock, ClockState, Parts
from pagecache.folder import Folder
from pagecache.public import FOR_THE_STORE, Kept, cache_control
from pagecache.request_key import TooMuch, declared, encoding_for, matches
from pagecache.shelf import CachedPage, Header, Shelf

logger = logging.getLogger(__name__)

T = TypeVar("T")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
# Host, https or not, path; and with it what counts of the query.
Address = tuple[str, bool, str]
Key = tuple[Address, str]

KEEPABLE = {200, 301, 308, 404, 410}
# Of each sending, of one connection, or of one request: these are never kept.
_OWN = {"content-length", "cache-control", "etag", "vary", "date", "connection"}
MOST_ADDRESSES = 50_000
WAIT = 2.0  # seconds for another thread that renders the same page
FROM_MEMORY = "hit"  # in the words of Cache-Status, where nothing has to be said beside it
# All that an answer from memory reads of a request, beside its query and the name by which a proxy tells of https.
READS = (
    "REQUEST_METHOD",
    "HTTP_HOST",
    "SERVER_PORT",
    "wsgi.url_scheme",
    "SCRIPT_NAME",
    "PATH_INFO",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_IF_NONE_MATCH",
    "CONTENT_LENGTH",
    "HTTP_TRANSFER_ENCODING",
)
# Answers that may be given once more as they are, and how long what was read for one may be.
MOST_READY, LONGEST_READY = 1000, 1000


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


@dataclass(frozen=True)
class Ready:
    """An answer that whoever asks in the same words gets once more, until the site's state is looked at again."""

    status: str
    headers: Sequence[Header]
    body: Sequence[bytes]


class PageStore:
    """The WSGI callable: `application` with a memory of `limit` bytes, and a folder where there is one.

    Without `parts` every page rests on the whole site.
    """

    def __init__(
        self,
        application: Application,
        site: Site,
        clock: Clock,
        limit: int,
        folder: Folder | None = None,
        parts: Parts | None = None,
    ) -> None:
        self.application, self.site, self.clock, self.folder, self.parts = application, site, clock, folder, parts
        self.shelf = Shelf(limit)
        self._lock = Lock()
        # What is known of an address once its view has answered: the fields of its query that count.
        self._parameters: dict[Address, tuple[str, ...] | None] = {}
        self._rendering: dict[object, Event] = {}
        self._generation = 0
        self._reads = (*READS, *(site.secure_header or ())[:1])
        # Of one state, by what was read and the query: None where no query makes a difference. Exchanged as a pair, so
        # that no thread takes the answers of one state for those of another.
        self._ready: tuple[ClockState | None, dict[tuple[tuple, str | None], Ready]] = None, {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # What this second's readers have asked in the same words: a fifth of what an answer from memory costs is saved.
        asked = tuple(map(environ.get, self._reads))
        of, answers = self._ready
        ready = answers.get((asked, None)) or answers.get((asked, environ.get("QUERY_STRING", "")))
        if ready is not None and of is self.clock.state():
            start_response(ready.status, list(ready.headers))
            return list(ready.body)
        address = self._address(environ)
        state = self.clock.state() if address else None
        if address is None or state is None:
            return self.application(environ, start_response)
        self._keep_to(state)
        if address not in self._parameters:
            self._from_folder((address, ""), state)
        if address not in self._parameters:
            return self._render(environ, start_response, address, state)
        key = self._key(address, environ)
        if key is None:
            return self.application(environ, start_response)
        entry, how = self._true_entry(key, state)
        if entry is not None:
            return self._send(environ, start_response, key, entry, state, how)
        if environ["REQUEST_METHOD"] == "HEAD":
            return self.application(environ, start_response)
        return self._render_once(environ, start_response, address, key, state)

    # --- What is asked

    def _address(self, environ: Environ) -> Address | None:
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

    def _key(self, address: Address, environ: Environ) -> Key | None:
        """The address with what counts of its query; None where that is not kept."""
        query = environ.get("QUERY_STRING", "")
        parameters = self._parameters.get(address)
        if parameters is None:
            return None if query else (address, "")
        try:
            return address, declared(query, parameters)
        except TooMuch:
            return None

    def _true_entry(self, key: Key, state: ClockState) -> tuple[CachedPage | None, str]:
        """What is kept and still so, with where it was found in the words of Cache-Status."""
        kept = self.shelf.get(key)
        entry = self._true(kept, state)
        if entry is None:
            return self._from_folder(key, state), "hit; detail=folder"
        if entry is not kept:
            self._remember(key, entry, state)
        return entry, FROM_MEMORY

    def _true(self, entry: CachedPage | None, state: ClockState) -> CachedPage | None:
        """The entry if it is still so. After a change elsewhere one question proves it, and it belongs to the new
        state from then on."""
        now = self.clock.now()
        if entry is None or entry.is_true(state.generation, now):
            return entry
        if not entry.parts or entry.is_over(now) or state.is_doubtful:
            return None
        if self._known(lambda parts: parts.mark(entry.parts)) != entry.parts_mark:
            return None
        return replace(entry, generation=state.generation)

    def _remember(self, key: Key, entry: CachedPage, state: ClockState) -> None:
        if state.generation == self._generation:
            self.shelf.put(key, entry)

    def _known(self, question: Callable[[Parts], T]) -> T | None:
        try:
            return question(self.parts) if self.parts else None
        except Exception as error:
            logger.error("The database does not say what has changed; a page is made anew: %s", error)
            return None

    def _from_folder(self, key: Key, state: ClockState) -> CachedPage | None:
        """What another worker, or this one before it was started anew, has left; from now on it is in memory too."""
        found = self.folder.get(json.dumps(key), state.mark, state.generation) if self.folder else None
        entry = self._true(found.entry, state) if found else None
        if entry is None:
            return None
        self._know(key[0], found.parameters)
        self._remember(key, entry, state)
        return entry

    def _keep(self, key: Key | None, entry: CachedPage, kept: Kept, state: ClockState, began: float) -> CachedPage:
        """Put on both shelves what Django made; unless the site has changed since it was asked."""
        if key is None or state.generation != self._generation:
            return entry
        if entry.parts:
            entry = self._resting(entry, kept, state, began)
        if self.folder:
            entry = entry.packed()
            self.folder.put(json.dumps(key), state.mark, entry, kept.parameters)
        self.shelf.put(key, entry)
        return entry

    def _resting(self, entry: CachedPage, kept: Kept, state: ClockState, began: float) -> CachedPage:
        """The entry with what is known of its parts: asked after it was made, and so only where nothing at all has
        changed meanwhile; or as one that rests on the whole site.

        It ends with its parts, at the first moment after it was begun: what starts elsewhere is none of its moments.
        """
        known = self._known(lambda parts: (parts.mark(entry.parts), parts.until(entry.parts, began)))
        mark, until = known or ("", None)
        if not mark or not self.clock.is_still(state):
            return replace(entry, parts=())
        return replace(entry, parts_mark=mark, until=_first(until, kept.until and kept.until.timestamp()))

    def _know(self, address: Address, parameters: tuple[str, ...] | None) -> None:
        with self._lock:
            if len(self._parameters) >= MOST_ADDRESSES:
                self._parameters.clear()
            self._parameters[address] = parameters

    # --- What is answered

    def _send(
        self,
        environ: Environ,
        start_response: StartResponse,
        key: Key,
        entry: CachedPage,
        state: ClockState,
        how: str,
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
            status, body = "304 Not Modified", []
            headers = [pair for pair in headers if pair[0] != "Content-Type"]
        else:
            encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
            content = self.shelf.body(key, entry, encoding)
            if encoding and content is not entry.bodies.get(""):
                headers.append(("Content-Encoding", encoding))
            headers.append(("Content-Length", str(len(content))))
            status, body = entry.status, [] if environ["REQUEST_METHOD"] == "HEAD" else [content]
        if how == FROM_MEMORY and (left is None or left > entry.max_age + GOES_UNASKED):
            self._make_ready(environ, key, state, Ready(status, tuple(headers), tuple(body)))
        start_response(status, headers)
        return body

    def _make_ready(self, environ: Environ, key: Key, state: ClockState, ready: Ready) -> None:
        """Note an answer out of memory in which no moment counts, for those who ask before the state is looked at."""
        asked, query = tuple(map(environ.get, self._reads)), environ.get("QUERY_STRING", "")
        if self._parameters.get(key[0]) == ():
            query = None
        elif query != key[1]:  # with a field that counts for nothing: hardly anybody asks in these words again
            return
        if sum(map(len, filter(None, (*asked, query)))) > LONGEST_READY:
            return
        of, answers = self._ready
        if of is not state:
            self._ready = state, (answers := {})
        if len(answers) < MOST_READY:
            answers[asked, query] = ready

    def _render_once(
        self,
        environ: Environ,
        start_response: StartResponse,
        address: Address,
        key: Key,
        state: ClockState,
    ) -> Iterable[bytes]:
        """Render a page that is known to be public, or wait for the thread that does so already."""
        with self._lock:
            done = self._rendering.get(key)
            if done is None:
                self._rendering[key] = Event()
        if done is not None:
            done.wait(WAIT)
            entry, how = self._true_entry(key, state)
            if entry is not None:
                return self._send(environ, start_response, key, entry, state, how)
            return self._render(environ, start_response, address, state)
        try:
            return self._render(environ, start_response, address, state)
        finally:
            with self._lock:
                self._rendering.pop(key).set()

    def _render(
        self, environ: Environ, start_response: StartResponse, address: Address, state: ClockState
    ) -> Iterable[bytes]:
        """What Django answers; kept, and sent as what is kept is sent, where its view says that it may be."""
        began: list[tuple] = []
        query = environ.get("QUERY_STRING", "")  # the view's own is narrower
        asked = {name: environ[name] for name in ("HTTP_IF_NONE_MATCH",) if name in environ}
        now = self.clock.now()
        is_to_be_kept = environ["REQUEST_METHOD"] == "GET" and not state.is_doubtful
        if is_to_be_kept:
            environ[FOR_THE_STORE] = True
        response = self.application(environ, lambda *what: began.append(what))
        entry = self._entry(response, began, state) if is_to_be_kept else None
        if entry is None:
            start_response(*began[0])
            return response
        response.close()
        environ["QUERY_STRING"] = query
        environ.update(asked)
        self._know(address, response.kept.parameters)
        key = self._key(address, environ)
        entry = self._keep(key, entry, response.kept, state, now)
        return self._send(environ, start_response, key, entry, state, "fwd=miss")

    def _entry(self, response: Any, began: list[tuple], state: ClockState) -> CachedPage | None:
        """What is to be kept of an answer; None for one that is not for everyone, or not whole."""
        if not getattr(response, "is_public", False) or not isinstance(response, HttpResponse):
            return None
        status, headers = began[0][:2]
        if response.status_code not in KEEPABLE or not _is_for_everyone(headers):
            return None
        body, kept = response.content, response.kept
        given = response.headers.get("ETag", "").removeprefix("W/").strip('"')
        return CachedPage(
            status=status,
            headers=tuple(pair for pair in headers if pair[0].lower() not in _OWN),
            # Weak: the same words, in whichever encoding they travel.
            etag=f'W/"{given or hashlib.sha256(body).hexdigest()[:32]}"',
            max_age=kept.max_age,
            generation=state.generation,
            until=_first(state.until, kept.until and kept.until.timestamp()),
            bodies={"": body},
            parts=kept.parts,
        )

    def _keep_to(self, state: ClockState) -> None:
        """After a change nothing of before is left but what may be proved anew."""
        if state.generation != self._generation:
            with self._lock:
                if state.generation > self._generation:
                    self._generation = state.generation
                    self.shelf.keep_only(lambda entry: entry.parts)


def _first(*moments: float | None) -> float | None:
    return min((moment for moment in moments if moment is not None), default=None)


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
