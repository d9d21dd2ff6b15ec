"""The page store by itself: which answers it keeps, for whom, and what it sends of them."""

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
from django.db import OperationalError
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path

from betterment.http import public
from tests.page_stores import HOST, Worker

pytestmark = pytest.mark.django_db  # Django looks after its connections at the start of a request

WORDS = "Wörter, die alle lesen dürfen. " * 100


@public(parameters=("page", "q"))
def page(request):
    if request.headers.get("X-Private"):
        return HttpResponse("for one reader", headers={"Vary": "X-Private"})
    return HttpResponse(f"{WORDS}{sorted(request.GET.items())}{request.get_full_path()}")


@public()
def undeclared(request):
    return HttpResponse(f"page {request.GET.get('page', '1')}")


@public(parameters=())
def gone(request):
    return HttpResponse("withdrawn", status=410)


@public(parameters=())
def missing(request):
    raise Http404


@public(parameters=())
def streamed(request):
    return StreamingHttpResponse(iter([b"one", b"two"]))


@public(parameters=())
def tagged(request):
    if request.headers.get("If-None-Match"):
        return HttpResponse(status=304)
    return HttpResponse("feed", headers={"ETag": '"its-own"', "Last-Modified": "Wed, 25 Nov 2026 10:00:00 GMT"})


def private(request):
    return HttpResponse("for you alone")


def marked_private(request):
    """Says that it is public, and what middleware might add says that it is not."""
    response = public(parameters=())(lambda request: HttpResponse("for you"))(request)
    name, _, value = request.GET["header"].partition(":")
    response.headers[name] = value
    return response


def with_cookie(request):
    response = public(parameters=())(lambda request: HttpResponse("hello"))(request)
    response.set_cookie("seen", "1")
    return response


def reads_the_session(request):
    response = public(parameters=())(lambda request: HttpResponse("hello"))(request)
    request.session.get("who")
    return response


def moved(request):
    return HttpResponseRedirect("/page/")


urlpatterns = [
    path("page/", page),
    path("undeclared/", undeclared),
    path("gone/", gone),
    path("missing/", missing),
    path("streamed/", streamed),
    path("tagged/", tagged),
    path("private/", private),
    path("marked/", marked_private),
    path("cookie/", with_cookie),
    path("session/", reads_the_session),
    path("moved/", moved),
]


@pytest.fixture
def site(settings):
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = [HOST, f"www.{HOST}"]
    return {"state": "a", "error": None}


@pytest.fixture
def worker(site):
    def ask():
        if site["error"]:
            raise site["error"]
        return site["state"]

    return Worker(ask=ask)


def test_a_public_page_is_rendered_once_and_is_the_same_from_the_store(worker):
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
    assert worker.rendered == 3 and len(worker.store.shelf) == 0
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
        assert not worker.get(f"/marked/?header={header}").was_kept
    assert worker.rendered == 2 and len(worker.store.shelf) == 0


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
    assert len(worker.store.shelf) == 1


def test_a_query_that_is_too_long_is_answered_and_not_kept(worker):
    long = "/page/?q=" + "x" * 5000
    worker.get("/page/")
    assert "x" * 5000 in worker.get(long).text
    assert not worker.get(long).was_kept and len(worker.store.shelf) == 1


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
def test_no_header_changes_what_a_reader_gets_whether_it_comes_first_or_later(site, headers):
    plain = Worker(ask=lambda: "a").get("/page/")
    cold = Worker(ask=lambda: "a")
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
def test_a_name_that_is_not_the_sites_never_reaches_the_store(worker, host):
    worker.get("/page/")
    assert worker.get("/page/", host=host).status == 400
    assert len(worker.store.shelf) == 1
    assert worker.get("/page/").was_kept


def test_the_sites_name_in_capitals_or_with_the_servers_port_is_the_site(worker):
    worker.get("/page/")
    assert worker.get("/page/", host=HOST.upper()).was_kept
    worker.get("/page/", host=f"{HOST}:8000")
    assert worker.get("/page/", host=f"{HOST}:8000").was_kept
    for _ in range(2):
        assert not worker.get("/page/", host=f"{HOST}:4711").was_kept


def test_https_and_http_are_apart_and_a_site_that_redirects_redirects(site, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    worker = Worker(ask=lambda: "a", secure_header=settings.SECURE_PROXY_SSL_HEADER, redirects_to_https=True)
    assert worker.get("/page/").status == 301
    assert worker.get("/page/", x_forwarded_proto="https").status == 200
    assert worker.get("/page/", x_forwarded_proto="https").was_kept
    assert worker.get("/page/").status == 301
    assert worker.get("/page/", x_forwarded_proto="http, https").status == 301


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "TRACE"])
def test_another_method_is_always_djangos(worker, method):
    worker.get("/page/")
    assert not worker.ask(method, "/page/").was_kept
    assert worker.rendered == 2


def test_a_get_with_a_body_is_djangos(worker):
    worker.get("/page/")
    assert not worker.ask("GET", "/page/", body=b"x=1").was_kept


def test_head_has_the_headers_of_get_and_no_body(worker):
    assert worker.ask("HEAD", "/page/").status == 200 and len(worker.store.shelf) == 0
    got = worker.get("/page/", accept_encoding="gzip")
    head = worker.ask("HEAD", "/page/", accept_encoding="gzip")
    assert head.was_kept and head.body == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.body))


