"""The kept answers of one worker: bounded in bytes, the longest unused go first. Knows neither Django nor database."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

import brotli

from pagecache.request_key import ENCODINGS

Header = tuple[str, str]

# What an entry costs besides its body, roughly: its address, its headers, its place.
OVERHEAD = 2048
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
# Below this a compressed body is no smaller on the wire.
SMALLEST = 256


@dataclass(frozen=True, eq=False)
class CachedPage:
    """One public answer: status, headers, and its body in each encoding that somebody has asked for: at least as it
    is ("") or as gzip.

    `generation` and `until` (seconds since the epoch, or None) say how long it is true. The headers are without
    length, encoding and Cache-Control, which are of each sending.

    `parts` are those of the site on which it rests, `parts_mark` the name of the state in which they were (both empty
    where it rests on the whole site): where they are so still, it is true in another generation as well.
    """

    status: str
    headers: Sequence[Header]
    etag: str
    max_age: int
    generation: int
    until: float | None
    bodies: dict[str, bytes] = field(default_factory=dict)
    parts: Sequence[str] = ()
    parts_mark: str = ""

    def is_true(self, generation: int, now: float) -> bool:
        """Whether it still shows what is so at this moment."""
        return self.generation == generation and not self.is_over(now)

    def is_over(self, now: float) -> bool:
        """Whether its time has come, whatever has changed or not."""
        return self.until is not None and now >= self.until

    def body(self, encoding: str) -> bytes:
        """The body in that encoding, always in the same bytes; a short one as it is."""
        kept = self.bodies.get(encoding)
        if kept is not None:
            return kept
        plain = self.bodies.get("")
        return compressed(gzip.decompress(self.bodies["gzip"]) if plain is None else plain, encoding)

    def packed(self) -> "CachedPage":
        """The same answer in few bytes: its body compressed in both ways, and not as it is, unless it is short."""
        if len(self.body("")) < SMALLEST:
            return replace(self, bodies={"": self.body("")})
        return replace(self, bodies={name: self.body(name) for name in ENCODINGS if name})

    @property
    def size(self) -> int:
        return OVERHEAD + sum(map(len, self.bodies.values()))


def compressed(body: bytes, encoding: str) -> bytes:
    """The body in that encoding, always in the same bytes. Short ones come back as they are."""
    if encoding == "br" and len(body) >= SMALLEST:
        return brotli.compress(body, quality=BROTLI_QUALITY)
    if encoding == "gzip" and len(body) >= SMALLEST:
        return gzip.compress(body, GZIP_LEVEL, mtime=0)
    return body


class Shelf:
    """Entries by key, at most `limit` bytes of them. Safe under threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._lock = Lock()
        self._entries: OrderedDict[object, CachedPage] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: object) -> CachedPage | None:
        """The entry, which becomes the latest used; None where there is none."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def put(self, key: object, entry: CachedPage) -> None:
        """Keep it in place of one with the same key. One that is larger than a quarter of the shelf is not kept."""
        with self._lock:
            self._drop(key)
            if entry.size * 4 > self.limit:
                return
            self._entries[key] = entry
            self.size += entry.size
            self._make_room()

    def body(self, key: object, entry: CachedPage, encoding: str) -> bytes:
        """The entry's body in that encoding, compressed once."""
        body = entry.bodies.get(encoding)
        if body is not None:
            return body
        body = entry.body(encoding)
        with self._lock:
            if encoding not in entry.bodies:
                entry.bodies[encoding] = body
                if self._entries.get(key) is entry:
                    self.size += len(body)
                    self._make_room()
        return body

    def keep_only(self, what: Callable[[CachedPage], object]) -> None:
        """Drop every entry of which this is not so."""
        with self._lock:
            for key in [key for key, entry in self._entries.items() if not what(entry)]:
                self._drop(key)

    def _drop(self, key: object) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size -= entry.size

    def _make_room(self) -> None:
        while self.size > self.limit and self._entries:
            _, entry = self._entries.popitem(last=False)
            self.size -= entry.size
