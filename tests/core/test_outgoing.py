"""The client for outgoing requests, against a real server: it asks only allowed hosts, and nobody can hold it up."""

import gzip
import ssl
import tracemalloc
from pathlib import Path

import pytest

from core.outgoing import client as outgoing
from core.outgoing.client import AddressRefused, Client, TooLarge, Unreachable
from tests.servers import running, say

CERTIFICATE = str(Path(__file__).parents[1] / "tls" / "server.pem")
PUBLIC = "93.184.215.14"


@pytest.fixture
def server():
    with running() as server:
        yield server


@pytest.fixture
def never_connects(monkeypatch):
    """Fail the test if a connection is even tried."""

    def connect(*args, **kwargs):
        raise AssertionError("a connection was made")

    monkeypatch.setattr("socket.socket.connect", connect)


def test_an_answer_comes_back_whole(server):
    server.paths["/page"] = 200, {"Content-Type": "text/html"}, b"<p>Sleep.</p>"
    answer = server.client().fetch(server.url("/page#part"))
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"<p>Sleep.</p>", "text/html")
    [(method, host, path, headers)] = server.asked
    assert (method, host, path) == ("GET", f"server.example:{server.port}", "/page")
    assert headers["User-Agent"] == "TheBettermentProject/1.0 (+http://127.0.0.1:8000)"


def test_an_error_of_the_host_is_an_answer(server):
    assert server.client().fetch(server.url("/nowhere")).status == 404


def test_a_head_request_reads_no_body(server):
    server.paths["/"] = 200, {"Content-Length": "999999999"}, b""
    answer = server.client().fetch(server.url(), method="HEAD")
    assert (answer.status, answer.body, server.asked[0][0]) == (200, b"", "HEAD")


def test_a_packed_answer_is_unpacked(server):
    server.paths["/"] = 200, {"Content-Encoding": "gzip"}, gzip.compress(b"words " * 1000)
    assert server.client().fetch(server.url()).body == b"words " * 1000


def test_redirects_are_followed_and_told(server):
    server.paths["/old"] = 301, {"Location": "/new place"}, b""
    server.paths["/new%20place"] = 200, {}, b"here"
    answer = server.client().fetch(server.url("/old"))
    assert (answer.body, answer.url) == (b"here", server.url("/new%20place"))
    assert answer.redirects == ((301, server.url("/new%20place")),)


