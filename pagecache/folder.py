"""The second shelf of the page store: answers as files in a folder that all workers of a machine share.

It outlives them: a worker that has just started answers from it what another rendered. Knows neither Django nor
database. Whatever is wrong with the folder costs a rendering and a line in the log, and no reader their page.

A file's name is a hash of what it answers, in which state of the site, by which code: so it is found only where all
three are the same. That of an answer which rests on parts of the site names no state: whoever finds it has to prove it,
unless the site is in the state in which it was made.

A file is written aside and renamed, begins with a digest of all that follows, and is read whole or not at all. The
digest is keyed: nobody who lacks the site's secret can lay a page there.
"""

import hashlib
import hmac
import json
import logging
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pagecache.shelf import CachedPage

logger = logging.getLogger(__name__)

DIGEST = 32
# In place of a state's mark, in the name of what may be true in any; and the generation of what was made in another.
ANY, NO_GENERATION = "", -1
# Each bucket of the folder keeps to its part of the bytes by itself: whoever writes looks at that bucket alone.
BUCKET, MOST_BUCKETS = 4 * 1024 * 1024, 256
BLOCK = 4096  # what the smallest file takes of a disk
# How long the files of another state stand: a worker may still be about to learn that the site has changed.
GRACE = 60.0
# How long all others stand, which may be true in any state: what was withdrawn and is never asked for leaves the disk.
LONGEST = 7 * 24 * 3600.0
PAUSE = 60.0  # without writing, after a write that failed
# Nothing else is removed, whatever folder somebody has named.
_BUCKET, _OURS = re.compile(r"[0-9a-f]{2}"), re.compile(r"[0-9a-f]{24}-[0-9a-f]{40}|\.[0-9a-f]{16}")


@dataclass(frozen=True)
class StoredPage:
    """An answer out of the folder, with the fields of the query that its view reads (`public.Kept.parameters`)."""

    entry: CachedPage
    parameters: tuple[str, ...] | None


