"""The page cache: which answers it keeps, and for whom."""

import pytest

from tests.cached_worker import HOST

pytestmark = pytest.mark.django_db  # Django looks after its connections at the start of a request


def test_a_public_page_is_rendered_once_and_is_the_same_from_memory(worker):
    first, second = worker.get("/page/"), worker.get("/page/")
    assert worker.rendered == 1
    assert not first.was_kept and second.was_kept
    assert first.body == second.body
    own = {"Cache-Status"}
    assert {k: v for k, v in first.headers.items() if k not in own} == {
        k: v for k, v in second.headers.items() if k not in own
    }


def test_what_is_kept_has_every_header_of_safety(worker):
    worker.get("/page/")
    kept = worker.get("/page/").headers
    assert kept["Content-Security-Policy"].startswith("default-src 'none'")
    assert kept["X-Content-Type-Options"] == "nosniff" and kept["X-Frame-Options"] == "DENY"
    assert kept["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600"
    assert kept["Vary"] == "Accept-Encoding" and "Set-Cookie" not in kept


@pytest.mark.parametrize(
    "address", ["/private/", "/missing/", "/streamed/", "/moved/", "/cookie/", "/session/", "/no/"]
)
def test_what_is_not_for_everyone_or_not_whole_is_never_kept(worker, address):
    answers = [worker.get(address) for _ in range(3)]
    assert worker.rendered == 3 and len(worker.cache._pages) == 0
    assert not any(answer.was_kept for answer in answers)


@pytest.mark.parametrize(
    "header",
    [
        "Vary:Cookie",
        "Vary:Accept-Encoding, Cookie",
        "Vary:cookie",
        "Vary:*",
        "Vary:Accept-Language",
        "Set-Cookie:a=b",
        "Cache-Control:private",
        "Cache-Control:no-store",
        "Cache-Control:public, no-store",
        "Content-Encoding:gzip",
        "Content-Range:bytes 0-1/2",
    ],
)
def test_a_header_that_ties_the_answer_to_a_reader_keeps_it_out(worker, header):
    for _ in range(2):
        answer = worker.get(f"/marked/?header={header}")
        assert answer.status == 200 and not answer.was_kept
    assert worker.rendered == 2 and len(worker.cache._pages) == 0


def test_a_header_that_says_nothing_of_the_reader_does_not_keep_it_out(worker):
    for is_kept in (False, True):
        assert worker.get("/marked/?header=X-Said:hello").was_kept is is_kept


def test_a_withdrawn_page_is_kept_with_its_status(worker):
    worker.get("/gone/")
    again = worker.get("/gone/")
    assert again.was_kept and again.status == 410 and again.text == "withdrawn"


@pytest.mark.parametrize("query", ["utm_source=letter", "fbclid=1&gclid=2", "page=", "Page=3", "x=%00"])
def test_a_field_that_the_view_does_not_read_costs_nothing(worker, query):
    plain = worker.get("/page/" if query != "page=" else "/page/?page=")
    again = worker.get(f"/page/?{query}&utm_medium=x")
    assert again.was_kept and again.body == plain.body


def test_a_field_that_the_view_reads_has_a_page_of_its_own(worker):
    texts = {worker.get(f"/page/{query}").text for query in ("", "?page=2", "?page=3", "?q=2", "?page=2&q=x")}
    assert len(texts) == 5
    assert "'2'" in worker.get("/page/?page=2").text and worker.get("/page/?page=2").was_kept


def test_the_view_sees_nothing_of_what_is_not_in_the_key(worker):
    text = worker.get("/page/?page=9&page=2&utm_source=poison<script>").text
    assert "poison" not in text
    assert text == worker.get("/page/?page=2").text


def test_a_view_that_has_not_said_what_it_reads_is_kept_without_a_query_alone(worker):
    assert worker.get("/undeclared/").text == worker.get("/undeclared/").text == "page 1"
    assert worker.get("/undeclared/?page=2").text == "page 2"
    assert worker.get("/undeclared/?page=3").text == "page 3"
    assert worker.get("/undeclared/").text == "page 1"
    assert len(worker.cache._pages) == 1


def test_a_query_that_is_too_long_is_answered_and_not_kept(worker):
    long = "/page/?q=" + "x" * 5000
    worker.get("/page/")
    assert "x" * 5000 in worker.get(long).text
    assert not worker.get(long).was_kept and len(worker.cache._pages) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "__Host-session=somebody; sessionid=else"},
        {"cookie": "_ga=GA1.2.3; _fbp=x"},
        {"authorization": "Basic eDp5"},
        {"x_forwarded_host": "evil.example", "x_forwarded_for": "192.0.2.1"},
        {"x_forwarded_proto": "https", "forwarded": "host=evil.example"},
        {"x_original_url": "/private/", "x_rewrite_url": "/private/"},
        {"x_http_method_override": "POST"},
        {"accept_language": "de", "accept": "application/json", "user_agent": "x"},
        {"range": "bytes=0-9"},
        {"if_modified_since": "Wed, 25 Nov 2099 10:00:00 GMT"},
        {"vary": "Cookie", "cache_control": "no-cache", "pragma": "no-cache"},
    ],
)
def test_no_header_changes_what_a_reader_gets_whether_it_comes_first_or_later(start, headers):
    plain = start().get("/page/")
    cold = start()
    first = cold.get("/page/", **headers)
    for answer in (first, cold.get("/page/"), cold.get("/page/", **headers)):
        assert (answer.status, answer.body) == (200, plain.body)
        assert "Set-Cookie" not in answer.headers and "evil" not in str(answer.headers) + answer.text


