"""An end to a whole exchange with another host, however slowly it speaks.

The timeout of a socket begins anew with each byte, so a host that sends one byte now and then can hold a reader for
hours. Here the connection itself is cut when the time is up: handshake, headers and body alike.
"""

import contextlib
import os
import socket
import threading
from types import TracebackType

from urllib3.connection import HTTPConnection, HTTPSConnection


class Deadline:
    """A context within which watched sockets are shut down after that many seconds. Raises nothing by itself.

    Whoever reads finds the connection closed, and `is_over` says why.
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
        """Cut this connection, too, when the time is up. A copy is kept: TLS takes the socket's own number away."""
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
    with contextlib.suppress(OSError):  # the other side has gone already
        connection.shutdown(socket.SHUT_RDWR)


class HttpConnection(HTTPConnection):
    """urllib3's, watched by a deadline from the moment it is connected."""

    def __init__(self, *args: object, deadline: Deadline, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        self._deadline.watch(connected)
        return connected


class HttpsConnection(HTTPSConnection):
    """urllib3's, watched by a deadline before the handshake begins."""

    def __init__(self, *args: object, deadline: Deadline, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        self._deadline.watch(connected)
        return connected
