"""Link checks against a real server: one bad day does not make a link dead, and no host gets too many requests."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.cited_sources.link_gathering import gather
from core.outgoing.client import NoSuchHost, Unreachable
from core.outgoing.pacing import Pace
from sources.link_checks import LinkChecker, addresses_in
from sources.link_states import finding_of, is_landing, state_of
from sources.models import Link, LinkAnswer, LinkState, Source
from tests import newsroom
from tests.servers import running
from tests.sources.test_register_checks import Clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def told(*answers):
    """Return the answers of consecutive days for these statuses; None stands for no answer."""
    return [
        (NOON + DAY * day, finding_of(status, {}, "https://a.example/x", "https://a.example/x"))
        for day, status in enumerate(answers)
    ]


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        *(([], ""), ([200], "alive"), ([404], ""), ([404, 404], "dead"), ([410], "dead"), ([200, 404], "alive")),
        *(([404, 200, 404], "alive"), ([404, 404, 404, 200], "alive"), ([200, 404, 404], "dead")),
        *(([None] * 7, ""), ([None] * 8, "dead"), ([200] + [503] * 7, "alive"), ([200] + [503] * 8, "dead")),
        *(([500, 403, 403, 403, 403, 403, 403, 500], ""), ([500, 500, 403, 403, 403, 403, 403, 500], "dead")),
        *(([500] * 4 + [200] + [500] * 7, "alive"), ([999] * 9, "")),
        *(([403] * 9, ""), ([200, 403, 403, 403], "alive"), ([404, 403, 404, 429, 404], "dead"), ([401, 451] * 3, "")),
    ],
)
def test_only_answers_that_repeat_make_a_dead_link(answers, state):
    assert state_of(told(*answers)) == state
    assert state_of(reversed(told(*answers))) == state


def test_failures_on_one_day_do_not():
    same_day = [(NOON + timedelta(minutes=minute), "not_found") for minute in range(9)]
    assert state_of(same_day) == LinkState.UNKNOWN


@pytest.mark.parametrize(
    ("url", "final", "landed"),
    [
        ("https://a.example/study/1", "https://a.example/", True),
        ("https://a.example/study/1", "https://b.example", True),
        ("https://a.example/study/1", "https://a.example/account/login?next=/study/1", True),
        ("https://a.example/study/1", "https://a.example/Login.aspx", True),
        ("https://a.example/study/1", "https://a.example/studies/1", False),
        ("https://a.example/study/1", "https://a.example/authors/1", False),
        ("https://a.example/?p=7", "https://a.example/study/7", False),
        ("https://a.example/?p=7", "https://a.example/", True),
        ("http://a.example", "https://www.a.example/", False),
        ("http://a.example", "https://b.example/", True),
        ("https://a.example/login", "https://a.example/login/", False),
    ],
)
def test_a_redirect_to_a_homepage_or_a_sign_in_page_is_no_page(url, final, landed):
    assert is_landing(url, final) == landed


def test_links_of_a_text_are_found_once_and_without_their_fragments():
    html = (
        '<p><a href="https://a.example/x?y=1&amp;z=2#part">1</a><a href="https://a.example/x?y=1&amp;z=2">2</a>'
        '<a href="/sleep/">3</a><a href="mailto:a@b.example">4</a><a href="#top">5</a></p>'
    )
    assert addresses_in(html) == ["https://a.example/x?y=1&z=2"]


def test_addresses_of_sources_and_of_what_readers_see_are_watched(cast):
    body = newsroom.content()["body"]
    newsroom.published(cast, body=body + '<p><a href="https://live.example/">Live</a></p>')
    newsroom.draft(cast, body=body + '<p><a href="https://draft.example/">Draft</a></p>')
    Source.objects.filter(pk=cast.source.pk).update(
        url="https://source.example/", archived_url="https://archive.example/"
    )
    newsroom.source("merged2020", merged_into=cast.source, url="https://merged.example/")
    newsroom.source("inside2020", url="http://127.0.0.1/")
    found = {"https://live.example/", "https://source.example/", "https://archive.example/"}
    assert gather() == gather() == found == set(Link.objects.values_list("url", flat=True))


def test_links_in_a_safety_note_are_watched(cast):
    newsroom.published(cast, safety_note='<p><a href="https://note.example/">Ask</a> first.</p>')
    assert "https://note.example/" in gather()


@pytest.fixture
def server():
    with running() as server:
        yield server


@pytest.fixture
def links(cast, server):
    """Return a function that creates sources leading to the server's paths and checks all links on a given day."""

    class Links:
        clock = Clock()

        def to(self, path, host="server.example"):
            url = server.url(path, host)
            newsroom.source(f"s{Source.objects.count()}-{path.strip('/')}", url=url)
            return url

        def ask(self, days=0, fetch=None, **how):
            clock = self.clock
            pace = Pace(3.0, clock, clock.sleep)
            checker = LinkChecker(fetch=fetch or server.client().fetch, pace=pace, now=lambda: NOON + DAY * days)
            return checker.run(gather(), **how)

        def state(self, url):
            return Link.objects.get(url=url).state

    return Links()


