"""Attempts are counted in a Redis that all processes share, and in the database while that Redis does not answer."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from redis import Redis
from redis.exceptions import RedisError

from core import shared_cache

ROOT = Path(__file__).resolve().parents[2]
BINARY = shutil.which("redis-server")
SIGN_IN = "/account/sign-in/"

# One process of several. The limit is five attempts a minute, and each process tries three times.
TRY_THREE_TIMES = """
import django
django.setup()
from allauth.core.internal import ratelimit
from django.test import RequestFactory
request = RequestFactory().post("/", REMOTE_ADDR="198.51.100.7")
trial = {"app": "allauth.account", "action": "trial", "config": {"trial": "5/m/ip"}}
allowed = [ratelimit.consume(request, **trial) for _ in range(3)]
print(sum(usage is not None for usage in allowed))
"""


class OwnRedis:
    """A Redis of the test's own, on a socket in a folder of its own."""

    def __init__(self, folder: str) -> None:
        self.path = f"{folder}/redis.sock"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        words = ["--port", "0", "--unixsocket", self.path, "--save", "", "--dir", str(Path(self.path).parent)]
        self.process = subprocess.Popen([BINARY, *words], stdout=subprocess.DEVNULL)
        for _ in range(3000):
            if Path(self.path).exists() and self._answers():
                return
            time.sleep(0.02)
        raise AssertionError("Redis does not start.")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        try:
            with Redis(unix_socket_path=self.path) as client:
                return client.ping()
        except RedisError:
            return False


def cache_at(location: str, **options: object) -> dict[str, dict]:
    options = {"TABLE": "betterment_cache", "MAX_ENTRIES": 1000, **options}
    return {"default": {"BACKEND": "core.shared_cache.RedisOrTable", "LOCATION": location, "OPTIONS": options}}


@pytest.fixture
def redis(settings, monkeypatch) -> Iterator[OwnRedis]:
    if BINARY is None:
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail("redis-server is not installed.")
        pytest.skip("redis-server is not installed")
    monkeypatch.setattr(shared_cache._Redis, "ask_again_at", 0.0)
    with tempfile.TemporaryDirectory() as folder:  # the path of a socket has to be short
        own = OwnRedis(folder)
        own.start()
        settings.CACHES = cache_at(f"unix://{own.path}?db=9")
        yield own
        own.kill()


@pytest.fixture
def silent_redis(settings, monkeypatch) -> Iterator[socket.socket]:
    """Yield a server that accepts connections and never answers."""
    monkeypatch.setattr(shared_cache._Redis, "ask_again_at", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CACHES = cache_at(f"redis://127.0.0.1:{server.getsockname()[1]}/9", socket_timeout=0.05)
        yield server


def guess(times: int) -> list[bool]:
    """Try this many wrong passwords for one account, each from another network; return for each whether it was one too
    many.
    """
    answers = [
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(SIGN_IN, {"login": "x@example.org", "password": "wrong"})
        for number in range(times)
    ]
    assert {answer.status_code for answer in answers} == {200}
    return ["too many attempts" in answer.content.decode() for answer in answers]


def keys_in_the_table() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM betterment_cache")
        return " ".join(key for (key,) in cursor.fetchall())


def test_two_processes_have_one_count(redis):
    environment = {**os.environ, "CACHE_URL": f"unix://{redis.path}?db=9", "DATABASE_URL": "sqlite://:memory:"}
    environment["DJANGO_SETTINGS_MODULE"] = "betterment.settings"
    command = [sys.executable, "-c", TRY_THREE_TIMES]
    both = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sum(int(process.communicate(timeout=300)[0]) for process in both) == 5


def test_attempts_to_sign_in_are_counted_in_redis_alone(redis, cast):
    assert guess(6) == [False] * 5 + [True]
    with Redis(unix_socket_path=redis.path, db=9) as client:
        keys = " ".join(key.decode() for key in client.scan_iter())
    assert "login_failed" in keys and "x@example.org" not in keys
    assert keys_in_the_table() == ""


def test_a_redis_that_dies_lets_nobody_guess_for_ever(redis, cast, caplog):
    assert guess(6)[-1]
    redis.kill()
    assert guess(6) == [False] * 5 + [True]
    assert "login_failed" in keys_in_the_table()
    said = [record.getMessage() for record in caplog.records if record.name == "core.shared_cache"]
    assert len(said) == 1 and "Redis does not answer" in said[0]
    assert redis.path not in said[0]


def test_a_redis_that_comes_back_is_used_again(redis, cast, monkeypatch):
    redis.kill()
    cache.set("a", "in the table")
    redis.start()
    assert cache.get("a") == "in the table"  # not asked yet
    monkeypatch.setattr(shared_cache._Redis, "ask_again_at", time.monotonic())
    cache.set("b", "in Redis")
    assert (cache.get("a"), cache.get("b")) == (None, "in Redis")


def test_a_redis_that_was_restarted_between_two_questions_is_asked_on(redis, cast):
    cache.set("a", 1)
    redis.kill()
    redis.start()
    cache.set("a", 2)
    assert cache.get("a") == 2
    assert keys_in_the_table() == ""


def test_a_redis_that_takes_connections_and_says_nothing_counts_as_silent(silent_redis, cast):
    assert guess(6) == [False] * 5 + [True]
    assert "login_failed" in keys_in_the_table()


@pytest.mark.parametrize("is_there", [True, False])
def test_the_whole_of_a_cache_is_there_either_way(redis, db, is_there):
    if not is_there:
        redis.kill()
    shared = caches["default"]
    assert shared.add("n", 1) and not shared.add("n", 2)
    assert shared.incr("n", 4) == 5 and shared.decr("n") == 4
    with pytest.raises(ValueError, match="not found"):
        shared.incr("absent")
    shared.set_many({"a": [1.5], "b": {"c": None}})
    assert shared.get_many(["a", "b", "absent"]) == {"a": [1.5], "b": {"c": None}}
    assert "a" in shared and "absent" not in shared
    assert shared.touch("a") and not shared.touch("absent")
    assert shared.get_or_set("d", lambda: "made") == "made"
    shared.delete_many(["a", "b"])
    assert shared.delete("d") and not shared.delete("d")
    shared.clear()
    assert shared.get("n", "gone") == "gone"
