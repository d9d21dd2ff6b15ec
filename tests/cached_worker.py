"""A server process for tests: a page cache in front of the real Django, with a clock that the test controls."""

import io
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection

from core.db import site_version
from core.db.site_version import SiteVersion
from pagecache.cache import Application, PageCache
from pagecache.poll import VersionPoll

HOST = "betterment.example"


@dataclass
class Answer:
    """A response as the server would have sent it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def was_kept(self) -> bool:
        """Return whether the response came from the page cache."""
        return self.headers.get("Cache-Status", "").startswith("PageCache; hit")

    @property
    def text(self) -> str:
        return self.body.decode()


class Worker:
    """A process of the server with its own page cache.

    `steady` is its clock in seconds, which only `later` advances. `rendered` counts the requests that reached Django.
    """

    def __init__(
        self,
        application: Application | None = None,
        read: Callable[[datetime], SiteVersion] = site_version.read,
        limit: int = 8_000_000,
    ) -> None:
        self.steady, self.rendered = 0.0, 0
        self.django = application or WSGIHandler()
        poll = VersionPoll(read, steady=lambda: self.steady, now=time.time)
        self.cache = PageCache(self._counted, limit, poll)

    def get(self, path: str, **headers: str) -> Answer:
        """Send a GET request and return the response.

        Headers are named as in WSGI, without HTTP_ and in lower case: `accept_encoding="gzip"`.
        """
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            **({"CONTENT_LENGTH": str(len(body))} if body else {}),
            **{f"HTTP_{name.upper()}": value for name, value in {"host": HOST, **headers}.items()},
        }
        began: list[tuple] = []
        with _the_tests_connection():
            chunks: Iterable[bytes] = self.cache(environ, lambda *what: began.append(what))
            answer = b"".join(chunks)
            getattr(chunks, "close", lambda: None)()
        status, sent = began[0][:2]
        return Answer(int(status[:3]), dict(sent), answer)

    def later(self, seconds: float = 1.0) -> None:
        """Advance the worker's clock."""
        self.steady += seconds

    def overtake(self, query: str, change: Callable[[], object]) -> None:
        """Change the site while the next response to `query` renders, and let another request notice the change."""
        django = self.django

        def overtaken(environ: dict, start_response: Callable) -> Iterable[bytes]:
            answer = django(environ, start_response)
            if environ["QUERY_STRING"] == query:
                self.django = django
                change()
                self.later()
                self.get("/gone/")
            return answer

        self.django = overtaken

    def _counted(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        self.rendered += 1
        return self.django(environ, start_response)


def transaction_ends() -> None:
    """Make the triggers treat the next change as that of another transaction.

    On PostgreSQL they record only one change per transaction, and a test is a single transaction.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('betterment.recorded', '', true)")


@contextmanager
def _the_tests_connection() -> Iterator[None]:
    """Return a context manager in which requests do not close the connection with the test's open transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
