"""The sitemap and robots.txt list every page that may be found, no other page, and when each last changed."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from core.seo import site_map
from tests import newsroom
from website import sitemaps

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "http://127.0.0.1:8000"


def read(client, address: str) -> dict[str, str | None]:
    """Return the addresses in a file of the sitemap, each with its last change if the file has one."""
    answer = client.get(address)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/xml"
    root = ElementTree.fromstring(answer.getvalue())
    return {row.findtext(f"{NAMESPACE}loc"): row.findtext(f"{NAMESPACE}lastmod") for row in root}


def whole(client) -> dict[str, str | None]:
    found = {}
    for part in read(client, "/sitemap.xml"):
        found |= read(client, part.removeprefix(SITE))
    return found


def test_the_sitemap_leads_to_every_page_that_may_be_found(client, cast):
    article = newsroom.published(cast)
    pages = {address.removeprefix(SITE) for address in whole(client)}

    assert pages >= {"/", "/topics/", "/topics/sleep/", "/authors/wanda-writer/", "/experts/", "/experts/ada/"}
    assert pages >= {article.get_absolute_url(), "/corrections/", "/search/", "/newsletter/"}


def test_each_of_its_pages_is_there_and_may_be_listed(client, cast):
    newsroom.published(cast)
    for address in whole(client):
        answer = client.get(address.removeprefix(SITE))
        assert answer.status_code == 200 and b"noindex" not in answer.content, address
        assert f'<link rel="canonical" href="{address}">' in answer.content.decode()


def test_nothing_is_in_it_that_readers_cannot_open(client, cast):
    newsroom.in_review(cast, slug="hush-one")
    article = newsroom.approved(cast, slug="hush-two")
    newsroom.publish(cast, article, at=timezone.now() + timedelta(hours=1))
    workflow.withdraw(article=newsroom.published(cast, slug="hush-three"), actor=cast.editor, notice="Wrong.")
    text = str(whole(client))

    assert "hush" not in text and "/topics/sleep/" not in text and "wanda" not in text


def test_an_article_says_when_its_page_last_changed(client, cast):
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False):
        article = newsroom.published(cast)
    address = f"{SITE}{article.get_absolute_url()}"
    assert datetime.fromisoformat(whole(client)[address]) == start

    later = start + timedelta(days=2)
    newsroom.rewrite(cast, article, title="Never published")
    assert datetime.fromisoformat(whole(client)[address]) == start
    newsroom.approve(newsroom.submit(cast, article))
    article.refresh_from_db()
    with time_machine.travel(later, tick=False):
        newsroom.publish(cast, article)
        assert datetime.fromisoformat(whole(client)[address]) == later


def test_a_page_of_which_nobody_knows_says_nothing(client, cast):
    newsroom.published(cast)

    assert whole(client)[f"{SITE}/topics/"] is None


def test_past_the_limit_of_a_file_the_articles_are_in_parts(client, cast, monkeypatch):
    monkeypatch.setattr(sitemaps, "LIMIT", 2)
    addresses = {f"{SITE}{newsroom.published(cast).get_absolute_url()}" for _ in range(5)}
    parts = [part for part in read(client, "/sitemap.xml") if "/articles-" in part]
    found = [read(client, part.removeprefix(SITE)) for part in parts]

    assert [len(part) for part in found] == [2, 2, 1]
    assert {address for part in found for address in part} == addresses
    assert client.get("/sitemaps/articles-4.xml").status_code == 404


@pytest.mark.parametrize("part", ["0", "2", "1000001", "9" * 30])
def test_a_part_that_is_not_there_is_not_found(client, db, part):
    assert client.get(f"/sitemaps/articles-{part}.xml").status_code == 404


def test_an_empty_site_has_a_sitemap(client, db):
    assert read(client, "/sitemaps/articles-1.xml") == {}
    assert f"{SITE}/" in whole(client)


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemaps/articles-1.xml", "/sitemaps/pages.xml", "/robots.txt"])
def test_who_has_a_file_is_told_so(client, cast, address):
    newsroom.published(cast)
    answer = client.get(address)
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})

    assert again.status_code == 304 and again.headers["ETag"] == answer.headers["ETag"]
    assert "cookie" not in answer.headers.get("Vary", "").lower() and not answer.cookies


def test_the_part_of_articles_is_another_after_each_change(client, cast):
    article, tags = newsroom.published(cast), []

    def look():
        tags.append(client.get("/sitemaps/articles-1.xml").headers["ETag"])

    look()
    other = newsroom.published(cast)
    look()
    newsroom.rewrite(cast, article, title="Another")
    newsroom.approve(newsroom.submit(cast, article))
    article.refresh_from_db()
    newsroom.publish(cast, article)
    look()
    workflow.withdraw(article=other, actor=cast.editor, notice="It was wrong.")
    look()
    assert len(set(tags)) == 4


def test_who_has_the_part_of_articles_is_told_of_an_address_that_was_changed(client, committed):
    article = newsroom.published(newsroom.cast())
    tag = client.get("/sitemaps/articles-1.xml").headers["ETag"]
    assert client.get("/sitemaps/articles-1.xml", headers={"If-None-Match": tag}).status_code == 304
    article.slug = "otherwise"
    article.save(update_fields=["slug"])

    again = client.get("/sitemaps/articles-1.xml", headers={"If-None-Match": tag})
    assert again.status_code == 200 and b"/articles/otherwise/" in again.getvalue()


def test_a_room_is_asked_once_however_often_it_registers(monkeypatch):
    monkeypatch.setattr(site_map, "_sources", [])

    def source():
        yield "/a/", None

    site_map.register(source)
    site_map.register(source)
    assert list(site_map.all_pages()) == [("/a/", None)]


def test_robots_may_read_what_readers_may(client, db):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert lines[0] == "User-agent: *" and f"Sitemap: {SITE}/sitemap.xml" in lines
    assert {line for line in lines if line.startswith("Disallow")} == {
        "Disallow: /account/",
        "Disallow: /admin/",
        "Disallow: /board/",
        "Disallow: /preview/",
    }


def test_the_part_of_articles_is_another_once_a_schedule_has_come_and_once_a_text_has_ended(client, cast):
    now, day = timezone.now(), timedelta(days=1)
    newsroom.publish(cast, newsroom.approved(cast), at=now + day)
    workflow.publish(article=newsroom.approved(cast), actor=cast.editor, until=now + 2 * day)
    tags = []
    for days in (0.1, 0.5, 1.5, 1.7, 2.5):
        with time_machine.travel(now + days * day):
            tags.append(client.get("/sitemaps/articles-1.xml").headers["ETag"])

    assert [tags.index(tag) for tag in tags] == [0, 0, 2, 2, 4]


def test_the_part_of_articles_is_told_apart_without_reading_it(client, cast):
    newsroom.published(cast)
    with CaptureQueriesContext(connection) as few:
        sitemaps._state(1)
    for _ in range(3):
        newsroom.published(cast)
    with CaptureQueriesContext(connection) as many:
        sitemaps._state(1)

    assert len(few) == len(many) == 5
    assert not any("JOIN" in query["sql"] or "COUNT" in query["sql"] or "SUM" in query["sql"] for query in many)
