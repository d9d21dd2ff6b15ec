"""No page needs more queries because there is more to show, and every list has pages."""

from datetime import timedelta

import pytest
from django.contrib.admin import site as admin_site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from advisors.models import PanelMember, Review
from articles import drafting, workflow
from articles.models import Article, Author, Authorship, Recommendation, Topic
from products.models import Product
from tests import newsroom
from tests.admin_forms import address

ARTICLES, SOURCES = reverse("admin:articles_article_changelist"), reverse("admin:sources_source_changelist")
REVIEWS = reverse("admin:advisors_review_changelist")
STAGES = (newsroom.draft, newsroom.in_review, newsroom.changes_requested, newsroom.approved, newsroom.published)


@pytest.fixture
def asked(client):
    """Return how many queries a page makes, after sessions and content types have been cached."""

    def count(place: str) -> int:
        assert client.get(place).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            client.get(place)
        return len(queries)

    return count


def put_by_the_side(cast, article: Article, many: int, name: str = "work") -> Article:
    """Give an article this many sources, authors, reviewers and products."""
    works = [newsroom.source(f"{name}{serial}") for serial in range(many)]
    names = [newsroom.advisor(f"{name}{serial}") for serial in range(many)]
    for serial in range(many):
        person = Author.objects.create(name="Author", slug=f"{name}-{serial}")
        Authorship.objects.create(article=article, author=person, position=serial + 1)
        product = Product.objects.create(name="Product", slug=f"{name}-{serial}")
        Recommendation.objects.create(article=article, product=product)
        PanelMember.objects.create(article=article, advisor=names[serial], confirmed=True, proposed_by=cast.editor)
        article.topics.add(Topic.objects.create(name=f"{name} {serial}", slug=f"{name}-{serial}"))
    drafting.rewrite(
        article=article,
        actor=cast.writer,
        seen_version=article.version,
        content={"body": "".join(f'<p>Said.<sup data-cite="{work.key}"></sup></p>' for work in works)},
        sources=dict.fromkeys(works, "what it says"),
    )
    article.refresh_from_db()
    return article


def rounds(cast, article: Article, many: int) -> None:
    """Submit and recall the article this many times, with submissions, reviews and log entries."""
    for _ in range(many):
        workflow.submit(article=article, actor=cast.writer)
        workflow.recall(article=article, actor=cast.writer, reason="Once more.")


def with_comments(article: Article, many: int) -> Article:
    for review in Review.objects.filter(submission__article=article, submission__outcome=""):
        for serial in range(many):
            review.comments.create(
                written_by=review.advisor.user, written_by_name="x", passage="x", text=f"Comment {serial}"
            )
    return article


@pytest.mark.parametrize("who", ["writer", "editor", "admin"])
def test_the_list_of_articles(client, cast, asked, who):
    client.force_login(cast.everybody[who])
    for make in STAGES:
        make(cast)
    few = asked(ARTICLES)
    for make in STAGES:
        for _ in range(3):
            make(cast)
    article = newsroom.approved(cast)
    newsroom.publish(cast, article, at=timezone.now() + timedelta(days=1))
    put_by_the_side(cast, newsroom.draft(cast), 3)

    assert asked(ARTICLES) == few <= 20


@pytest.mark.parametrize("who", ["writer", "editor", "admin"])
def test_the_form_of_an_article_with_all_that_stands_beside_it(client, cast, asked, who):
    client.force_login(cast.everybody[who])
    small, large = put_by_the_side(cast, newsroom.draft(cast), 1), newsroom.draft(cast)
    few = asked(address(small))
    put_by_the_side(cast, large, 6, "more")

    assert asked(address(large)) == few <= 50


def test_the_form_of_an_article_with_a_long_diary(client, cast, asked):
    client.force_login(cast.editor)
    article = newsroom.draft(cast)
    rounds(cast, article, 2)
    few = asked(address(article))
    rounds(cast, article, 10)
    for serial in range(10):
        newsroom.rewrite(cast, article, title=f"Title {serial}")

    assert asked(address(article)) == few


def test_the_form_of_an_article_with_reviews_and_comments(client, cast, asked):
    client.force_login(cast.editor)
    small, large = newsroom.draft(cast, panel=1), newsroom.draft(cast, panel=3)
    PanelMember.objects.create(article=small, advisor=cast.advisors[1], confirmed=True, proposed_by=cast.editor)
    for article, comments in ((small, 1), (large, 8)):
        newsroom.submit(cast, article)
        with_comments(article, comments)

    assert asked(address(large)) == asked(address(small))


@pytest.mark.parametrize("who", ["advisor1", "editor"])
def test_the_list_of_reviews(client, cast, asked, who):
    client.force_login(cast.everybody[who])
    newsroom.in_review(cast)
    few = asked(REVIEWS)
    for _ in range(6):
        newsroom.published(cast)
        newsroom.in_review(cast)

    assert asked(REVIEWS) == few <= 15


def test_the_page_of_a_review(client, cast, asked):
    client.force_login(cast.advisors[0].user)
    article = newsroom.in_review(cast)
    place = reverse("admin:advisors_review_change", args=[Review.objects.get(advisor=cast.advisors[0]).pk])
    with_comments(article, 1)
    few = asked(place)
    with_comments(article, 12)

    assert (
        asked(place) == few <= 22
    )  # including those of the checks, which match answers to warnings, and of the log of accesses


def test_the_text_under_review(client, cast, asked):
    client.force_login(cast.advisors[0].user)
    places = []
    for many in (1, 6):
        article = newsroom.draft(cast)
        works = {newsroom.source(f"of{many}no{serial}"): "it" for serial in range(many)}
        body = "".join(f'<p>Said.<sup data-cite="{work.key}"></sup></p>' for work in works)
        drafting.rewrite(article=article, actor=cast.writer, seen_version=1, content={"body": body}, sources=works)
        review = newsroom.submit(cast, article).reviews.get(advisor=cast.advisors[0])
        places.append(reverse("admin:advisors_review_text", args=[review.pk]))

    assert asked(places[0]) == asked(places[1])


def test_the_list_of_sources(client, cast, asked):
    client.force_login(cast.editor)
    newsroom.published(cast)
    few = asked(SOURCES)
    put_by_the_side(cast, newsroom.draft(cast), 12)

    assert asked(SOURCES) == few <= 12


def test_the_home_page(client, cast, asked):
    for _ in range(2):  # a source that only one article cites is not shown there
        newsroom.published(cast)
    few = asked("/")
    for _ in range(8):
        newsroom.published(cast)

    assert asked("/") == few <= 12


def test_a_list_of_articles_has_pages(client, cast):
    client.force_login(cast.editor)
    Article.objects.bulk_create(
        Article(title=f"No. {serial}", slug=f"no-{serial}", created_by=cast.writer) for serial in range(60)
    )

    assert len(client.get(ARTICLES).context["cl"].result_list) == 50
    assert len(client.get(ARTICLES, {"p": 2}).context["cl"].result_list) == 10


def test_a_list_of_sources_has_pages(client, cast):
    client.force_login(cast.editor)
    for serial in range(60):
        newsroom.source(f"work{serial}")

    assert len(client.get(SOURCES).context["cl"].result_list) == 50


def test_every_list_of_the_admin_has_pages():
    assert all(0 < model_admin.list_per_page <= 100 for model_admin in admin_site._registry.values())
