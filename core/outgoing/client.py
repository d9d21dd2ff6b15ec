"""The only HTTP client for requests to other hosts, protected against server-side request forgery.

It accepts only http and https on ports 80 and 443. It resolves the host name once and requires every address to be
public; the connection goes to one of these addresses, with the host's name in SNI, certificate check and Host header.
Each redirect is checked in the same way. The size and the duration of a response are limited.
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

from core.house.memory import house
from core.html import clean_link
from core.outgoing.deadlines import Deadline, HttpConnection, HttpsConnection
from core.outgoing.public_addresses import is_public

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 5.0, 10.0, 30.0
MAX_BYTES = 5 * 1024 * 1024
MAX_REDIRECTS = 5
MAX_ADDRESSES = 3
_CHUNK = 64 * 1024
_MOVED = {301, 302, 303, 307, 308}
_PORTS = {"http": 80, "https": 443}


class OutgoingError(Exception):
    """The base class of this module's exceptions. The message names the URL and the reason."""


class AddressRefused(OutgoingError):
    """Raised for a forbidden URL: not http or https, another port, user information, or a host that is not public."""


class Unreachable(OutgoingError):
    """Raised if there is no usable response.

    Reasons are an unknown host, no connection, an invalid certificate, a timeout, too many redirects, an unsupported
    Content-Encoding and an incomplete response.
    """


class NoSuchHost(Unreachable):
    """Raised when the host name cannot be resolved: it does not exist, or this machine has no network."""


class TooLarge(OutgoingError):
    """Raised if a response is larger than the limit, compressed or decompressed."""


@dataclass(frozen=True)
class Answer:
    """The response of a host, with any status."""

    status: int
    headers: Mapping[str, str]  # case-insensitive
    body: bytes
    url: str  # after redirects
    redirects: tuple[tuple[int, str], ...] = ()  # the status and the target of each


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host in the order of the system resolver. Raise OSError if there are none.

    The time that this takes is limited only by the system resolver.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Client:
    """An HTTP client. Tests pass their own resolver, address check, ports and certificates.

    `resolve` returns the IP addresses of a host and port, and `permits` whether an address may be contacted. `ports`
    are the allowed ports, by scheme, and `tls` makes the TLS context. `read_seconds` limits each wait for data, and
    `total_seconds` a whole request with its redirects.
    """

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
        most_bytes: int = MAX_BYTES,
        cut: bool = False,
    ) -> Answer:
        """Request `url`, follow up to MAX_REDIRECTS redirects, all within `total_seconds`, and return the response.

        `most_bytes` limits the body, both compressed and decompressed. A longer body is truncated if `cut` is true, and
        raises TooLarge otherwise. A response with an error status such as 404 is returned. Raise AddressRefused for a
        forbidden URL or redirect, and Unreachable if there is no usable response.
        """
        sent = {"Accept": "*/*", **(headers or {}), "User-Agent": user_agent(), "Accept-Encoding": "gzip"}
        redirects: list[tuple[int, str]] = []
        with Deadline(self.total_seconds) as deadline:
            while True:
                status, got, body = self._ask(url, method, sent, most_bytes, cut, deadline)
                if status not in _MOVED or not got.get("Location"):
                    return Answer(status, got, body, url, tuple(redirects))
                if len(redirects) == MAX_REDIRECTS:
                    raise Unreachable(f"{_shown(url)}: more than {MAX_REDIRECTS} redirects in a row.")
                url = _target(url, got["Location"])
                redirects.append((status, url))

    def _ask(
        self, url: str, method: str, headers: Mapping[str, str], most_bytes: int, cut: bool, deadline: Deadline
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Make one request and return the status, headers and body.

        Raise AddressRefused for a forbidden URL, TooLarge for too long a body, and Unreachable without a usable
        response.
        """
        scheme, host, port, path = self._parts(url)
        shown = _shown(url)
        problem = "no address answered"
        for address in self._addresses(shown, host, port)[:MAX_ADDRESSES]:
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
                        if (
                            not deadline.is_over
                        ):  # a body that ends with the connection looks complete when it is truncated
                            return response.status, response.headers, body
                        raise urllib3.exceptions.ProtocolError("cut")
                    finally:
                        response.close()
            except (HTTPError, OSError, zlib.error) as error:
                if deadline.is_over:
                    raise Unreachable(f"{shown}: no complete answer within {self.total_seconds:g} seconds.") from error
                problem = _reason(error)
                if not isinstance(
                    error, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError
                ):
                    break  # the host was reached: do not send it the same request again
        raise Unreachable(f"{shown}: {problem}.")

    def _parts(self, url: str) -> tuple[str, str, int, str]:
        """Return scheme, host, port and path of a permitted URL. Raise AddressRefused for any other."""
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
            raise AddressRefused(f"{_shown(url)}: port {port} is not allowed; only 80 and 443 are.")
        return scheme, host, port, parsed.request_uri

    def _addresses(self, shown: str, host: str, port: int) -> list[str]:
        """Resolve the host and return its addresses.

        Raise NoSuchHost if the name cannot be resolved, and AddressRefused if one of the addresses is not public.
        """
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
        """Return a connection pool for this IP address that uses the host's name for TLS."""
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


# The client for hosts on the public internet.
fetch = Client().fetch


def user_agent() -> str:
    """Return the User-Agent header: the name of the site, reduced to ASCII letters and digits, and its URL.

    A product token must not contain other letters or spaces (RFC 9110, 5.6.2).
    """
    token = "".join(letter for letter in house().name if letter.isascii() and letter.isalnum()) or "Publication"
    return f"{token}/1.0 (+{settings.SITE_URL})"


def _shown(url: str) -> str:
    return "".join(letter for letter in url[:200] if letter.isprintable())


def _target(url: str, location: str) -> str:
    """Return the absolute URL of a redirect. Raise AddressRefused for an invalid one.

    Servers send spaces and UTF-8 in Location, which http.client decodes as Latin-1.
    """
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(url, location.strip().replace(" ", "%20")).partition("#")[0]
    except ValueError as error:
        raise AddressRefused(f"{_shown(url)}: redirects to an invalid address.") from error


def _body(response: urllib3.BaseHTTPResponse, most_bytes: int, cut: bool, shown: str) -> bytes:
    """Return the body, decompressed in pieces, so that a decompression bomb cannot fill the memory.

    Raise TooLarge for more than `most_bytes` (unless `cut`), and Unreachable for an unsupported or truncated encoding.
    """
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


def _reason(error: Exception) -> str:
    """Return the reason for a failed request in a few words, without any IP address of this machine."""
    if isinstance(error, urllib3.exceptions.SSLError | ssl.SSLError):
        return "its certificate is not valid"
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "no connection"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "no answer in time"
    return "the answer broke off or cannot be read"
