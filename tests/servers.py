"""A real HTTP server on this machine, for tests of outgoing requests."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import PROTOCOL_TLS_SERVER, SSLContext

from core.outgoing.client import Client


class Handler(BaseHTTPRequestHandler):
    """A request handler that responds as the test specifies for the path, otherwise with 404, and records requests."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.headers["Host"], self.path, dict(self.headers)))
        answer = self.server.paths.get(self.path, (404, {}, b""))
        try:
            if callable(answer):
                answer(self)
            else:
                say(self, *answer)
        except OSError:
            self.close_connection = True

    do_HEAD = do_GET

    def log_message(self, *args: object) -> None:
        pass


def say(handler: Handler, status: int, headers: dict[str, str], body: bytes) -> None:
    """Send one complete response."""
    handler.send_response(status)
    for name, value in ({"Content-Length": str(len(body))} | headers).items():
        handler.send_header(name, value)
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


class Server(ThreadingHTTPServer):
    """A server on a free port of this machine.

    `paths` maps a path to (status, headers, body), or to a function that is called with the handler. `asked` has
    (method, Host header, path, all headers) of each request. `over` is set when the server stops.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, str, dict]] = []
        self.paths: dict[str, tuple[int, dict, bytes] | Callable[[Handler], None]] = {}
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def url(self, path: str = "/", host: str = "server.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def client(self, **how: object) -> Client:
        """Return a client that resolves every host name to this server and is permitted to connect to it."""
        ports = {"http": self.port, "https": self.port}
        return Client(
            **{"resolve": lambda host, port: ["127.0.0.1"], "permits": lambda address: True, "ports": ports, **how}
        )

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def running(certificate: str = "") -> Iterator[Server]:
    """Return a context manager that runs a server during the block, with TLS if a `certificate` file is given."""
    server = Server()
    if certificate:
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