def test_a_view_that_varies_by_a_header_is_not_kept_although_its_address_is_known(worker):
    worker.get("/page/")
    assert worker.get("/page/?q=1", x_private="1").text == "for one reader"
    assert "for one reader" not in worker.get("/page/?q=1").text


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.{HOST}", f"{HOST}.evil.example", "", f"{HOST}@evil", "127.0.0.1"]
)
def test_a_name_that_is_not_the_sites_never_reaches_the_cache(worker, host):
    worker.get("/page/")
    assert worker.get("/page/", host=host).status == 400
    assert len(worker.cache._pages) == 1
    assert worker.get("/page/").was_kept


def test_the_sites_name_with_the_servers_port_is_kept_by_itself_and_other_ways_to_write_it_are_not(worker):
    worker.get("/page/")
    for host, is_kept in ((f"{HOST}:8000", True), (f"{HOST}:4711", False), (HOST.upper(), False), (f"{HOST}.", False)):
        assert [worker.get("/page/", host=host).was_kept for _ in range(3)] == [False, is_kept, is_kept], host
    assert len(worker.cache._pages) == 2


def test_what_a_pattern_of_names_allows_is_answered_and_not_kept(start, settings):
    settings.ALLOWED_HOSTS = [f".{HOST}"]
    worker = start()
    for number in range(3):
        assert worker.get("/page/", host=f"reader-{number}.{HOST}").status == 200
    assert len(worker.cache._pages) == 0
    worker.get("/page/")
    assert worker.get("/page/").was_kept


def test_a_page_says_the_address_and_the_scheme_by_which_it_is_asked(start, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    worker = start()
    for _ in range(2):
        assert f"http://{HOST}/echo/" in worker.get("/echo/").text
        assert f"https://{HOST}/echo/" in worker.get("/echo/", x_forwarded_proto="https").text
        assert f"http://www.{HOST}/echo/" in worker.get("/echo/", host=f"www.{HOST}").text
    assert worker.rendered == 3


def test_https_and_http_are_apart_and_a_site_that_redirects_redirects(start, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    worker = start()
    assert worker.get("/page/").status == 301
    assert worker.get("/page/", x_forwarded_proto="https").status == 200
    assert worker.get("/page/", x_forwarded_proto="https").was_kept
    assert worker.get("/page/").status == 301
    assert worker.get("/page/", x_forwarded_proto="http, https").status == 301
