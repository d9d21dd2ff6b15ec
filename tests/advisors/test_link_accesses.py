"""The log of accesses through the links in emails: what is recorded, who sees it, and when it is deleted."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from advisors import invitations
from advisors.models import LinkAccess, Review, ReviewToken
from advisors.personal_data import link_accesses
from advisors.review_desk.link_accesses import MOST_SHOWN, PER_PAGE
from core.db.immutable import Immutable
from core.devices import device_in_words
from core.rate_limits import shortened_network_of
from jobs import registry
from tests import newsroom

PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
ALL = reverse("board:accesses")


@pytest.fixture
def review(cast) -> Review:
    newsroom.in_review(cast)
    return Review.objects.select_related("advisor__user").get(advisor=cast.advisors[0])


@pytest.fixture
def raw(review) -> str:
    return invitations.issue(review)


def browser(address: str = "198.51.100.77", agent: str = PHONE) -> Client:
    return Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)


def arrival(raw: str) -> str:
    return reverse("board:arrive", args=[raw])


def recorded() -> list[tuple[str, str, str]]:
    return [(row.kind, row.device, row.network) for row in LinkAccess.objects.order_by("pk")]


def admin_page(review: Review) -> str:
    return reverse("admin:advisors_review_change", args=[review.pk])


# What is recorded


def test_an_access_is_recorded_with_its_kind_device_and_shortened_network(review, raw):
    phone = browser()
    phone.get(arrival(raw))
    phone.post(arrival(raw), {"answer": "accept"})
    device, network = "Firefox on Android", "198.51.100.0/24"
    assert recorded() == [("invitation", device, network), ("review", device, network)]
    found = LinkAccess.objects.first()
    assert found.token == ReviewToken.objects.get(review=review, token_hash=invitations.token_hash(raw))
    assert found.kept_until - found.at == timedelta(days=180)


def test_requests_of_one_device_within_an_hour_are_one_access(review, raw):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        phone = browser()
        phone.post(arrival(raw), {"answer": "accept"})
        for minutes in (1, 30, 28):
            clock.shift(timedelta(minutes=minutes))
            assert phone.get(reverse("board:review", args=[review.pk])).status_code == 200
        assert len(recorded()) == 1
        phone.get(reverse("board:review", args=[review.pk]), REMOTE_ADDR="203.0.113.5")
        assert len(recorded()) == 2
        clock.shift(timedelta(minutes=2))
        phone.get(reverse("board:review", args=[review.pk]))
    assert [network for _, _, network in recorded()] == ["198.51.100.0/24", "203.0.113.0/24", "198.51.100.0/24"]


def test_somebody_else_who_is_signed_in_is_refused_and_recorded(cast, review, raw):
    other = browser()
    other.force_login(cast.editor)
    assert other.get(arrival(raw)).status_code == 403
    assert [kind for kind, _, _ in recorded()] == ["refused"]


def test_an_advisor_who_signs_in_uses_no_link(cast, review):
    signed_in = browser()
    signed_in.force_login(review.advisor.user)
    signed_in.get(reverse("board:review", args=[review.pk]))
    browser().get(arrival("x" * 43))
    assert recorded() == []


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("198.51.100.77", "198.51.100.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:198.51.100.77", "198.51.100.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", "unknown"),
    ],
)
def test_a_network_is_shortened_before_it_is_stored(address, expected):
    assert shortened_network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == expected


WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Firefox on Android"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {WEBKIT} Version/18.5 Mobile/15E148 Safari/604.1",
         "Safari on iPhone"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {WEBKIT} CriOS/138.0 Mobile/15E148 Safari/604.1",
         "Chrome on iPhone"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/138.0.0.0 Safari/537.36 Edg/138.0",
         "Edge on Windows"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Chrome/138.0.0.0 Safari/537.36", "Chrome on Mac"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/138.0.0.0 Safari/537.36", "Chrome on ChromeOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (f"Mozilla/5.0 (Linux; Android 14; SM-S921B) {WEBKIT} SamsungBrowser/28.0 Chrome/130 Mobile Safari/537.36",
         "Samsung Internet on Android"),
        ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0",
         "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0"),
        ("curl/8.5\x00\n", "curl/8.5"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_device_is_named_in_words_or_by_its_own(agent, words):
    assert device_in_words(agent) == words


def test_of_an_overlong_header_200_characters_are_kept(raw):
    browser(agent="x" * 5000).get(arrival(raw))
    assert recorded()[0][1] == "x" * 200


# What is kept


@pytest.fixture
def access(raw) -> LinkAccess:
    browser().get(arrival(raw))
    return LinkAccess.objects.get()


def test_an_access_is_neither_changed_nor_deleted_before_its_time(access):
    for refused in (
        lambda: LinkAccess.objects.update(network="unknown"),
        lambda: LinkAccess.objects.all().delete(),
        access.delete,
        access.save,
    ):
        with pytest.raises(Immutable):
            refused()
    assert link_accesses.delete_expired(timezone.now()) == 0 and LinkAccess.objects.get() == access


@pytest.mark.parametrize(
    "statement",
    ["UPDATE advisors_linkaccess SET network = 'unknown'", "DELETE FROM advisors_linkaccess"],
)
def test_the_database_refuses_it_as_well(access, statement):
    refused = pytest.raises(DatabaseError, match="an access through an emailed link is")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert LinkAccess.objects.get() == access


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_the_table_is_not_emptied_either(access):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE advisors_linkaccess")
    assert LinkAccess.objects.get() == access


def test_the_job_deletes_what_is_older_than_180_days_and_nothing_else(raw, access):
    with time_machine.travel(timezone.now() - timedelta(days=181)):
        link_accesses.record(token=access.token, kind="review", network="unknown", user_agent="")
    done = registry.known("advisors.purge").function(registry.JobContext(now=timezone.now()))
    assert done == "accesses through links deleted: 1"
    assert LinkAccess.objects.get() == access


# Who sees it


def test_the_review_page_says_when_the_link_was_opened_and_what_to_do(review, raw):
    phone = browser()
    phone.post(arrival(raw), {"answer": "accept"})
    page = phone.get(reverse("board:review", args=[review.pk])).content.decode()
    for said in ("This link was opened, last on", "Firefox on Android", "network 198.51.100.0/24", "Was this not you?"):
        assert said in page
    assert "deleted after 180 days" in page


def test_the_desk_lists_every_access_on_pages(cast, client, review, raw):
    token = invitations.find(raw)
    for serial in range(PER_PAGE + 1):
        link_accesses.record(token=token, kind="review", network=f"198.51.{serial}.0/24", user_agent=PHONE)
    client.force_login(review.advisor.user)
    assert ALL in client.get(reverse("board:desk")).content.decode()
    first, second = client.get(ALL).content.decode(), client.get(ALL, {"page": 2}).content.decode()
    assert first.count("Firefox on Android") == PER_PAGE and second.count("Firefox on Android") == 1
    assert "198.51.0.0/24" in second and "198.51.0.0/24" not in first
    assert client.get(ALL, {"page": 3}).status_code == 404
    shown = client.get(reverse("board:review", args=[review.pk])).content.decode()
    assert shown.count("Firefox on Android") == MOST_SHOWN and ALL in shown


def test_an_advisor_sees_only_accesses_by_their_own_links(cast, client, access):
    client.force_login(cast.advisors[1].user)
    page = client.get(ALL).content.decode()
    assert "Firefox on Android" not in page and "No link was opened." in page


def test_editors_see_the_accesses_on_the_page_of_the_review(cast, client, review, raw, access):
    client.force_login(cast.editor)
    page = client.get(admin_page(review)).content.decode()
    assert "Firefox on Android" in page and "network 198.51.100.0/24" in page and "Networks are shortened" in page
    for serial in range(20):
        link_accesses.record(token=access.token, kind="review", network=f"203.0.{serial}.0/24", user_agent="")
    assert "198.51.100.0/24" not in client.get(admin_page(review)).content.decode()
    assert "198.51.100.0/24" in client.get(admin_page(review), {"page": 2}).content.decode()


@pytest.mark.parametrize("place", ["desk", "review", "admin"])
def test_a_page_asks_as_much_for_many_accesses(cast, client, review, raw, access, place):
    address = {"desk": ALL, "review": reverse("board:review", args=[review.pk]), "admin": admin_page(review)}[place]
    client.force_login(cast.editor if place == "admin" else review.advisor.user)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    queries()
    few = queries()
    for serial in range(12):
        link_accesses.record(token=access.token, kind="review", network=f"203.0.{serial}.0/24", user_agent="")
    assert queries() == few
