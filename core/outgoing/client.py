"""The one client for every request that leaves this house.

Nobody outside gets to choose whom we speak to: only http and https on ports 80 and 443, to a host whose name is
looked up once and whose every address is public; the connection goes to that very address, under the host's name
(SNI, certificate, Host). Each redirect is checked anew. Sizes and times have limits, so that no answer can hold us up.
"""

import contextlib
import socket
import ssl
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urljoin

import urllib3
from django.conf import settings
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Timeout, parse_url

from core.html import clean_link
from core.outgoing.deadlines import Deadline, HttpConnection, HttpsConnection
from core.outgoing.public_addresses import is_public

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 5.0, 10.0, 30.0
MOST_BYTES = 5 * 1024 * 1024
MOST_REDIRECTS = 5
MOST_ADDRESSES = 3
_CHUNK = 64 * 1024
_MOVED = {301, 302, 303, 307, 308}
_PORTS = {"http": 80, "https": 443}


class OutgoingError(Exception):
    """What the three ways to fail have in common. The message names the address and what happened."""


class AddressRefused(OutgoingError):
    """Raised where we may not ask: not http(s), another port, a user in the address, a host that is not public."""


class Unreachable(OutgoingError):
    """Raised where no answer came: no such name, no connection, no certificate, too slow, broken off, unreadable."""


class NoSuchHost(Unreachable):
    """Raised where the host's name could not be looked up: there is none, or there is no network here."""


class TooLarge(OutgoingError):
    """Raised where an answer holds more than was allowed for, as it came or once unpacked."""


@dataclass(frozen=True)
class Answer:
    """What a host answered: also a refusal or an error of its own, which `status` tells."""

    status: int
    headers: Mapping[str, str]  # looked up without regard to case
    body: bytes
    url: str  # where it came from, after redirects
    redirects: tuple[tuple[int, str], ...] = ()  # each status with the address it led to


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in figures, in the system's order. Raises OSError where there are none.

    How long this takes is the system resolver's own limit.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Client:
    """How requests go out. Tests hand in a resolver, an allow-check, ports and certificates of their own."""

    resolve: Callable[[str, int], Sequence[str]] = resolve
    permits: Callable[[str], bool] = is_public
    ports: Mapping[str, int] = field(default_factory=lambda: dict(_PORTS))
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    read_seconds: float = READ_SECONDS
    total_seconds: float = TOTAL_SECONDS

    def fetch(
        self,
        url: str,
        *,
        method: Literal["GET", "HEAD"] = "GET",
        headers: Mapping[str, str] | None = None,
        most_bytes: int = MOST_BYTES,
        cut: bool = False,
    ) -> Answer:
        """Ask `url` and follow at most five redirects, all within `total_seconds`.

        `most_bytes` bounds the body, packed and unpacked; `cut` keeps that much of a longer one instead of raising.
        Raises AddressRefused, Unreachable or TooLarge. An answer such as 404 is an answer and is returned.
        """
        sent = {"Accept": "*/*", **(headers or {}), "User-Agent": user_agent(), "Accept-Encoding": "gzip"}
        redirects: list[tuple[int, str]] = []
        with Deadline(self.total_seconds) as deadline:
            while True:
                status, got, body = self._ask(url, method, sent, most_bytes, cut, deadline)
                if status not in _MOVED or not got.get("Location"):
                    return Answer(status, got, body, url, tuple(redirects))
                if len(redirects) == MOST_REDIRECTS:
                    raise Unreachable(f"{_shown(url)}: more than {MOST_REDIRECTS} redirects, one after another.")
                url = _target(url, got["Location"])
                redirects.append((status, url))

    def _ask(
        self, url: str, method: str, headers: Mapping[str, str], most_bytes: int, cut: bool, deadline: Deadline
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One request to one address. Raises as `fetch`."""
        scheme, host, port, path = self._parts(url)
        shown = _shown(url)
        trouble = "no address answered"
        for address in self._addresses(shown, host, port)[:MOST_ADDRESSES]:
            try:
                with self._pool(scheme, address, host, port, deadline) as pool:
                    response = pool.urlopen(
                        method,
                        path,
                        headers={**headers, "Host": host if port == _PORTS[scheme] else f"{host}:{port}"},
                        redirect=False,
                        retries=False,
                        preload_content=False,
                        decode_content=False,
                    )
                    try:
                        moved = response.status in _MOVED
                        body = b"" if moved or method == "HEAD" else _body(response, most_bytes, cut, shown)
                        if not deadline.is_over:  # a body that ends with the connection looks whole when it is cut
                            return response.status, response.headers, body
                        raise urllib3.exceptions.ProtocolError("cut")
                    finally:
                        response.close()
            except (HTTPError, OSError, zlib.error) as error:
                if deadline.is_over:
                    raise Unreachable(f"{shown}: no whole answer within {self.total_seconds:g} seconds.") from error
                trouble = _why(error)
                if not isinstance(
                    error, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError
                ):
                    break  # it was there: another of its addresses would be asked the same thing twice
        raise Unreachable(f"{shown}: {trouble}.")

    def _parts(self, url: str) -> tuple[str, str, int, str]:
        """Scheme, host, port and path of an address that we may ask. Raises AddressRefused for any other."""
        cleaned = clean_link(url)
        if cleaned is None or not cleaned.startswith(("http://", "https://")):
            raise AddressRefused(f"{_shown(url)}: not a public http or https address.")
        try:
            parsed = parse_url(cleaned)
        except LocationParseError as error:
            raise AddressRefused(f"{_shown(url)}: not a public http or https address.") from error
        scheme, host = str(parsed.scheme), str(parsed.host)
        port = parsed.port or _PORTS[scheme]
        if port not in self.ports.values():
            raise AddressRefused(f"{_shown(url)}: port {port} is not asked; only 80 and 443 are.")
        return scheme, host, port, parsed.request_uri

    def _addresses(self, shown: str, host: str, port: int) -> list[str]:
        """The host's addresses, looked up once. Raises AddressRefused where any of them is not public."""
        try:
            addresses = list(self.resolve(host, port))
        except (OSError, UnicodeError) as error:
            raise NoSuchHost(f"{shown}: the name {host} could not be looked up.") from error
        if not addresses:
            raise NoSuchHost(f"{shown}: the name {host} could not be looked up.")
        for address in addresses:
            if not self.permits(address):
                raise AddressRefused(f"{shown}: {host} leads to {address}, which is not a public address.")
        return addresses

    def _pool(self, scheme: str, address: str, host: str, port: int, deadline: Deadline) -> urllib3.HTTPConnectionPool:
        """Connections to that very address, under the host's name."""
        timeout = Timeout(connect=CONNECT_SECONDS, read=self.read_seconds)
        if scheme == "http":
            pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout, retries=False, deadline=deadline)
            pool.ConnectionCls = HttpConnection
            return pool
        pool = urllib3.HTTPSConnectionPool(
            address,
            port,
            timeout=timeout,
            retries=False,
            ssl_context=self.tls(),
            cert_reqs="CERT_REQUIRED",
            server_hostname=host,
            assert_hostname=host,
            deadline=deadline,
        )
        pool.ConnectionCls = HttpsConnection
        return pool


