"""The form: the same response for everybody, no cookie, nothing from other sites, and a limit on sign-ups."""

import io
import re

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email

from core.models import Count
from newsletter import subscribing
from newsletter.consent import CURRENT, WORDS
from newsletter.models import State, Subscriber, Suppression
from tests import mailing, newsroom
from tests.newsletter.conftest import ADDRESS, link

PAGE = "/newsletter/"


def test_somebody_who_signs_up_is_kept_with_the_very_words_and_gets_one_email(sign_up):
    assert sign_up("Reader@EXAMPLE.org").headers["Location"] == "/newsletter/asked/"
    kept = Subscriber.objects.get()
    assert (kept.address, kept.state) == ("Reader@example.org", State.PENDING)
    assert (kept.consent_version, kept.consent_words) == (CURRENT, WORDS[CURRENT])
    assert mailing.queued() == [("Reader@example.org", "Was it you? Confirm that you want our newsletter")]


def test_the_words_that_are_kept_are_those_that_were_shown(sign_up, client):
    assert WORDS[CURRENT] in client.get(PAGE).content.decode()
    WORDS["1999"] = "Older words, from a page that a cache still held."
    try:
        sign_up(consent="1999")
        assert Subscriber.objects.get().consent_words == WORDS["1999"]
    finally:
        del WORDS["1999"]


@pytest.mark.parametrize("consent", ["", "none", "2026-11\x00", "__class__"])
def test_nobody_is_signed_up_without_having_seen_the_words(sign_up, consent):
    assert sign_up(consent=consent).status_code == 400
    assert not Subscriber.objects.exists() and not Email.objects.exists()


def test_the_email_tells_mail_programs_how_to_leave_and_keeps_its_link_out_of_the_table(sign_up, delivered):
    sign_up()
    assert "/newsletter/confirm/" not in Email.objects.get().message
    email = delivered()[0]
    leave = site.SITE_URL + link(email, "unsubscribe")
    assert email.extra_headers["List-Unsubscribe"] == f"<{leave}>"
    assert email.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link(email, "confirm") and WORDS[CURRENT] in email.body


@pytest.fixture
def known(sign_up, queue):
    """Put an address into a state."""

    def put(address: str, state: str) -> None:
        if state == "unknown":
            return
        subscribing.ask(address=address, consent=CURRENT)
        one = Subscriber.objects.get(address=address)
        if state in ("confirmed", "unsubscribed"):
            subscribing.confirm(pk=one.pk, nonce=one.nonce)
        if state == "unsubscribed":
            subscribing.unsubscribe(digest=one.digest)
        if state == "suppressed":
            subscribing.erase(one)

    return put


STATES = ["unknown", "pending", "confirmed", "unsubscribed", "suppressed"]


def test_the_answer_and_the_statements_are_the_same_whatever_is_known(sign_up, known):
    seen = []
    for state in STATES:
        known(f"{state}@example.org", state)
        Email.objects.all().delete()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = sign_up(f"{state}@example.org")
        said = (answer.status_code, answer.content, sorted(answer.headers.items()))
        verbs = [re.sub(r'"s\w+"', "", " ".join(query["sql"].split()[:3])) for query in queries.captured_queries]
        seen.append((said, verbs, Email.objects.count()))
    assert seen == [seen[0]] * len(STATES)
    assert seen[0][2] == 1


@pytest.mark.parametrize("address", ["nobody@no-such-host.invalid", "=cmd|calc@example.org", "reader@bücher.example"])
def test_a_well_formed_address_that_leads_nowhere_gets_the_same_answer(sign_up, address):
    assert sign_up(address).content == sign_up("other@example.org").content
    assert Subscriber.objects.count() == 2


def test_who_receives_the_newsletter_keeps_what_they_agreed_to(sign_up, known, delivered):
    known(ADDRESS, "confirmed")
    Subscriber.objects.update(consent_words="What was said then.")
    sign_up()
    kept = Subscriber.objects.get()
    assert (kept.state, kept.consent_words) == (State.CONFIRMED, "What was said then.")
    assert "already" in delivered()[-1].subject