class Folder:
    """At most about `limit` bytes of answers under `path`. Safe under threads and processes.

    `build` names the code and the settings that make the answers; `secret` is known to the site's machines alone.
    """

    def __init__(
        self, path: Path, limit: int, *, build: str, secret: str, now: Callable[[], float] = time.time
    ) -> None:
        self.path, self.build, self.now = path, build, now
        self.buckets = max(1, min(MOST_BUCKETS, limit // BUCKET))
        self.bucket_limit = limit // self.buckets
        self._secret = f"page store folder\n{secret}".encode()
        self._failed_at: float | None = None
        self._turn = 0

    def get(self, key: str, mark: str, generation: int) -> StoredPage | None:
        """What is kept under this key for the state `mark`, or for any state; None where nothing is, or it cannot be
        read.

        `generation` is what the worker calls that state; an answer that was made in another belongs to none
        (`NO_GENERATION`). A file that is not what was written there is removed.
        """
        if not mark:
            return None
        return self._read(self._file(key, mark), mark, generation) or self._read(self._file(key, ANY), mark, generation)

    def _read(self, path: str, mark: str, generation: int) -> StoredPage | None:
        try:
            with open(path, "rb", buffering=0) as file:
                content = file.readall()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._note(error)
            return None
        digest, rest = content[:DIGEST], memoryview(content)[DIGEST:]
        if hmac.compare_digest(digest, self._digest(path, rest)):
            return _found(rest, mark, generation)
        logger.warning("A kept page was damaged on disk and is made anew: %s", os.path.basename(path))
        _remove(path)
        return None

    def put(self, key: str, mark: str, entry: CachedPage, parameters: Sequence[str] | None) -> None:
        """Keep an answer. One that is larger than a quarter of a bucket is not kept."""
        if not mark or (self._failed_at is not None and self.now() - self._failed_at < PAUSE):
            return
        content = _written(entry, parameters, mark)
        if (DIGEST + len(content)) * 4 > self.bucket_limit:
            return
        path = Path(self._file(key, ANY if entry.parts else mark))
        aside = path.with_name(f".{secrets.token_hex(8)}")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with aside.open("xb") as file:
                    file.write(self._digest(path, content))
                    file.write(content)
                aside.replace(path)
            except OSError:
                aside.unlink(missing_ok=True)
                raise
            # Its own bucket, and the others in turn: what is of the past is soon gone from all of them.
            for bucket in {str(path.parent), self._next_bucket()}:
                self._tidy(bucket, (_state(self.build, mark), _state(self.build, ANY)))
        except OSError as error:
            self._note(error)
        else:
            self._failed_at = None

    def _file(self, key: str, mark: str) -> str:
        place = hashlib.sha256(key.encode()).hexdigest()
        return f"{self.path}/{int(place[:8], 16) % self.buckets:02x}/{_state(self.build, mark)}-{place[:40]}"

    def _digest(self, path: str | Path, content: bytes | memoryview) -> bytes:
        """Of this content under this name: a file that was moved to another name is not what was written there."""
        return hmac.digest(self._secret + os.path.basename(path).encode(), content, "sha256")

    def _next_bucket(self) -> str:
        buckets = sorted(
            found.path for found in os.scandir(self.path) if _BUCKET.fullmatch(found.name) and found.is_dir()
        )
        self._turn += 1
        return buckets[self._turn % len(buckets)]

    def _tidy(self, bucket: str, states: tuple[str, ...]) -> None:
        """Remove what is of other states and a minute old, and whatever is a week old; then the oldest, until the
        bucket is within its bytes."""
        size, files = 0, []
        for file in os.scandir(bucket):
            found = _stat(file) if _OURS.fullmatch(file.name) else None
            if found is None:
                continue
            if self.now() - found.st_mtime > (LONGEST if file.name.startswith(states) else GRACE):
                _remove(file.path)
                continue
            files.append((found.st_mtime, file.path, max(BLOCK, found.st_size)))
            size += files[-1][2]
        for _, path, bytes_of_it in sorted(files):
            if size <= self.bucket_limit:
                break
            _remove(path)
            size -= bytes_of_it

    def _note(self, error: OSError) -> None:
        """One line for a trouble, however many requests meet it."""
        if self._failed_at is None:
            logger.error("Pages cannot be kept on disk, and are served without: %s", error.strerror or error)
        self._failed_at = self.now()


@lru_cache(maxsize=8)
def _state(build: str, mark: str) -> str:
    return hashlib.sha256(f"{build}\n{mark}".encode()).hexdigest()[:24]


def _remove(path: str) -> None:
    with suppress(OSError):  # gone already, or not ours to remove: it is never read
        os.unlink(path)


def _stat(file: os.DirEntry) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:  # another worker was faster
        return None


def _written(entry: CachedPage, parameters: Sequence[str] | None, mark: str) -> bytes:
    """An answer as a file has it: a line of JSON, then its bodies as they are packed, one after the other."""
    bodies = entry.packed().bodies
    facts = {
        "status": entry.status,
        "headers": list(entry.headers),
        "etag": entry.etag,
        "max_age": entry.max_age,
        "until": entry.until,
        "parameters": parameters,
        "mark": mark,
        "parts": list(entry.parts),
        "parts_mark": entry.parts_mark,
        "bodies": [[name, len(body)] for name, body in bodies.items()],
    }
    return b"".join([json.dumps(facts).encode(), b"\n", *bodies.values()])


def _found(content: memoryview, mark: str, generation: int) -> StoredPage:
    """The answer of a file whose digest is right."""
    start = bytes(content[: 64 * 1024]).index(b"\n") + 1
    facts = json.loads(bytes(content[:start]))
    entry = CachedPage(
        status=facts["status"],
        headers=tuple((name, value) for name, value in facts["headers"]),
        etag=facts["etag"],
        max_age=facts["max_age"],
        generation=generation if facts["mark"] == mark else NO_GENERATION,
        until=facts["until"],
        bodies=dict(_bodies(content, start, facts["bodies"])),
        parts=tuple(facts["parts"]),
        parts_mark=facts["parts_mark"],
    )
    return StoredPage(entry, None if facts["parameters"] is None else tuple(facts["parameters"]))


def _bodies(content: memoryview, start: int, lengths: Sequence[Sequence]) -> Iterator[tuple[str, bytes]]:
    for name, length in lengths:
        yield name, bytes(content[start : start + length])
        start += length
