"""Actions of the newsroom that many tests begin with. Each is carried out once per process, and then repeated.

An action of tests/newsroom.py that is called with the same arguments in the same state writes the same rows. So its
statements are recorded the first time, and a later test that calls it in that state only sends these again, which takes
a thirtieth of the time. The database's triggers and constraints check the repeated statements like the first ones.

On PostgreSQL every action is carried out: its sequences outlive a transaction, so repeated primary keys would collide.

The state is known from the `cast` fixture on: its rows and the actions since then. An action is carried out as usual

* after the test, or a view that it called, has written anything else than a session;
* if the test has replaced something with `monkeypatch`, counts queries, or has a fixture that observes (OBSERVING);
* if its arguments, the settings, the language or the house settings differ from those of the recorded one, or the time
  where a test has stopped the clock;
* if the recorded one is older than OLD.

With SCENES=check in the environment, a repeated action is also carried out as usual, and both have to write the same.
"""

import functools
import os
import pickle
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

import pytest
import time_machine
from django.conf import UserSettingsHolder, settings
from django.db import connection, models, transaction
from django.utils import timezone, translation

from core.house import memory
from tests import kept_rows

OBSERVING = {
    *("time_machine", "caplog", "mailoutbox", "django_capture_on_commit_callbacks"),
    *("django_assert_num_queries", "django_assert_max_num_queries"),
}
# No row depends on these settings, which the fixtures of all tests change.
OWN_SETTINGS = {"MEDIA_ROOT", "PASSWORD_HASHERS"}
OLD = timedelta(minutes=20)
PRUNED_AFTER = 300  # tests, so that what only one of them needs does not fill the memory
CHECK = os.environ.get("SCENES") == "check"

# Statements that write nothing, and those of a session that begins or ends.
_READING = re.compile("SELECT|SAVEPOINT|RELEASE|BEGIN|PRAGMA")
_SESSION = re.compile(
    r'(?:INSERT INTO|UPDATE|DELETE FROM) "django_session"|UPDATE "accounts_user" SET "last_login" = %s WHERE'
)
_NOT_COMPARED = {"last_login", "password"}  # fields of the cast that no action reads
Statement = tuple[str, Any, bool]


@dataclass
class Recorded:
    """What an action wrote and returned, and by the keys of their calls, the actions that followed it."""

    at: datetime
    statements: list[Statement] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    outcome: bytes = b""
    followed_by: dict[bytes, "Recorded"] = field(default_factory=dict)
    was_repeated: bool = False

    def prune(self) -> None:
        """Forget the actions after this one that were not repeated since the last call."""
        self.followed_by = {key: one for key, one in self.followed_by.items() if one.was_repeated}
        for one in self.followed_by.values():
            one.was_repeated = False
            one.prune()


