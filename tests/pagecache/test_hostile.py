"""Whatever somebody sends, before or after, the next reader gets the page that they would have got without it."""

import pytest

from tests.cached_worker import HOST, Answer, Worker

pytestmark = pytest.mark.django_db  # Django looks after its connections at the start of a request

# What readers request, as browsers do.
CANONICAL = [
    ("GET", "/echo/", {}),
    ("GET", "/echo/", {"accept_encoding": "gzip, deflate, br, zstd"}),
    ("GET", "/echo/", {"accept_encoding": "gzip"}),
    ("HEAD", "/echo/", {}),
    ("GET", "/echo/?page=2", {}),
    ("GET", "/echo/", {"x_forwarded_proto": "https"}),
    ("GET", "/echo/", {"host": f"www.{HOST}"}),
    ("GET", "/gone/", {}),
    ("GET", "/undeclared/", {}),
]
HEADERS = {
    "hosts": [
        *(
            {"host": host}
            for host in ("evil.example", f"{HOST}.evil.example", f"evil.{HOST}", f"{HOST}:80", f"{HOST}:4711")
        ),
        *(
            {"host": host}
            for host in (HOST.upper(), f"{HOST}.", f"{HOST}@evil.example", f"evil.example@{HOST}", "", " ")
        ),
        *(
            {"host": host}
            for host in ("[::1]", "127.0.0.1", f"{HOST}, evil.example", f"{HOST}/evil", f"{HOST}#", "x" * 5000)
        ),
        {"x_forwarded_host": "evil.example"},
        {"x_host": "evil.example", "x_forwarded_server": "evil.example"},
        {"forwarded": "host=evil.example;proto=https"},
    ],
    "proxies": [
        *(
            {"x_forwarded_proto": value}
            for value in ("HTTPS", "https, http", "http, https", "ftp", "", "https\t", "on")
        ),
        {"x_forwarded_scheme": "https", "x_forwarded_ssl": "on", "front_end_https": "on"},
        {"x_forwarded_port": "4711", "x_forwarded_prefix": "/evil", "x_script_name": "/evil"},
        {"x_forwarded_for": "192.0.2.1, 127.0.0.1", "x_real_ip": "127.0.0.1", "client_ip": "127.0.0.1"},
        {"x_original_url": "/private/", "x_rewrite_url": "/private/"},
        {"x_http_method_override": "POST", "x_http_method": "DELETE", "x_method_override": "PUT"},
    ],
    "encodings": [
        *(
            {"accept_encoding": value}
            for value in ("identity;q=0", "*;q=0", "gzip;q=0, br;q=0, identity;q=0", "br;q=0.001")
        ),
        *(
            {"accept_encoding": value}
            for value in ("gzip;q=2", "gzip;q=", ";;,,", "compress, zstd", "GZIP", "x-gzip", "\x00")
        ),
        *({"accept_encoding": value} for value in ("gzip\r\nX-Evil: 1", "gzip," * 2000, "br;q=1;q=0", "*", "identity")),
    ],
    "ranges": [
        *(
            {"range": value}
            for value in ("bytes=0-9", "bytes=-1", "bytes=9-0", "bytes=0-,0-,0-,0-", "lines=1-2", "bytes=")
        ),
        {"range": "bytes=0-9", "if_range": '"x"'},
    ],
    "conditions": [
        *(
            {"if_none_match": value}
            for value in ("*", '"x"', 'W/"x"', '"x", W/"y", "z"', "x", '"', 'W/"', ",,,", '"x' * 3000)
        ),
        {"if_match": "*"},
        {"if_match": '"x"'},
        *({"if_modified_since": value} for value in ("Wed, 25 Nov 2099 10:00:00 GMT", "never", "0")),
        {"if_unmodified_since": "Wed, 25 Nov 1999 10:00:00 GMT"},
    ],
    "people": [
        {"cookie": "__Host-session=somebody; sessionid=else; csrftoken=x"},
        {"cookie": "_ga=GA1.2.3; _fbp=x; " + "x" * 9000},
        {"cookie": "messages=evil; \x00=;;;="},
        {"authorization": "Basic eDp5"},
        {"authorization": "Bearer x", "proxy_authorization": "Basic eDp5"},
        {"x_private": "1"},
        {
            "accept_language": "de",
            "accept": "application/json",
            "user_agent": "x",
            "x_requested_with": "XMLHttpRequest",
        },
        {"origin": "https://evil.example", "referer": "https://evil.example/"},
    ],
    "caches": [
        *({"cache_control": value} for value in ("no-cache", "no-store", "max-age=0", "only-if-cached", "private")),
        {"pragma": "no-cache", "expires": "0"},
        {"vary": "*", "surrogate_control": "no-store", "cdn_cache_control": "no-store"},
        {"connection": "close, HTTP_HOST", "te": "trailers", "upgrade": "websocket", "expect": "100-continue"},
    ],
}
PATHS = [
    *(
        "//echo/",
        "/echo//",
        "/./echo/",
        "/x/../echo/",
        "/echo/.",
        "/echo/..",
        "/%65cho/",
        "/echo%2f",
        "/echo/%2e%2e/gone/",
    ),
    *("/echo/;x=1", "/echo;/", "/echo/\x00", "/ECHO/", "/echo", "/echo/ ", "\\echo\\", "/echo/#x", "/" + "x" * 9000),
    *("/echo/\xe2\x80\xa8", "/echo/\xff", "http://evil.example/echo/", "", "*", "/echo/\r\nX-Evil: 1"),
]
QUERIES = [
    *(
        "page=2&page=3",
        "page=3&page=2",
        "page[]=9",
        "page=9;page=2",
        "%70age=9",
        "Page=9",
        "page=9%00",
        "page=\xff",
        "page",
    ),
    *(
        "utm_source=evil",
        "fbclid=" + "x" * 8000,
        "&".join(["a=b"] * 2000),
        "page=" + "x" * 9000,
        "x" * 20000,
        "&&&=&",
        "?",
    ),
    *(
        "page=9#",
        "page=%0d%0aX-Evil:1",
        "page=<script>",
        "_method=POST",
        "callback=evil",
        "page=%u0032",
        "page=9&%00=1",
    ),
]
METHODS = [
    *(
        "POST",
        "PUT",
        "DELETE",
        "PATCH",
        "OPTIONS",
        "TRACE",
        "CONNECT",
        "get",
        "Head",
        "PURGE",
        "BAN",
        "PROPFIND",
        "",
        "\x00",
    ),
]
HOSTILE = [
    *(("GET", "/echo/", headers) for group in HEADERS.values() for headers in group),
    *(("HEAD", "/echo/", headers) for headers in HEADERS["encodings"][:4] + HEADERS["conditions"][:4]),
    *(("GET", path, {}) for path in PATHS),
    *(("GET", f"/echo/?{query}", {}) for query in QUERIES),
    *(("GET", f"/undeclared/?{query}", {}) for query in QUERIES[:8]),
    *((method, "/echo/", {}) for method in METHODS),
    ("GET", "/echo/", {"content_length": "5", "transfer_encoding": "chunked"}),
    ("HEAD", "/echo/?page=2", {"cookie": "sessionid=x", "range": "bytes=0-1"}),
    ("GET", "/gone/", {"if_none_match": "*"}),
]


