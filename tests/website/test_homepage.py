"""The content of the homepage: the latest articles, those of each topic, the most cited sources, and the board."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advisors.homepage import board_members
from articles import drafting, workflow
from articles.models import Topic
from sources.models import Source
from tests import newsroom
from tests.cached_worker import transaction_ends
from website.homepage import LATEST, ON_A_SHELF, HomepageContent


def live(cast, title: str, *more: Topic, days_ago: int = 0, sources=()):
    """Return a published article on sleep and these topics that also cites these sources."""
    with time_machine.travel(timezone.now() - timedelta(days=days_ago)):
        article = newsroom.draft(cast, title=title)
        if sources:
            works = {cast.source: "it", **dict.fromkeys(sources, "it")}
            body = "".join(f'<p>Said.<sup data-cite="{work.key}"></sup></p>' for work in works)
            drafting.rewrite(article=article, actor=cast.writer, seen_version=1, content={"body": body}, sources=works)
            article.refresh_from_db()
        newsroom.approve(newsroom.submit(cast, article))
        article.refresh_from_db()
        newsroom.publish(cast, article)
    article.topics.add(*more)
    article.refresh_from_db()
    return article


def titles(publications) -> list[str]:
    return [row.approval.revision.title for row in publications]


def hidden(cast, topic: Topic) -> None:
    """Create a draft, a scheduled and a withdrawn article on a topic."""
    newsroom.draft(cast, title="Hidden").topics.add(topic)
    later = newsroom.approved(cast, title="Hidden")
    later.topics.add(topic)
    newsroom.publish(cast, later, at=timezone.now() + timedelta(days=1))
    gone = live(cast, "Hidden", topic)
    workflow.withdraw(article=gone, actor=cast.editor, notice="It was wrong.")


def test_the_latest_are_the_newest_that_readers_can_open(cast):
    for serial in range(LATEST + 1):
        live(cast, f"No. {serial}", days_ago=serial)
    hidden(cast, cast.topic)

    assert titles(HomepageContent(timezone.now()).latest) == [f"No. {serial}" for serial in range(LATEST)]


def test_each_live_topic_has_its_three_newest(cast):
    light = Topic.objects.create(name="light", slug="light")
    Topic.objects.create(name="Nothing yet", slug="nothing")
    for serial in range(ON_A_SHELF + 1):
        live(cast, f"Sleep {serial}", days_ago=serial)
    live(cast, "Both", light, days_ago=9)
    hidden(cast, light)
    shelves = HomepageContent(timezone.now()).shelves

    assert [(shelf.topic.name, shelf.articles, titles(shelf.latest)) for shelf in shelves] == [
        ("light", 1, ["Both"]),
        ("Sleep", 5, ["Sleep 0", "Sleep 1", "Sleep 2"]),
    ]


@pytest.mark.parametrize(
    ("looked_at", "counted", "said"),
    [(20, 10, "4 articles"), (20, 4, "4 articles"), (20, 3, "More than 3 articles"), (4, 3, ""), (3, 2, "")],
)
def test_a_shelf_says_how_many_articles_it_has_or_nothing(client, cast, monkeypatch, looked_at, counted, said):
    monkeypatch.setattr("website.homepage.LOOKED_AT", looked_at)
    monkeypatch.setattr("website.homepage.COUNTED", counted)
    for serial in range(4):
        live(cast, f"Sleep {serial}")
    newsroom.draft(cast)
    (shelf,) = HomepageContent(timezone.now()).shelves
    html = client.get("/").content.decode()

    assert len(shelf.latest) == min(3, looked_at - 1)
    assert re.findall('<p class="teaser-facts">([^<]* articles)</p>', html) == ([said] if said else [])


def test_where_the_latest_alone_are_counted_the_page_says_so(client, cast, monkeypatch):
    monkeypatch.setattr("website.homepage.READ", 2)
    live(cast, "One")
    live(cast, "Two")
    html = " ".join(client.get("/").content.decode().split())
    assert "The evidence we cite most" in html and "cited by 2 articles" in html

    transaction_ends()
    live(cast, "Three")
    html = " ".join(client.get("/").content.decode().split())
    assert "The evidence our latest articles cite most" in html and "cited by 2 of the latest 2 articles" in html


def test_sources_are_counted_by_the_live_articles_that_cite_them(cast):
    often, once = newsroom.source("often2020"), newsroom.source("once2020", doi="10.1000/once")
    live(cast, "One", sources=[often])
    second = live(cast, "Two", sources=[often, once])
    live(cast, "Three")
    newsroom.draft(cast)
    cited = HomepageContent(timezone.now()).most_cited

    assert [(source.title, source.articles) for source in cited] == [
        ("A trial called doe2020", 3),
        ("A trial called often2020", 2),
    ]
    assert (cited[1].where, cited[1].group) == ("Journal of Trials, 2020", "trial")
    assert cited[1].link == "https://doi.org/10.1000/often2020" and cited[1].evidence == "randomised trial"
    workflow.withdraw(article=second, actor=cast.editor, notice="It was wrong.")
    assert [source.articles for source in HomepageContent(timezone.now()).most_cited] == [2]


def test_an_article_counts_once_however_often_it_was_approved_and_published(cast):
    article = live(cast, "One")
    live(cast, "Two")
    for title in ("One again", "One once more"):
        newsroom.rewrite(cast, article, title=title)
        newsroom.approve(newsroom.submit(cast, article))
        article.refresh_from_db()
        newsroom.publish(cast, article)
    newsroom.approve(workflow.submit(article=article, actor=cast.writer, reason="renewal"))

    assert [source.articles for source in HomepageContent(timezone.now()).most_cited] == [2]


def test_a_retraction_shows_at_once(cast):
    live(cast, "One")
    live(cast, "Two")
    assert HomepageContent(timezone.now()).most_cited[0].retraction_state == ""
    Source.objects.update(retraction_state="retracted", retraction_note="By the journal.")
    (source,) = HomepageContent(timezone.now()).most_cited

    assert source.is_retracted and source.retraction_note == "By the journal."


@pytest.mark.parametrize(("part", "many"), [("latest", 2), ("shelves", 5), ("most_cited", 3)])
def test_no_part_asks_more_because_there_is_more_to_show(cast, part, many):
    def asked() -> int:
        front = HomepageContent(timezone.now())
        with CaptureQueriesContext(connection) as queries:
            getattr(front, part)
            getattr(front, part)
        return len(queries)

    live(cast, "One")
    live(cast, "Two")
    few = asked()
    for serial in range(4):
        live(cast, f"More {serial}", Topic.objects.create(name=f"t{serial}", slug=f"t{serial}"))
    assert few == asked() == many


def test_shelves_show_neither_withdrawn_articles_nor_outdated_words(cast):
    kept, gone = live(cast, "Kept", days_ago=1), live(cast, "Gone")
    assert titles(HomepageContent(timezone.now()).shelves[0].latest) == ["Gone", "Kept"]
    workflow.withdraw(article=gone, actor=cast.editor, notice="It was wrong.")
    newsroom.rewrite(cast, kept, title="Kept and mended")
    newsroom.approve(newsroom.submit(cast, kept))
    kept.refresh_from_db()
    newsroom.publish(cast, kept)
    assert titles(HomepageContent(timezone.now()).shelves[0].latest) == ["Kept and mended"]

    workflow.withdraw(article=kept, actor=cast.editor, notice="It was wrong.")
    assert HomepageContent(timezone.now()).shelves == []


def test_readers_read_on_where_the_cache_is_silent(client, cast, settings, caplog):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",  # an address at which nothing listens
        }
    }
    article = live(cast, "Read on")
    for address, status in (("/", 200), ("/topics/sleep/", 200), ("/no-such-page/", 404)):
        answer = client.get(address)
        assert answer.status_code == status and article.get_absolute_url() in answer.content.decode()
    assert "The cache does not answer" in caplog.text


def test_a_part_that_the_page_does_not_name_costs_nothing(cast):
    with CaptureQueriesContext(connection) as queries:
        HomepageContent(timezone.now())
    assert len(queries) == 0


def test_the_board_on_the_home_page_is_active_and_shows_its_face(cast):
    ada, ben, _ = cast.advisors
    for advisor in (ada, ben):
        type(advisor).objects.filter(pk=advisor.pk).update(photo="a.webp", is_active=advisor is ada)

    assert [str(member) for member in board_members()] == ["Dr Ada"]
