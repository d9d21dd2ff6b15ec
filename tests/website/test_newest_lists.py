"""Lists cost the same however much there is: bounded pages and limited counts, for few rows and for many alike."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.admin.articles import ArticleAdmin
from articles.models import Article, Publication, Topic
from articles.pages import teasers
from core import paging
from core.paging import BoundedPaginator
from tests import newsroom
from website import browse, newest_lists
from website.newest_lists import Newest


@pytest.fixture
def five(cast):
    """Create five articles on sleep, published one after another, and one on another topic."""
    made = [newsroom.published(cast, title=f"Sleep {place}") for place in range(5)]
    other = newsroom.published(cast, title="Tea")
    other.topics.set([Topic.objects.create(name="Tea", slug="tea")])
    return made


def titles(client, place: str, **query: str) -> list[str]:
    answer = client.get(place, query)
    assert answer.status_code == 200
    return [row.approval.revision.title for row in answer.context["page"].object_list]


@pytest.mark.parametrize("most", [2, 3, 5, 360])
@pytest.mark.parametrize("place", ["/topics/sleep/", "/authors/wanda-writer/"])
def test_few_and_many_are_listed_in_the_same_order(client, five, monkeypatch, most, place):
    monkeypatch.setattr(newest_lists, "MOST", most)
    expected = [f"Sleep {place}" for place in (4, 3, 2, 1, 0)]
    if place.startswith("/authors"):
        expected = ["Tea", *expected]

    assert titles(client, place) == expected[:most]


def test_pages_of_many_end_where_the_bound_is(client, five, monkeypatch):
    monkeypatch.setattr(newest_lists, "MOST", 3)
    monkeypatch.setattr("website.browse.PER_PAGE", 2)

    assert titles(client, "/topics/sleep/", page="2") == ["Sleep 2"]
    assert client.get("/topics/sleep/", {"page": "3"}).status_code == 404


def test_what_has_ended_is_in_no_list(client, cast, five, monkeypatch):
    workflow.withdraw(article=five[4], actor=cast.editor, notice="It was wrong.")
    for most in (2, 360):
        monkeypatch.setattr(newest_lists, "MOST", most)
        cache.clear()  # else the page is kept
        assert "Sleep 4" not in titles(client, "/topics/sleep/")
    assert titles(client, "/")[0] == "Tea"


def test_the_home_page_is_counted_up_to_its_last_page(client, five, monkeypatch):
    monkeypatch.setattr(paging, "MAX_PAGES", 2)
    monkeypatch.setattr("website.views.PER_PAGE", 2)
    page = client.get("/", {"page": "2"}).context["page"]

    assert (page.paginator.num_pages, page.paginator.count, page.paginator.is_capped) == (2, 4, True)
    assert client.get("/", {"page": "3"}).status_code == 404


def test_topics_are_counted_exactly_and_in_one_query(client, cast, five):
    with CaptureQueriesContext(connection) as queries:
        topics = client.get("/topics/").context["page"].object_list

    assert {topic.slug: topic.articles_live for topic in topics} == {"sleep": 5, "tea": 1}
    assert len(queries) <= 3


def test_the_newest_of_many_are_read_in_the_order_of_an_index(five, monkeypatch):
    monkeypatch.setattr(newest_lists, "MOST", 2)
    sleep, now = Topic.objects.get(slug="sleep"), timezone.now() + timedelta(minutes=1)
    of_topic = Article.topics.through.objects.filter(article=OuterRef("article"), topic=sleep.pk)
    rows = Newest(teasers(now), at=now, leads=Q(article__topics=sleep.pk), belongs=Exists(of_topic))

    assert [row.approval.revision.title for row in rows[0:2]] == ["Sleep 4", "Sleep 3"]
    if connection.vendor == "sqlite":
        plan = rows.rows.filter(rows.belongs)[:2].explain()
        assert "publication_starts_at" in plan and "TEMP B-TREE" not in plan


@pytest.mark.parametrize(
    ("shown", "stages"),
    [
        ("live", {"published"}),
        ("scheduled", {"published"}),
        ("withdrawn", {"withdrawn"}),
        ("never", {"draft", "in_review", "changes_requested", "approved"}),
    ],
)
def test_the_newsrooms_list_by_what_readers_see(client, cast, shown, stages):
    client.force_login(cast.editor)
    for make in (newsroom.draft, newsroom.in_review, newsroom.changes_requested, newsroom.approved):
        make(cast)
    newsroom.published(cast)
    newsroom.publish(cast, newsroom.approved(cast), at=timezone.now() + timedelta(days=1))
    workflow.withdraw(article=newsroom.published(cast), actor=cast.editor, notice="It was wrong.")
    found = client.get("/admin/articles/article/", {"shown": shown}).context["cl"].result_list

    assert {article.stage for article in found} == stages
    assert len(found) == (4 if shown == "never" else 1)


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("otter", {"Otters at rest", "A draft"}),
        ("otter sea", {"Otters at rest"}),
        ("rest-of", {"Otters at rest"}),
        ("doe2020", {"Otters at rest", "A draft", "Tea"}),
        ("nothing-of-it", set()),
        ("", {"Otters at rest", "A draft", "Tea"}),
    ],
)
@pytest.mark.parametrize("who", ["editor", "writer"])
def test_the_newsrooms_search_reads_titles_addresses_texts_and_sources(client, cast, typed, finds, who):
    cite = '<sup data-cite="doe2020"></sup>'
    article = newsroom.draft(
        cast, slug="rest-of-otters", title="Otters at rest", body=f"<p>Otters sleep at sea.{cite}</p>"
    )
    newsroom.approve(newsroom.submit(cast, article))
    article.refresh_from_db()
    newsroom.publish(cast, article)
    newsroom.published(cast, title="Tea")
    newsroom.draft(cast, title="A draft", body=f"<p>An otter.{cite}</p>")
    client.force_login(cast.everybody[who])
    found = client.get("/admin/articles/article/", {"q": typed}).context["cl"].result_list

    assert {article.title for article in found} == finds


def test_a_page_far_down_reads_its_keys_before_what_it_shows(cast, monkeypatch):
    monkeypatch.setattr("core.paging.FAR", 2)
    made = [newsroom.draft(cast, title=f"Draft {place}") for place in range(5)]
    rows = Article.objects.annotate(shown=Subquery(Publication.objects.filter(article=OuterRef("pk")).values("pk")[:1]))
    with CaptureQueriesContext(connection) as queries:
        found = list(BoundedPaginator(rows.order_by("pk"), 2).page(2).object_list)

    assert [article.pk for article in found] == [article.pk for article in made[2:4]]
    assert all("OFFSET" not in query["sql"] for query in queries if "publication" in query["sql"])


def test_the_newsrooms_list_goes_on_where_its_first_page_ends(client, cast, monkeypatch):
    monkeypatch.setattr(ArticleAdmin, "list_per_page", 2)
    for place in range(5):
        newsroom.draft(cast, title=f"Draft {place}")
    client.force_login(cast.editor)
    pages = [client.get("/admin/articles/article/", {"p": page}).context["cl"].result_list for page in (1, 2, 3)]

    assert [[article.title for article in page] for page in pages] == [
        ["Draft 4", "Draft 3"],
        ["Draft 2", "Draft 1"],
        ["Draft 0"],
    ]


def test_a_topic_with_many_articles_says_that_it_has_more_than_were_counted(client, five, monkeypatch):
    monkeypatch.setattr("website.browse.COUNTED", 4)
    body = " ".join(client.get("/topics/").content.decode().split())

    assert "more than 4 articles" in body and "1 article<" in body and "more than 1" not in body


def test_what_is_counted_on_a_topic_is_what_readers_see(client, cast, five):
    workflow.withdraw(article=five[4], actor=cast.editor, notice="It was wrong.")
    newsroom.publish(cast, newsroom.approved(cast), at=timezone.now() + timedelta(days=1))
    newsroom.rewrite(cast, five[0], title="Once more")

    assert {topic.slug: topic.articles_live for topic in client.get("/topics/").context["page"]}["sleep"] == 4


def test_what_a_topic_has_is_counted_out_of_two_indexes(five):
    topics = list(Topic.objects.order_by("slug"))
    with CaptureQueriesContext(connection) as queries:
        browse.count_articles(topics, timezone.now())

    assert [topic.articles_live for topic in topics] == [5, 1] and len(queries) == 1
    if connection.vendor == "sqlite":  # PostgreSQL's plan depends on how much there is
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}")
            plan = " ".join(row[3] for row in cursor.fetchall())
        assert "COVERING INDEX publication_shown" in plan and "COVERING INDEX article_topics_newest" in plan


def test_each_part_of_the_newsrooms_search_finds_a_bounded_number_of_articles(client, cast, monkeypatch):
    monkeypatch.setattr("articles.search.newsroom.MOST", 1)
    for title in ("Earlier", "Later"):
        newsroom.draft(cast, title=title, body="<p>An otter.</p>")
    client.force_login(cast.editor)
    found = client.get("/admin/articles/article/", {"q": "otter"}).context["cl"].result_list

    assert len(found) == 1
