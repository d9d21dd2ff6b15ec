"""The site as production serves it with granian, in processes of its own, and readers who request it all the time."""

import http.client
import os
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]


@contextmanager
def served(url: str, log: Path, workers: int = 1) -> Iterator[int]:
    """Serve a site on this database until the block ends; yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.endurance.served_settings",
        "BETTERMENT_ENV": "production",
        "SECRET_KEY": "only-for-a-test-" * 4,
        "SITE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_HOST": "post.example",
        "DATABASE_URL": url,
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    command += ["--workers-kill-timeout", "5", "betterment.wsgi:application"]
    with open(log, "wb") as out:
        server = subprocess.Popen(command, cwd=TREE, env=environment, stdout=out, stderr=out)
        try:
            until(lambda: answers(port), log)
            yield port
        finally:
            server.terminate()
            server.wait(30)


def answers(port: int) -> bool:
    try:
        return get(port, "/healthz")[0] == 200
    except OSError:
        return False


def until(comes: Callable[[], bool], log: Path, seconds: float = 120) -> None:
    """Call this again and again until it returns something true. Raise AssertionError with the server's log if it never
    does.
    """
    pause = threading.Event()
    for _ in range(int(seconds * 20)):
        if comes():
            return
        pause.wait(0.05)
    raise AssertionError(log.read_text()[-3000:])


def get(port: int, path: str) -> tuple[int, dict[str, str], str]:
    """Return the status, the headers by lower-case name, and the body.

    Raise OSError or HTTPException if the response is missing or incomplete.
    """
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        asked.request("GET", path)
        answer = asked.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    finally:
        asked.close()


class Readers:
    """Readers who request each of these paths again and again; `{}` in a path is replaced so that each URL is a new
    one.
    """

    def __init__(self, port: int, paths: list[str]) -> None:
        self.port, self.paths = port, paths
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.told_to_go = threading.Event()
        self.unclear: list[str] = []

    def __enter__(self) -> "Readers":
        self.threads = [threading.Thread(target=self._read, args=(path,), daemon=True) for path in self.paths]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.told_to_go.set()
        for thread in self.threads:
            thread.join(90)

    def _read(self, path: str) -> None:
        place = 0
        while not self.told_to_go.wait(0.01):
            place += 1
            try:
                status, headers, body = get(self.port, path.format(place))
            except (OSError, http.client.HTTPException) as error:
                self.unclear.append(f"{path}: {error!r}")
                continue
            self.statuses[path, status] += 1
            if status >= 500 and (why := self._unclear(status, headers, body)):
                self.unclear.append(f"{path}: {why}")

    @staticmethod
    def _unclear(status: int, headers: dict[str, str], body: str) -> str:
        if status != 503 or "retry-after" not in headers or "try again in a minute" not in body:
            return f"{status} {body[:300]}"
        told = [word for word in ("Traceback", "psycopg", "OperationalError", "SELECT ", "socket") if word in body]
        return f"a reader was told of {told}" if told else ""