def test_no_cookie_is_set_and_none_is_read(sign_up, client):
    for answer in (sign_up(), sign_up("bad"), client.get(PAGE), client.get("/newsletter/asked/")):
        assert not answer.cookies and "Cookie" not in answer.headers.get("Vary", "")
        assert "csrfmiddlewaretoken" not in answer.content.decode()
    assert client.get(PAGE).is_public


def test_the_form_stands_on_articles_and_home_without_cookie_or_token(cast, client):
    article = newsroom.published(cast)
    for address in ("/", reverse("website:article", args=[article.slug])):
        answer = client.get(address)
        page = answer.content.decode()
        assert f'action="{PAGE}"' in page and WORDS[CURRENT].split(":")[0] in page
        assert "csrfmiddlewaretoken" not in page and not answer.cookies and answer.is_public


def test_a_filled_honeypot_gets_the_same_answer_and_nothing_else(sign_up):
    assert sign_up(homepage="https://spam.example").content == sign_up("other@example.org").content
    assert [row.address for row in Subscriber.objects.all()] == ["other@example.org"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": site.SITE_URL, "Sec-Fetch-Site": "same-origin"},
        {"Referer": f"{site.SITE_URL}/articles/magnesium/"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://testserver"},
    ],
)
def test_a_form_from_our_own_pages_is_taken(sign_up, headers):
    assert sign_up(headers=headers).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": f"{site.SITE_URL}.evil.example"},
        {"Origin": "http://[::1"},
        {"Origin": site.SITE_URL, "Sec-Fetch-Site": "cross-site"},
        {"Origin": site.SITE_URL, "Sec-Fetch-Site": "same-site"},
        {"Origin": site.SITE_URL, "Sec-Fetch-Site": "none"},
        {"Referer": f"https://evil.example/{site.SITE_URL}/"},
        {"Origin": "https://evil.example", "Referer": f"{site.SITE_URL}/"},
    ],
)
def test_a_form_from_elsewhere_is_refused(sign_up, headers):
    answer = sign_up(headers=headers)
    assert answer.status_code == 403 and "from this page" in answer.content.decode()
    assert not Subscriber.objects.exists() and not Count.objects.exists()


@pytest.mark.parametrize(
    "address", ["x", "reader@example.org\r\nBcc: thief@example.org", "a\x00@example.org", "<script>"]
)
def test_what_is_no_address_comes_back_with_a_word(sign_up, address):
    answer = sign_up(address)
    page = answer.content.decode()
    assert answer.status_code == 400 and "Please check it" in page and "<script>" not in page
    assert not Subscriber.objects.exists() and not Email.objects.exists()


def test_ten_megabytes_are_refused_before_they_are_read(queue):
    class Unread(io.BytesIO):
        def read(self, *args: object) -> bytes:
            raise AssertionError("the body was read")

        readline = readlines = read

    request = {"CONTENT_LENGTH": str(10 * 1024 * 1024), "wsgi.input": Unread(b""), "HTTP_ORIGIN": site.SITE_URL}
    answer = Client().generic("POST", PAGE, content_type="application/x-www-form-urlencoded", **request)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "application/json"]
)
@pytest.mark.parametrize(
    "body", [b"", b"\x00\xff\xfe", b"address=%ff%fe%00@x.org&consent=2026-11", b"--x\r\n\r\n" * 50]
)
def test_no_body_breaks_the_form(queue, kind, body):
    answer = Client().post(PAGE, body, content_type=kind, headers={"Origin": site.SITE_URL})
    assert answer.status_code == 400
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(queue, client, method):
    with CaptureQueriesContext(connection) as queries:
        for address in (f"{PAGE}?address={ADDRESS}&consent={CURRENT}", "/newsletter/asked/"):
            assert getattr(client, method)(address).status_code == 200
    assert len(queries) == 0
    assert not Subscriber.objects.exists() and not Suppression.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(PAGE).status_code == 405
