"""The elements around an article: related articles, and how to cite it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.models import Topic
from articles.pages import page_of
from tests import newsroom
from website.how_to_cite import family_first, how_to_cite
from website.related import publications, related


def around(article) -> list:
    now = timezone.now()
    return publications(related(article.pk, topics_of(article), now), now)


def titles(article) -> list[str]:
    return [row.approval.revision.title for row in around(article)]


def topics_of(article) -> list[int]:
    return [topic.pk for topic in article.topics.all()]


def rendered(article) -> str:
    return render_to_string("website/_related.html", {"related": around(article)})


@pytest.fixture
def topics(cast):
    return [Topic.objects.create(name=name, slug=name) for name in ("travel", "light", "food")]


def live(cast, title: str, *more: Topic, days_ago: int = 0):
    """Return a published article on sleep and these topics."""
    with time_machine.travel(timezone.now() - timedelta(days=days_ago)):
        article = newsroom.published(cast, title=title)
    article.topics.add(*more)
    return article


def test_those_that_share_most_topics_come_first_then_the_latest(cast, topics):
    article = live(cast, "This one", *topics)
    live(cast, "One old", days_ago=9)
    live(cast, "One new", days_ago=1)
    live(cast, "Two", topics[0], days_ago=20)
    live(cast, "Three", *topics[:2], days_ago=30)

    assert titles(article) == ["Three", "Two", "One new"]


def test_what_shares_no_topic_is_not_related_and_nothing_is_shown_then(cast, topics):
    article = live(cast, "This one")
    live(cast, "Elsewhere").topics.set([topics[0]])

    assert titles(article) == []
    assert "Related" not in rendered(article)


def test_only_what_readers_can_open_is_related(cast):
    article = live(cast, "This one")
    newsroom.draft(cast, title="A draft")
    newsroom.approved(cast, title="An approved one")
    gone = live(cast, "A withdrawn one")
    workflow.withdraw(article=gone, actor=cast.editor, notice="It was wrong.")
    other = live(cast, "Another one")
    newsroom.rewrite(cast, other, title="Its draft")

    assert titles(article) == ["Another one"]


def test_it_takes_two_queries_however_many_there_are(cast, topics):
    article = live(cast, "This one", *topics)
    for serial in range(6):
        live(cast, f"Other {serial}", *topics[: serial % 3])
    topics_of_it = topics_of(article)
    now = timezone.now()
    with CaptureQueriesContext(connection) as asked:
        found = publications(related(article.pk, topics_of_it, now), now)
        html = render_to_string("website/_related.html", {"related": found})

    assert len(asked) == 2 and html.count("<h3>") == 3


@pytest.mark.parametrize(
    ("name", "turned"),
    [
        ("Amira Okafor", "Okafor, Amira"),
        ("Helene Marchetti-Oduya", "Marchetti-Oduya, Helene"),
        ("Ludwig van Beethoven", "van Beethoven, Ludwig"),
        ("Prof. Dr Ana Maria de la Cruz", "de la Cruz, Ana Maria"),
        ("Kenneth P. Wright Jr", "Wright, Kenneth P., Jr"),
        ("The Betterment Project", "{The Betterment Project}"),
        ("Plato", "{Plato}"),
    ],
)
def test_a_name_is_turned_as_references_have_it(name, turned):
    assert family_first(name) == turned


def cited(article, number: int | None = None) -> str:
    publication = article.publications.order_by("starts_at")[(number or article.publications.count()) - 1]
    return how_to_cite(page_of(publication.approval.revision, publication=publication), article.slug)


def test_a_citation_names_the_version_and_an_address_that_stays(client, cast):
    with time_machine.travel("2026-03-01T12:00Z"):
        article = newsroom.published(cast, title="Does magnesium help?")
    with time_machine.travel("2026-05-04T12:00Z"):
        newsroom.rewrite(cast, article, title="Magnesium and sleep")
        newsroom.approve(newsroom.submit(cast, article))
        article.refresh_from_db()
        newsroom.publish(cast, article)
    begins = "The Betterment Project. Published March 1, 2026."
    address = f"http://127.0.0.1:8000/articles/{article.slug}/versions"

    assert cited(article) == (
        f"Writer W. Magnesium and sleep. {begins} Updated May 4, 2026. Version 2. "
        f"Accessed [the day on which you read it]. {address}/2/"
    )
    assert cited(article, 1) == (
        f"Writer W. Does magnesium help? {begins} Version 1. Accessed [the day on which you read it]. {address}/1/"
    )
    for number in (1, 2):
        assert client.get(f"/articles/{article.slug}/versions/{number}/").status_code == 200


def test_a_scheduled_version_is_not_counted(cast):
    article = newsroom.published(cast)
    newsroom.rewrite(cast, article, title="Later")
    newsroom.approve(newsroom.submit(cast, article))
    article.refresh_from_db()
    newsroom.publish(cast, article, at=timezone.now() + timedelta(days=1))

    publication = article.publications.visible().get()
    assert page_of(publication.approval.revision, publication=publication).version == 1
    assert "Version 1." in cited(article, 1)


def test_a_preview_cannot_be_cited(cast):
    revision = newsroom.in_review(cast).revisions.get()
    assert how_to_cite(page_of(revision), "any") == ""