def test_each_reader_gets_the_encoding_they_asked_for_whoever_came_first(worker):
    packed = worker.get("/page/", accept_encoding="br")
    assert packed.headers["Content-Encoding"] == "br"
    plain = worker.get("/page/")
    assert "Content-Encoding" not in plain.headers
    assert brotli.decompress(packed.body) == plain.body
    assert gzip.decompress(worker.get("/page/", accept_encoding="gzip").body) == plain.body
    assert worker.rendered == 1


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_who_has_the_page_is_told_so_in_few_bytes(worker, encoding):
    etag = worker.get("/page/", accept_encoding=encoding).headers["ETag"]
    for tag in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        answer = worker.get("/page/", accept_encoding=encoding, if_none_match=tag)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == etag and answer.headers["Vary"] == "Accept-Encoding"
        assert "Content-Length" not in answer.headers and "Content-Encoding" not in answer.headers
    assert worker.get("/page/", if_none_match='W/"other"').status == 200


def test_another_page_has_another_tag_and_the_same_words_have_the_same(worker, site):
    one, other = worker.get("/page/").headers["ETag"], worker.get("/page/?page=2").headers["ETag"]
    assert one != other
    site["state"] = "b"
    worker.later()
    assert worker.get("/page/").headers["ETag"] == one and worker.rendered == 3


def test_what_stands_withdrawn_is_no_304(worker):
    etag = worker.get("/gone/").headers["ETag"]
    assert worker.get("/gone/", if_none_match=etag).status == 410


def test_a_view_with_a_tag_of_its_own_is_kept_whole_and_its_tag_holds(worker):
    first = worker.get("/tagged/", if_none_match='"its-own"')
    assert first.status == 304
    assert worker.get("/tagged/").text == "feed"
    assert worker.get("/tagged/").was_kept
    assert worker.get("/tagged/", if_none_match='"its-own"').status == 304
    assert worker.rendered == 1


def test_a_path_is_the_same_however_it_was_encoded_and_another_is_not(worker):
    worker.get("/page/")
    assert worker.get("/page/").was_kept
    for other in ("/Page/", "//page/", "/page//", "/page/..", "/page/\x00", "/page"):
        assert not worker.get(other).was_kept


def test_after_a_change_nothing_of_before_is_left(worker, site):
    worker.get("/page/"), worker.get("/gone/")
    site["state"] = "b"
    worker.later(0.9)
    assert worker.get("/page/").was_kept
    worker.later(0.1)
    assert not worker.get("/page/").was_kept
    assert len(worker.store.shelf) == 1


def test_what_was_rendered_before_a_change_is_not_kept_after_it(worker, site):
    """Another request learns of the change while this one still renders."""
    worker.get("/page/")
    worker.later()
    django = worker.django

    def slow(environ, start_response):
        answer = django(environ, start_response)
        if environ["QUERY_STRING"] == "page=7":
            site["state"] = "b"
            worker.later()
            worker.get("/gone/")
        return answer

    worker.django = slow
    assert worker.get("/page/?page=7").status == 200
    worker.django = django
    assert not worker.get("/page/?page=7").was_kept


def test_while_the_database_is_silent_kept_pages_go_on_and_say_so(worker, site):
    worker.get("/page/")
    site["error"] = OperationalError("the server is gone")
    worker.later()
    kept = worker.get("/page/")
    assert kept.was_kept and "database-silent" in kept.headers["Cache-Status"]
    assert kept.headers["Cache-Control"] == "no-cache"
    worker.get("/gone/")
    assert not worker.get("/gone/").was_kept, "what is rendered now may be of any age"
    worker.later(601)
    assert not worker.get("/page/").was_kept
    site["error"] = None
    worker.later()
    worker.get("/page/")
    assert worker.get("/page/").was_kept


def test_the_store_stays_within_its_bytes(site):
    worker = Worker(ask=lambda: "a", limit=200_000)
    for number in range(300):
        worker.get(f"/page/?q={number}", accept_encoding=("br", "gzip", "")[number % 3])
        assert worker.store.shelf.size <= 200_000
    assert 3 < len(worker.store.shelf) < 100


def test_many_readers_of_one_page_cost_one_rendering(site):
    worker = Worker(ask=lambda: site["state"])
    worker.get("/page/")
    site["state"] = "b"
    worker.later()
    django, begin = worker.django, threading.Barrier(6)

    def slow(environ, start_response):
        threading.Event().wait(0.2)
        return django(environ, start_response)

    worker.django = slow

    def read(_):
        begin.wait(10)
        return worker.get("/page/").text

    with ThreadPoolExecutor(6) as pool:
        texts = set(pool.map(read, range(6)))
    assert len(texts) == 1
    assert worker.rendered == 2


def test_a_page_whose_rendering_fails_holds_nobody_up(worker, site):
    worker.get("/page/")
    site["state"] = "b"
    worker.later()
    django = worker.django

    def broken(environ, start_response):
        raise RuntimeError("broken")

    worker.django = broken
    with pytest.raises(RuntimeError):
        worker.get("/page/")
    worker.django = django
    assert worker.get("/page/").status == 200
    assert worker.get("/page/").was_kept
