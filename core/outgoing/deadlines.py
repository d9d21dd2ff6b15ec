"""A deadline for a whole exchange with another host, even if that host sends very slowly.

The timeout of a socket starts again with each byte, so a host that sends a byte now and then could keep a reader
waiting for hours. A deadline shuts down the connection itself, whether during the handshake, the headers or the body.
"""

import contextlib
import os
import socket
import threading
from types import TracebackType
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection


class Deadline:
    """A context manager that shuts down the watched sockets after this number of seconds. It raises nothing itself.

    After the deadline, code that reads from such a socket finds the connection closed, and `is_over` is true.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for watched in self._watched:
                watched.close()
            self._watched.clear()

    def watch(self, connected: socket.socket) -> None:
        """Shut this connection down at the deadline. The socket is duplicated, because TLS detaches the original."""
        with self._lock:
            copy = socket.socket(fileno=os.dup(connected.fileno()))
            self._watched.append(copy)
            if self.is_over:
                _cut(copy)

    def _end(self) -> None:
        with self._lock:
            self.is_over = True
            for watched in self._watched:
                _cut(watched)


def _cut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other side has already closed the connection
        connection.shutdown(socket.SHUT_RDWR)


class HttpConnection(HTTPConnection):
    """urllib3's HTTPConnection, watched by a deadline as soon as it is connected."""

    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        self._deadline.watch(connected)
        return connected


class HttpsConnection(HTTPSConnection):
    """urllib3's HTTPSConnection, watched by a deadline before the TLS handshake begins."""

    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        self._deadline.watch(connected)
        return connected