# Asks an address on the public internet, in earnest.
fetch = Client().fetch


def user_agent() -> str:
    """Who we say we are, with the address where we can be found."""
    return f"{settings.SITE_NAME.replace(' ', '')}/1.0 (+{settings.SITE_URL})"


def _shown(url: str) -> str:
    return "".join(letter for letter in url[:200] if letter.isprintable())


def _target(url: str, location: str) -> str:
    """The absolute address of a redirect. Servers send blanks and UTF-8 in it, which http.client reads as Latin-1."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(url, location.strip().replace(" ", "%20")).partition("#")[0]
    except ValueError as error:
        raise AddressRefused(f"{_shown(url)}: redirects to what is no address.") from error


def _body(response: urllib3.BaseHTTPResponse, most_bytes: int, cut: bool, shown: str) -> bytes:
    """The body, unpacked piece by piece, so that a bomb is noticed before it is in memory. Raises as `fetch`."""
    packed = response.headers.get("Content-Encoding", "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip"):
        raise Unreachable(f"{shown}: answered in an encoding that was not asked for ({_shown(packed)}).")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16) if packed.endswith("gzip") else None
    body, read = bytearray(), 0
    while chunk := response.read1(_CHUNK):
        read += len(chunk)
        body += unpacker.decompress(chunk, most_bytes + 1 - len(body)) if unpacker else chunk
        if max(read, len(body)) > most_bytes:
            if cut:
                return bytes(body[:most_bytes])
            raise TooLarge(f"{shown}: the answer is larger than {most_bytes:,} bytes.")
    if unpacker and read and not unpacker.eof:
        raise Unreachable(f"{shown}: the answer broke off.")
    return bytes(body)


def _why(error: Exception) -> str:
    """What went wrong, in a few words that name no address of ours."""
    if isinstance(error, urllib3.exceptions.SSLError | ssl.SSLError):
        return "its certificate does not hold"
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "no connection"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "no answer in time"
    return "the answer broke off or cannot be read"