def sent(answer: Answer) -> tuple:
    """Return what a reader gets, without the header that says whether it came from memory."""
    return answer.status, {k: v for k, v in answer.headers.items() if k != "Cache-Status"}, answer.body


def read(worker: Worker) -> list[tuple]:
    return [sent(worker.ask(method, path, **headers)) for method, path, headers in CANONICAL]


@pytest.fixture
def behind_a_proxy(settings, site):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def test_no_request_changes_what_the_next_reader_gets(behind_a_proxy, start):
    first, warm = read(start()), start()
    assert read(warm) == first
    assert len({str(answer) for answer in first}) == len(CANONICAL)
    changed = []
    for method, path, headers in HOSTILE:
        cold = start()
        for worker in (warm, cold):
            worker.ask(method, path, **headers)
            if read(worker) != first or read(worker) != first:
                changed.append((method, path[:60], str(headers)[:200], "warm" if worker is warm else "cold"))
    assert changed == []
    assert len(HOSTILE) > 130


def test_no_request_for_another_reader_fills_the_memory(behind_a_proxy, start):
    """Only a declared parameter, a host of the site and its scheme make an entry of their own."""
    worker = start()
    read(worker)
    pages = len(worker.cache._pages)
    for method, path, headers in HOSTILE:
        if "page" not in path:
            worker.ask(method, path, **headers)
    assert len(worker.cache._pages) <= pages + 1  # the site's name with the port of the server