def test_the_sixth_redirect_is_one_too_many(server):
    for step in range(7):
        server.paths[f"/{step}"] = 302, {"Location": f"/{step + 1}"}, b""
    with pytest.raises(Unreachable, match="more than 5 redirects"):
        server.client().fetch(server.url("/0"))
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "https://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/"),
        *(
            "http://0x7f.1/",
            "http://017700000001/",
            "http://0177.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
        ),
        *("http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://localhost/", "http://0/"),
        *("http://user@example.org/", "http://user:secret@example.org/", "//example.org/", "/page", "example.org"),
        *("ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "javascript:alert(1)", "", "http://"),
        *("http://example.org\r\nX: y/", "http://example.org /", "http://exa\\mple.org/", "http://127.0.0.1%2eorg/"),
        *("http://example.org:22/", "http://example.org:8080/", "https://example.org:6379/", "http://１２７.０.０.１/"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused(url, never_connects):
    client = Client(resolve=lambda host, port: [PUBLIC])
    with pytest.raises(AddressRefused):
        client.fetch(url)


@pytest.mark.parametrize(
    "found",
    [
        *(["127.0.0.1"], ["10.0.0.8"], ["169.254.169.254"], ["::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"]),
        *(["2002:7f00:1::"], ["0.0.0.0"], [PUBLIC, "127.0.0.1"], ["fe80::1%lo"]),
    ],
)
def test_a_name_that_leads_inside_is_refused(found, never_connects):
    with pytest.raises(AddressRefused, match="not a public address") as refused:
        Client(resolve=lambda host, port: found).fetch("https://innocent.example/page")
    assert "https://innocent.example/page" in str(refused.value) and found[-1] in str(refused.value)


def test_loopback_is_refused_by_the_client_as_it_goes_out(server, never_connects, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: [(2, 1, 6, "", ("127.0.0.1", 80))])
    with pytest.raises(AddressRefused, match="leads to 127.0.0.1"):
        outgoing.fetch("http://server.example/")


def test_a_redirect_to_loopback_is_refused(server):
    reach = {"server.example": "127.0.0.1", "inside.example": "127.0.0.2"}
    client = server.client(resolve=lambda host, port: [reach[host]], permits=lambda address: address == "127.0.0.1")
    for target in (
        "http://inside.example/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "file:///etc/passwd",
        "http://0x7f.1",
    ):
        server.paths["/"] = 302, {"Location": target}, b""
        with pytest.raises(AddressRefused):
            client.fetch(server.url())
    assert {path for _, _, path, _ in server.asked} == {"/"}


def test_a_name_is_looked_up_once_and_that_address_is_asked(server):
    """A name server that first returns a public address and then a private one is not asked a second time."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    server.paths["/"] = 200, {}, b"the first"
    client = server.client(resolve=lambda host, port: next(answers), permits=lambda address: address == "127.0.0.1")
    assert client.fetch(server.url()).body == b"the first"
    assert next(answers) == ["127.0.0.2"]


def test_the_next_address_is_asked_where_the_first_does_not_listen(server):
    server.paths["/"] = 200, {}, b"here"
    client = server.client(resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    assert client.fetch(server.url()).body == b"here"


def test_a_name_that_nobody_knows_is_told():
    def resolve(host, port):
        raise OSError("Name or service not known")

    with pytest.raises(Unreachable, match="the name server.example could not be looked up"):
        Client(resolve=resolve).fetch("https://server.example/")


def test_a_host_that_does_not_listen_is_told(server):
    port = server.port
    server.shutdown()
    server.server_close()
    with pytest.raises(Unreachable, match="no connection"):
        server.client(ports={"http": port}).fetch(f"http://server.example:{port}/")


def test_a_server_that_never_answers_is_given_up(server):
    server.paths["/"] = lambda handler: server.over.wait(20)
    with pytest.raises(Unreachable, match="no answer in time"):
        server.client(read_seconds=0.2).fetch(server.url())


def drip(first: bytes):
    """Send this, and then one byte every now and then, for ever."""

    def answer(handler):
        handler.wfile.write(first)
        while not handler.server.over.wait(0.02):
            handler.wfile.write(b"x")

    return answer


@pytest.mark.parametrize(
    "first",
    [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n"],
    ids=["headers", "a body that ends with the connection", "a body of a known length"],
)
def test_a_server_that_sends_a_byte_now_and_then_is_cut_off(server, first):
    server.paths["/"] = drip(first)
    with pytest.raises(Unreachable, match="within 0.4 seconds"):
        server.client(read_seconds=5, total_seconds=0.4).fetch(server.url())


def test_an_answer_that_is_too_large_is_refused(server):
    server.paths["/"] = 200, {}, b"x" * 200_000
    with pytest.raises(TooLarge, match="larger than 100,000 bytes"):
        server.client().fetch(server.url(), most_bytes=100_000)
    assert len(server.client().fetch(server.url(), most_bytes=200_000).body) == 200_000


def test_a_bomb_is_noticed_before_it_is_unpacked(server):
    bomb = gzip.compress(bytes(200 * 1024 * 1024), 9)
    server.paths["/"] = 200, {"Content-Encoding": "gzip"}, bomb
    tracemalloc.start()
    with pytest.raises(TooLarge):
        server.client().fetch(server.url(), most_bytes=1024 * 1024)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * 1024 * 1024


def test_the_beginning_of_a_long_answer_can_be_had(server):
    server.paths["/"] = 200, {}, b"<title>A</title>" + b"x" * 500_000
    answer = server.client().fetch(server.url(), most_bytes=1000, cut=True)
    assert len(answer.body) == 1000 and answer.body.startswith(b"<title>A</title>")


@pytest.mark.parametrize("packed", ["br", "gzip, gzip", "deflate"])
def test_an_encoding_that_was_not_asked_for_is_refused(server, packed):
    server.paths["/"] = 200, {"Content-Encoding": packed}, b"?"
    with pytest.raises(Unreachable, match="encoding"):
        server.client().fetch(server.url())


@pytest.mark.parametrize("body", [b"no gzip at all", gzip.compress(b"words" * 999, mtime=0)[:-20]], ids=["none", "cut"])
def test_a_damaged_package_is_told(server, body):
    server.paths["/"] = 200, {"Content-Encoding": "gzip"}, body
    with pytest.raises(Unreachable, match="broke off"):
        server.client().fetch(server.url())


def test_an_answer_that_breaks_off_is_told(server):
    def half(handler):
        say(handler, 200, {"Content-Length": "1000"}, b"half")
        handler.close_connection = True

    server.paths["/"] = half
    with pytest.raises(Unreachable, match="broke off"):
        server.client().fetch(server.url())


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=CERTIFICATE)


def test_the_certificate_is_checked_against_the_name_and_not_the_address():
    with running(CERTIFICATE) as server:
        server.paths["/"] = 200, {}, b"in private"
        url = server.url(scheme="https")
        assert server.client(tls=trusting).fetch(url).body == b"in private"
        with pytest.raises(Unreachable, match="certificate is not valid"):
            server.client(tls=trusting).fetch(server.url(scheme="https", host="other.example"))
        with pytest.raises(Unreachable, match="certificate is not valid"):
            server.client().fetch(url)


def test_a_handshake_that_never_ends_is_cut_off(server):
    with pytest.raises(Unreachable):
        server.client(read_seconds=5, total_seconds=0.4).fetch(server.url(scheme="https"))