@dataclass
class Watch:
    """What is known of the state of the running test. Without `position`, no action is recorded or repeated."""

    may_repeat: bool = False
    monkeypatch: pytest.MonkeyPatch | None = None
    position: Recorded | None = None
    members: dict[int, tuple[str, models.Model]] = field(default_factory=dict)
    sequences: list[tuple[str, int]] | None = None  # to be set before the first action
    acting: bool = False
    written: list[Statement] = field(default_factory=list)
    rolled_back: bool = False

    def note(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> object:
        """Record a statement that writes. This is a wrapper for `connection.execute_wrapper`."""
        if not _READING.match(sql) and (self.acting or not _SESSION.match(sql)):
            self.rolled_back |= sql.startswith("ROLLBACK")
            self.written.append((sys.intern(sql), params, many))
        return execute(sql, params, many, context)


_watch = Watch()
_tests = count(1)
recorded_from: dict[int, tuple[Recorded, list[tuple[str, int]]]] = {}  # by the number of the cast


@contextmanager
def watched(fixtures: set[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Return a context manager for a test with these fixtures, in which actions may be repeated from the cast on."""
    global _watch
    may_repeat = connection.vendor == "sqlite" and OBSERVING.isdisjoint(fixtures)
    _watch = Watch(may_repeat=may_repeat, monkeypatch=monkeypatch)
    with connection.execute_wrapper(_watch.note):
        yield
    _watch = Watch()
    if next(_tests) % PRUNED_AFTER == 0:
        for recorded, _ in recorded_from.values():
            recorded.prune()


def is_untouched() -> bool:
    """Return whether the running test has written nothing yet."""
    return not _watch.written


def begin(number: int | None, members: dict[str, models.Model]) -> None:
    """Take the state after the cast was inserted, which is the same each time for the same number, as the first one."""
    _watch.written.clear()
    if number is None or not _watch.may_repeat:
        return
    if number not in recorded_from:
        recorded_from[number] = (Recorded(timezone.now()), _sequences())
    _watch.position, _watch.sequences = recorded_from[number]
    _watch.members = {id(member): (name, member) for name, member in members.items()}


def repeated(action: Callable) -> Callable:
    """Let an action of the newsroom be recorded, and repeated in the same state."""

    @functools.wraps(action)
    def act(*args: object, **kwargs: object) -> object:
        watch = _watch
        if watch.acting or watch.position is None:
            return action(*args, **kwargs)
        if watch.written or connection.force_debug_cursor or watch.monkeypatch._setattr or watch.monkeypatch._setitem:
            watch.position = None
            return action(*args, **kwargs)
        watch.acting = True
        try:
            return _act(watch, action, args, kwargs)
        finally:
            watch.acting = False
            watch.written.clear()

    return act


def _act(watch: Watch, action: Callable, args: tuple, kwargs: dict) -> object:
    position, watch.position = watch.position, None
    known = {**watch.members, **_own(args, kwargs, watch.members)}
    try:
        own = [vars(one) for key, (_, one) in known.items() if key not in watch.members]
        key = _pickled((action.__module__, action.__qualname__, args, kwargs, own, _circumstances(watch)), known)
    except (pickle.PicklingError, TypeError, AttributeError):
        return action(*args, **kwargs)
    if watch.sequences:
        _set(watch.sequences)
        watch.sequences = None
    found = position.followed_by.get(key)
    if found is not None and found.at <= timezone.now() < found.at + OLD:
        if CHECK:
            _check(found, action, args, kwargs)
        watch.position, found.was_repeated = found, True
        return _repeat(found, known)
    return _record(watch, position, key, known, action, args, kwargs)


def _record(watch, position, key, known, action, args, kwargs) -> object:
    found = Recorded(timezone.now())
    before = {name: _pickled(one.__dict__, known) for name, one in known.values()}
    files, watch.rolled_back = kept_rows.uploaded_files(), False
    watch.written.clear()
    result = action(*args, **kwargs)
    if watch.rolled_back:
        return result
    found.statements = list(watch.written)
    found.files = {name: data for name, data in kept_rows.uploaded_files().items() if name not in files}
    try:
        changed = {name: one.__dict__ for name, one in known.values() if _pickled(one.__dict__, known) != before[name]}
        found.outcome = _pickled((result, changed), known)
    except (pickle.PicklingError, TypeError, AttributeError):
        return result
    position.followed_by[key] = watch.position = found
    return _outcome(found, known)  # not `result`, so that the first test gets what the others get


def _repeat(found: Recorded, known: dict[int, tuple[str, models.Model]]) -> object:
    _send(found.statements)
    kept_rows.upload(found.files)
    return _outcome(found, known)


def _outcome(found: Recorded, known: dict[int, tuple[str, models.Model]]) -> object:
    """Change the rows that the test holds as the action changed them, and return a copy of what it returned."""
    result, changed = _unpickled(found.outcome, known)
    by_name = dict(known.values())
    for name, values in changed.items():
        by_name[name].__dict__.clear()
        by_name[name].__dict__.update(values)
    return result


def _send(statements: list[Statement]) -> None:
    with connection.cursor() as cursor:
        for sql, params, many in statements:
            (cursor.executemany if many else cursor.execute)(sql, params)


def _circumstances(watch: Watch) -> tuple:
    """Return everything on which what an action writes depends, besides the rows and its arguments."""
    changed, layer = [], settings._wrapped
    while isinstance(layer, UserSettingsHolder):
        changed.append(
            {name: value for name, value in vars(layer).items() if name.isupper() and name not in OWN_SETTINGS}
        )
        layer = layer.default_settings
    members = [
        [getattr(one, each.attname) for each in one._meta.concrete_fields if each.attname not in _NOT_COMPARED]
        for _, one in watch.members.values()
    ]
    moved_clock = timezone.now() if time_machine.escape_hatch.is_travelling() else None
    return [each for each in changed if each], translation.get_language(), memory.last_known(), members, moved_clock


def _own(args: tuple, kwargs: dict, members: dict) -> dict[int, tuple[str, models.Model]]:
    """Return the arguments that are rows, by their identity, with a name for each."""
    named = [*((f"argument {place}", one) for place, one in enumerate(args)), *kwargs.items()]
    return {id(one): (name, one) for name, one in named if isinstance(one, models.Model) and id(one) not in members}


class _Pickler(pickle.Pickler):
    """Writes rows that the test holds (the cast, arguments) by name, so that they stay the same objects."""

    known: dict[int, tuple[str, models.Model]]

    def persistent_id(self, one: object) -> str | None:
        return self.known[id(one)][0] if id(one) in self.known else None


class _Unpickler(pickle.Unpickler):
    by_name: dict[str, models.Model]

    def persistent_load(self, name: str) -> models.Model:
        return self.by_name[name]


def _pickled(value: object, known: dict[int, tuple[str, models.Model]]) -> bytes:
    with BytesIO() as written:
        pickler = _Pickler(written)
        pickler.known = known
        pickler.dump(value)
        return written.getvalue()


def _unpickled(data: bytes, known: dict[int, tuple[str, models.Model]]) -> Any:
    unpickler = _Unpickler(BytesIO(data))
    unpickler.by_name = dict(known.values())
    return unpickler.load()


def _sequences() -> list[tuple[str, int]]:
    """Return the sequences of SQLite's primary keys: the name and the last number that was given out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        return cursor.fetchall()


def _set(sequences: list[tuple[str, int]]) -> None:
    """Continue the sequences of primary keys at these numbers, so that repeated rows get the recorded keys."""
    places = ", ".join(["(%s, %s)"] * len(sequences))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_sequence")
        cursor.execute(
            f"INSERT INTO sqlite_sequence (name, seq) VALUES {places}", [value for pair in sequences for value in pair]
        )


# Times, the numbers of articles in their addresses, salts and digests differ each time.
_OWN = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(\+\d\d:\d\d|Z)?|\barticle-\d+\b|\b[0-9a-f]{32,}\b")


def _check(found: Recorded, action: Callable, args: tuple, kwargs: dict) -> None:
    """Raise an AssertionError if the recorded statements and the action write different rows, apart from _OWN."""
    sequences, seen = _sequences(), []
    for write in (lambda: _send(found.statements), lambda: action(*args, **kwargs)):
        point = transaction.savepoint()
        write()
        seen.append({name: [comparable(row) for row in rows] for name, rows in kept_rows.rows().items()})
        transaction.savepoint_rollback(point)
        _set(sequences)
    for name, rows in seen[0].items():
        assert rows == seen[1][name], f"{action.__name__} writes to {name} what was not recorded"


def comparable(row: tuple) -> list[str]:
    """Return the values of a row without what differs each time that an action is carried out (_OWN)."""
    return [_OWN.sub("…", str(value)) for value in row]