def methods(server):
    return [method for method, *_ in server.asked]


def test_a_page_that_answers_is_alive(links, server):
    server.paths["/page"] = 200, {}, b"here"
    url = links.to("/page")
    done = links.ask()
    assert (links.state(url), methods(server), done.there) == ("alive", ["HEAD"], 1)
    [answer] = LinkAnswer.objects.all()
    assert (answer.answers, answer.status, answer.at, answer.moved_to) == (True, 200, NOON, "")


@pytest.mark.parametrize("refusal", [403, 404, 405, 501])
def test_where_head_is_refused_get_is_asked(links, server, refusal):
    def only_get(handler):
        handler.send_response(refusal if handler.command == "HEAD" else 200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.paths["/page"] = only_get
    url = links.to("/page")
    links.ask()
    assert (links.state(url), methods(server)) == ("alive", ["HEAD", "GET"])


def test_a_host_that_breaks_off_at_head_is_asked_by_get(links, server):
    def only_get(handler):
        if handler.command == "HEAD":
            handler.close_connection = True
        else:
            handler.send_response(200)
            handler.end_headers()
            handler.wfile.write(b"x" * 200_000)
            handler.close_connection = True

    server.paths["/page"] = only_get
    url = links.to("/page")
    links.ask()
    assert links.state(url) == "alive"


def test_a_page_that_is_not_found_on_two_days_is_dead_and_comes_back(links, server):
    url = links.to("/gone")
    assert [links.ask(day).died for day in range(3)] == [0, 1, 0]
    assert links.state(url) == "dead" and LinkAnswer.objects.count() == 3
    server.paths["/gone"] = 200, {}, b"back"
    assert links.ask(3).revived == 1
    assert links.state(url) == "alive"


def test_no_link_is_asked_twice_on_a_day(links, server):
    links.to("/gone")
    assert [links.ask().asked for _ in range(3)] == [1, 0, 0]


def test_a_host_that_does_not_let_us_in_says_nothing_of_the_page(links, server):
    server.paths["/paid"] = 403, {}, b""
    url = links.to("/paid")
    for day in range(5):
        assert links.ask(day).closed == 1
    assert links.state(url) == ""
    assert "Access was refused" in LinkAnswer.objects.first().detail


@pytest.mark.parametrize("headers", [{"Server": "cloudflare", "CF-RAY": "8a1-FRA"}, {"X-Sucuri-ID": "1"}])
def test_a_bot_wall_is_no_dead_page_but_a_server_that_stays_down_is(links, server, headers):
    server.paths["/walled"] = 503, headers, b"Just a moment..."
    server.paths["/down"] = 503, {}, b""
    walled, down = links.to("/walled"), links.to("/down")
    for day in range(9):
        links.ask(day)
    assert (links.state(walled), links.state(down)) == ("", "dead")


def test_redirects_to_the_homepage_and_to_signing_in_are_moved_and_a_loop_fails(links, server):
    server.paths["/"] = server.paths["/login"] = 200, {}, b"welcome"
    for path, target in (("/a", "/"), ("/b", "/login"), ("/loop", "/loop")):
        server.paths[path] = 302, {"Location": target}, b""
    urls = [links.to(path) for path in ("/a", "/b", "/loop")]
    done = links.ask()
    assert [links.state(url) for url in urls] == ["moved", "moved", ""]
    assert (done.moved, done.missing, done.there) == (2, 1, 0)
    assert LinkAnswer.objects.get(link__url=urls[1]).detail == f"Redirected to {server.url('/login')}"


def test_a_page_that_moved_for_good_says_where_to(links, server):
    server.paths["/old"] = 301, {"Location": "/new"}, b""
    server.paths["/new"] = 200, {}, b""
    server.paths["/for-now"] = 302, {"Location": "/new"}, b""
    links.to("/old"), links.to("/for-now")
    links.ask()
    moved = dict(LinkAnswer.objects.values_list("link__url", "moved_to"))
    assert moved == {server.url("/old"): server.url("/new"), server.url("/for-now"): ""}


def test_a_redirect_inside_is_no_page(links, server):
    server.paths["/trap"] = 302, {"Location": "http://127.0.0.1/"}, b""
    server.paths["/page"] = 200, {}, b""
    links.to("/page"), links.to("/trap")
    assert links.ask().missing == 1
    assert "not a public" in LinkAnswer.objects.get(link__url__endswith="trap").detail


def test_the_longest_unasked_come_first_and_a_limit_holds(links, server):
    urls = [links.to(f"/{serial}") for serial in range(3)]
    links.ask(0, limit=1), links.ask(1, limit=2), links.ask(2, limit=1)
    by_url = {url: [answer.at for answer in Link.objects.get(url=url).answers.all()] for url in urls}
    assert by_url == {urls[0]: [NOON + DAY * 2, NOON], urls[1]: [NOON + DAY], urls[2]: [NOON + DAY]}


def test_a_host_has_its_pause_while_others_are_asked(links, server):
    times = []

    def noting(url, **how):
        times.append((url.split("/")[2].split(":")[0], links.clock()))
        return server.client().fetch(url, **how)

    for path in "abc":
        server.paths[f"/{path}"] = 200, {}, b""
        links.to(f"/{path}", "one.example")
    links.to("/a", "two.example"), links.to("/b", "two.example")
    links.ask(fetch=noting)
    assert times == [("one.example", 0), ("two.example", 0), ("one.example", 3), ("two.example", 3), ("one.example", 6)]


def test_a_host_that_asks_for_peace_has_it(links, server):
    server.paths["/a"] = 429, {"Retry-After": "30"}, b""
    server.paths["/b"] = 503, {"Retry-After": "7200"}, b""
    for path in "abc":
        links.to(f"/{path}")
    done = links.ask()
    assert (done.asked, done.left, links.clock()) == (2, 1, 30)
    assert methods(server) == ["HEAD", "HEAD"]


def test_a_host_that_cannot_be_reached_is_left_after_three(links, server):
    server.paths["/page"] = 200, {}, b""
    links.to("/page")
    for path in "abcde":
        links.to(f"/{path}", "down.example")

    def fetch(url, **how):
        if "down" in url:
            raise Unreachable("no connection")
        return server.client().fetch(url, **how)

    done = links.ask(fetch=fetch)
    assert (done.asked, done.there, done.missing, done.left) == (4, 1, 3, 2)


def offline(url, **how):
    raise NoSuchHost(f"{url}: the name could not be looked up.")


def test_without_a_network_nothing_is_recorded(links):
    url = links.to("/page")
    for day in range(4):
        assert not links.ask(day, fetch=offline).online
    assert links.state(url) == "" and not LinkAnswer.objects.exists()


def test_the_command_says_what_it_found(links, server, monkeypatch):
    server.paths["/page"] = 200, {}, b""
    links.to("/page"), links.to("/gone")
    out, clock = StringIO(), Clock()
    pace = Pace(3.0, clock, clock.sleep)
    name = "articles.management.commands.check_links.LinkChecker"
    monkeypatch.setattr(name, lambda: LinkChecker(fetch=server.client().fetch, pace=pace))
    call_command("check_links", stdout=out)
    assert out.getvalue().strip() == (
        "2 links: 1 answer, 0 lead elsewhere, 0 refuse access, 1 failed; 0 newly dead, 0 there again. "
        "In all: unknown 1, works 1, moved, to be checked 0, dead 0."
    )
    Link.objects.update(checked_at=None)
    monkeypatch.setattr(name, lambda: LinkChecker(fetch=offline, pace=pace))
    with pytest.raises(CommandError, match="no host could be reached"):
        call_command("check_links", stdout=out)
