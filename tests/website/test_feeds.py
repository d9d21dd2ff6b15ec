"""Feeds follow Atom (RFC 4287) and JSON Feed 1.1, and contain nothing that readers cannot open."""

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.utils import timezone

from articles import workflow
from articles.models import Article, Topic
from tests import newsroom
from website import feeds

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "http://127.0.0.1:8000"
EVERY_FEED = ["/feeds/articles.atom", "/feeds/articles.json", "/feeds/topics/sleep.atom", "/feeds/topics/sleep.json"]


def read_atom(client, address: str = "/feeds/articles.atom") -> ElementTree.Element:
    return ElementTree.fromstring(client.get(address).content)


def read_json(client, address: str = "/feeds/articles.json") -> dict:
    return json.loads(client.get(address).content)


def faults_of_atom(feed: ElementTree.Element) -> list[str]:
    """Return the violations of RFC 4287 in a feed and its entries, with the section."""
    entries = feed.findall(f"{ATOM}entry")
    faults = ["2: root"] if feed.tag != f"{ATOM}feed" else []
    for part in (feed, *entries):
        for name in ("id", "title", "updated"):
            if len(part.findall(f"{ATOM}{name}")) != 1:
                faults.append(f"4.1.1, 4.1.2: exactly one {name}")
        alternates = [link for link in part.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
        kinds = [(link.get("type"), link.get("hreflang")) for link in alternates]
        if len(kinds) != len(set(kinds)) or (part is not feed and not alternates):
            faults.append("4.1.1, 4.1.2: alternate links")
        if not feed.findall(f"{ATOM}author") and not part.findall(f"{ATOM}author"):
            faults.append("4.1.1, 4.1.2: an author")
        if any(not name.text for name in part.iter(f"{ATOM}name")):
            faults.append("3.2.1: a name")
        faults += ["4.2.2.1: term" for category in part.findall(f"{ATOM}category") if not category.get("term")]
        faults += ["4.2.7.1: href" for link in part.findall(f"{ATOM}link") if "://" not in link.get("href", "")]
        faults += ["4.2.6: id" for found in part.findall(f"{ATOM}id") if not re.fullmatch(r"[a-z]+:\S+", found.text)]
        if len(part.findall(f"{ATOM}published")) > 1 or len(part.findall(f"{ATOM}summary")) > 1:
            faults.append("4.1.2: at most one")
    for moment in (*feed.iter(f"{ATOM}updated"), *feed.iter(f"{ATOM}published")):
        if datetime.fromisoformat(moment.text).utcoffset() is None or "T" not in moment.text:
            faults.append("3.3: a moment with its zone")
    if "self" not in {link.get("rel") for link in feed.findall(f"{ATOM}link")}:
        faults.append("4.1.1: where it is itself")
    identifiers = [found.text for found in feed.iter(f"{ATOM}id")]
    return faults if len(identifiers) == len(set(identifiers)) else [*faults, "4.2.6: an id for each"]


def faults_of_json(feed: dict) -> list[str]:
    """Return the violations of JSON Feed 1.1."""
    faults = [] if feed["version"] == "https://jsonfeed.org/version/1.1" else ["version"]
    faults += [name for name in ("title", "home_page_url", "feed_url", "language") if not isinstance(feed[name], str)]
    for item in feed["items"]:
        faults += [name for name in ("id", "url", "title", "content_text") if not isinstance(item[name], str)]
        faults += [] if item["content_text"] or item.get("content_html") else ["content"]
        faults += ["authors"] if any(set(author) - {"name", "url", "avatar"} for author in item["authors"]) else []
        faults += ["tags"] if any(not isinstance(tag, str) for tag in item["tags"]) else []
        moments = [datetime.fromisoformat(item[name]) for name in ("date_published", "date_modified")]
        faults += ["dates"] if any(moment.utcoffset() is None for moment in moments) else []
    identifiers = [item["id"] for item in feed["items"]]
    return faults if len(identifiers) == len(set(identifiers)) else [*faults, "id"]


@pytest.fixture
def two(cast):
    newsroom.published(cast, title="Magnesium & <sleep>")
    return newsroom.published(cast, title="Zinc", standfirst="What ]]> trials & <b>people</b> say.")


@pytest.mark.parametrize("address", ["/feeds/articles.atom", "/feeds/topics/sleep.atom"])
def test_atom_is_as_the_rfc_has_it(client, two, address):
    feed = read_atom(client, address)

    assert faults_of_atom(feed) == []
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["Zinc", "Magnesium & <sleep>"]
    assert next(feed.iter(f"{ATOM}summary")).text == "What ]]> trials & <b>people</b> say."
    assert client.get(address).headers["Content-Type"] == "application/atom+xml; charset=utf-8"


@pytest.mark.parametrize("address", ["/feeds/articles.json", "/feeds/topics/sleep.json"])
def test_json_feed_is_as_its_specification_has_it(client, two, address):
    feed = read_json(client, address)

    assert faults_of_json(feed) == []
    assert [item["title"] for item in feed["items"]] == ["Zinc", "Magnesium & <sleep>"]
    assert feed["feed_url"] == f"{SITE}{address}"
    assert client.get(address).headers["Content-Type"] == "application/feed+json"


def test_an_empty_feed_is_one_too(client, db):
    assert faults_of_atom(read_atom(client)) == [] and faults_of_json(read_json(client)) == []


def test_faults_are_found():
    text = f'<feed xmlns="{ATOM[1:-1]}"><id>x</id><entry><id>x</id><title>A</title></entry></feed>'

    assert {fault.split(":")[0] for fault in faults_of_atom(ElementTree.fromstring(text))} >= {"4.1.1, 4.1.2", "4.2.6"}


def test_a_feed_of_a_topic_holds_that_topic_and_leads_to_its_page(client, cast, two):
    Article.objects.get(pk=two.pk).topics.set([Topic.objects.create(name="Minerals", slug="minerals")])
    sleep, minerals = read_json(client, "/feeds/topics/sleep.json"), read_json(client, "/feeds/topics/minerals.json")

    assert [item["title"] for item in sleep["items"]] == ["Magnesium & <sleep>"]
    assert [item["title"] for item in minerals["items"]] == ["Zinc"]
    assert minerals["home_page_url"] == f"{SITE}/topics/minerals/"


@pytest.mark.parametrize("ending", ["atom", "json"])
def test_a_topic_without_anything_to_read_has_no_feed(client, cast, ending):
    newsroom.draft(cast)

    assert client.get(f"/feeds/topics/sleep.{ending}").status_code == 404
    assert client.get(f"/feeds/topics/no-such-topic.{ending}").status_code == 404


@pytest.mark.parametrize("address", EVERY_FEED)
def test_nothing_that_readers_cannot_open_is_in_a_feed(client, cast, two, address):
    newsroom.in_review(cast, title="Hush one")
    newsroom.publish(cast, newsroom.approved(cast, title="Hush two"), at=timezone.now() + timedelta(hours=1))
    workflow.withdraw(article=newsroom.published(cast, title="Hush three"), actor=cast.editor, notice="Wrong.")
    newsroom.rewrite(cast, two, title="Hush four", standfirst="Hush five")

    assert "Hush" not in client.get(address).content.decode()


def test_a_scheduled_article_comes_into_the_feed_at_its_time(client, cast):
    at = timezone.now() + timedelta(hours=1)
    newsroom.publish(cast, newsroom.approved(cast), at=at)

    with time_machine.travel(at, tick=False):
        assert len(read_json(client)["items"]) == 1


def test_an_entry_keeps_its_identifier_and_the_day_of_its_first_publication(client, cast, two):
    before = read_json(client)["items"][0]
    newsroom.rewrite(cast, two, title="Zinc, again")
    newsroom.approve(newsroom.submit(cast, two))
    two.refresh_from_db()
    newsroom.publish(cast, two)
    after = read_json(client)["items"][0]

    assert (after["id"], after["date_published"]) == (before["id"], before["date_published"])
    assert after["title"] == "Zinc, again" and after["date_modified"] > before["date_modified"]


def test_a_site_that_moves_keeps_its_identifiers(client, two, settings):
    before = [item["id"] for item in read_json(client)["items"]]
    settings.SITE_URL = "https://elsewhere.example"
    after = read_json(client)["items"]

    assert [item["id"] for item in after] == before
    assert after[0]["url"].startswith("https://elsewhere.example/")


@pytest.mark.parametrize("address", EVERY_FEED)
def test_who_has_the_feed_is_told_so_and_a_change_is_told(client, cast, two, address):
    answer = client.get(address)
    headers = {"If-None-Match": answer.headers["ETag"]}

    again = client.get(address, headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == answer.headers["ETag"] and "Last-Modified" in answer.headers
    workflow.withdraw(article=two, actor=cast.editor, notice="It was wrong.")
    assert client.get(address, headers=headers).status_code == 200


def test_a_date_alone_never_hides_that_something_was_withdrawn(client, cast, two):
    seen = client.get("/feeds/articles.atom").headers["Last-Modified"]
    workflow.withdraw(article=two, actor=cast.editor, notice="It was wrong.")

    assert client.get("/feeds/articles.atom", headers={"If-Modified-Since": seen}).status_code == 200


def test_a_feed_takes_the_same_queries_however_long_it_is(client, cast, django_assert_num_queries):
    for _ in range(3):
        newsroom.published(cast)

    with django_assert_num_queries(4):
        client.get("/feeds/articles.atom")
    with django_assert_num_queries(6):  # which are the newest of the topic, and then those
        client.get("/feeds/topics/sleep.json")


def test_a_feed_ends_at_twenty(client, cast, monkeypatch):
    monkeypatch.setattr(feeds, "LATEST", 2)
    for _ in range(3):
        newsroom.published(cast)

    assert len(read_json(client)["items"]) == 2


def test_pages_name_their_feeds(client, two):
    home, topic = client.get("/").content.decode(), client.get("/topics/sleep/").content.decode()

    assert '<link rel="alternate" type="application/atom+xml"' in home and "/feeds/articles.json" in home
    assert 'href="/feeds/topics/sleep.atom"' in topic and 'href="/feeds/topics/sleep.json"' in topic
