"""Check the production server's responses: pages, a 304, compression, files and probes.

bin/smoke_production calls this.
"""

import gzip
import json
import re
import sys
import urllib.error
import urllib.request


class Client:
    """A client that sends requests with the headers that the reverse proxy would send."""

    def __init__(self, address: str, host: str) -> None:
        self.address = address
        self.headers = {"Host": host, "X-Forwarded-Proto": "https"}

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Request `path`; return the status, the headers by lower-case name, and the body.

        Keyword arguments are headers, such as `Accept_Encoding`. Raise URLError if there is no response.
        """
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        request = urllib.request.Request(self.address + path, headers=sent)
        try:
            answer = urllib.request.urlopen(request, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()


def check(client: Client) -> None:
    """Check pages, caching, compression, files, pictures and probes. Raise AssertionError at the first failure."""
    status, headers, home = client.get("/")
    assert status == 200, (status, home[:300])
    assert "set-cookie" not in headers and headers["strict-transport-security"], headers
    article = re.search(rb'href="(/articles/[^"/]+/)"', home)[1].decode()
    for _ in range(3):  # one more than there are workers
        status, headers, plain = client.get(f"{article}?utm_source=smoke")
        assert status == 200, status
    packed = client.get(article, Accept_Encoding="gzip")
    assert packed[1]["content-encoding"] == "gzip" and gzip.decompress(packed[2]) == plain, packed[1]
    assert client.get(article, Accept_Encoding="br")[1]["content-encoding"] == "br"
    assert client.get(article, If_None_Match=headers["etag"])[0] == 304
    assert any("hit" in client.get(article)[1].get("cache-status", "") for _ in range(5)), "nothing is kept"
    assert client.get("/articles/no-such-article/")[0] == 404
    assert client.get(article, Host="elsewhere.example")[0] == 400

    style = re.search(rb'href="(/static/css/base\.[0-9a-f]+\.css)"', home)[1].decode()
    status, headers, _ = client.get(style, Accept_Encoding="br")
    assert (status, headers["content-encoding"]) == (200, "br") and "immutable" in headers["cache-control"], headers
    picture = re.search(rb"(/media/pictures/[0-9a-f]+[^\"\s]*)", home + plain)[1].decode()
    status, headers, _ = client.get(picture)
    assert status == 200 and "sandbox" in headers["content-security-policy"], headers

    status, headers, body = client.get("/healthz")
    assert (status, json.loads(body)["status"]) == (200, "alive") and headers["cache-control"] == "no-store"
    status, _, body = client.get("/readyz")
    assert (status, json.loads(body)["status"]) == (200, "ready"), body


def check_gone(client: Client, path: str) -> None:
    """Raise AssertionError unless 40 requests, each on a new connection and so to any worker, all get 410."""
    found = [client.get(path)[0] for _ in range(40)]
    assert set(found) == {410}, found


if __name__ == "__main__":
    client = Client(*sys.argv[1:3])
    if len(sys.argv) > 3:
        check_gone(client, sys.argv[3])
    else:
        check(client)
