"""What a worker answers is, byte for byte, the page that would be rendered now: from its memory, from the cache that
workers share, or from neither.

Whatever is done to the articles or to what they show. Each change is tried alone, and then many in any order; `NEWEST`
is made small, so that some articles lie beyond it.
"""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from advisors import disclosures
from advisors.disclosures import Interest
from advisors.models import Advisor, Question, RemarksWithheld, Review
from articles import workflow
from articles.exceptions import Blocked, InvalidTransition
from articles.models import Article, Author, Publication, Reason, Recommendation, Topic
from articles.models.visibility import IN_FORCE_SQL
from products.models import Product
from sources import retractions
from sources.models import Nature, Source
from tests import newsroom
from tests.cached_worker import HOST, Worker, transaction_ends
from tests.website.test_cached_pages import NEED_NO_WATCH
from website import related
from website.kept_pages import kept_page

MIX = re.compile(r'<div class="mix".*?</div>', re.DOTALL)


class Site:
    """Six articles on two topics, a worker that keeps their pages, and what may be done to them.

    Articles 0 and 1 are on sleep, 2 and 3 on light, 4 on both; 5 is on sleep, approved and not published.
    """

    def __init__(self) -> None:
        self.cast = cast = newsroom.cast()
        self.light = Topic.objects.create(name="Light", slug="light")
        self.articles = [newsroom.published(cast, title=f"Article {number}") for number in range(5)]
        self.articles.append(newsroom.approved(cast, title="Article 5"))
        for article in self.articles[2:4]:
            article.topics.set([self.light])
        self.articles[4].topics.add(self.light)
        self.product = Product.objects.create(name="Calm", slug="calm")
        Recommendation.objects.create(article=self.articles[0], product=self.product)
        self.client, self.worker = Client(), Worker()
        self.read()

    def paths(self) -> list[str]:
        """Return the addresses of the articles, of the homepage and of both topics."""
        slugs = dict(Article.objects.values_list("pk", "slug"))
        articles = [f"/articles/{slugs[article.pk]}/" for article in self.articles]
        return [*articles, "/", *(f"/topics/{topic.slug}/" for topic in (self.light, self.cast.topic))]

    def read(self) -> None:
        """Open every page once, so that a new worker keeps all of them."""
        self.worker = Worker()
        transaction_ends()
        for path in self.paths():
            self.worker.get(path)

    def untrue(self) -> list[str]:
        """Return the addresses at which readers get another page than the one that would be rendered now."""
        wrong = []
        self.worker.later()
        for path in self.paths():
            kept = self.worker.get(path)
            with override_settings(DEBUG=True):
                rendered = self.client.get(path)
            # With DEBUG on, a 404 is Django's own page. The figures of a topic's evidence may be ten minutes old.
            pages = {MIX.sub("", text) for text in (kept.text, rendered.content.decode())}
            if kept.status != rendered.status_code or (len(pages) > 1 and kept.status != 404):
                wrong.append(path)
        return wrong

    def do(self, change: str, number: int) -> None:
        """Make a change; what the workflow refuses is left undone."""
        with suppress(InvalidTransition, Blocked), transaction.atomic():
            getattr(self, change)(number)
        transaction_ends()

    # The changes: to one of the articles, or to what they show.

    def withdraw(self, number: int) -> None:
        article = self.now(number)
        if article.stage == "published":
            workflow.withdraw(article=article, actor=self.cast.editor, notice="A dose was wrong.")

    def publish(self, number: int) -> None:
        """For the first time, or again after a withdrawal."""
        if self.now(number).stage in ("approved", "withdrawn"):
            try:
                workflow.publish(article=self.now(number), actor=self.cast.editor)
            except InvalidTransition:
                workflow.reinstate(article=self.now(number), actor=self.cast.editor, reason="The dose is right.")

    def schedule(self, number: int) -> None:
        in_an_hour = timezone.now() + timedelta(hours=1)
        workflow.schedule(article=self.now(number), actor=self.cast.editor, at=in_an_hour)

    def bring_out(self, number: int) -> None:
        """New words, from the first to readers."""
        article = self.now(number)
        if article.stage == "published":
            newsroom.rewrite(self.cast, article, title=f"Article {number} anew", standfirst="New.")
            newsroom.approve(newsroom.submit(self.cast, article))
            workflow.publish(article=self.now(number), actor=self.cast.editor)

    def renew(self, number: int) -> None:
        article = self.now(number)
        if article.stage == "published":
            submission = workflow.submit(article=article, actor=self.cast.writer, reason=Reason.RENEWAL)
            newsroom.approve(submission)

    def file(self, number: int) -> None:
        self.now(number).topics.add(self.light)

    def take_from(self, number: int) -> None:
        self.now(number).topics.remove(self.cast.topic)

    def file_under_nothing(self, number: int) -> None:
        self.now(number).topics.clear()

    def move_at_once(self, number: int) -> None:
        """As a line typed into the database might: rows change their article and their topic."""
        filed = Article.topics.through.objects.filter(article=self.articles[number].pk, topic=self.cast.topic.pk)
        if not Article.topics.through.objects.filter(article=self.articles[number].pk, topic=self.light.pk):
            filed.update(topic=self.light.pk)

    def recommend(self, number: int) -> None:
        Recommendation.objects.get_or_create(article=self.now(number), product=self.product)

    def recommend_no_more(self, number: int) -> None:
        Recommendation.objects.filter(article=self.now(number)).delete()

    def begin_another(self, number: int) -> None:
        newsroom.draft(self.cast, title="A draft")

    def move(self, number: int) -> None:
        Article.objects.filter(pk=self.articles[number].pk).update(slug=f"moved-{self.articles[number].pk}")

    def rename_a_topic(self, number: int) -> None:
        Topic.objects.filter(pk=self.light.pk).update(name="Daylight", review_interval_days=30)

    def rename_the_author(self, number: int) -> None:
        Author.objects.update(name="Wanda Wright", slug="wanda-wright")

    def retract(self, number: int) -> None:
        retractions.note(source=self.cast.source, actor=self.cast.editor, nature=Nature.RETRACTION, reason="Made up.")

    def archive(self, number: int) -> None:
        Source.objects.update(archived_url="https://archive.example/x", archived_on="2026-01-02")

    def change_an_expert(self, number: int) -> None:
        Advisor.objects.update(affiliation="Elsewhere", name="Dr Other")

    def disclose(self, number: int) -> None:
        member = self.cast.advisors[0]
        interests = {**dict.fromkeys(Question, Interest()), Question.STOCK: Interest("Shares of a maker.")}
        disclosures.disclose(advisor=member, actor=member.user, interests=interests)

    def withhold_remarks(self, number: int) -> None:
        review = Review.objects.filter(verdict="approve", withheld=None).order_by("pk").first()
        if review:
            RemarksWithheld.objects.create(
                review=review, withheld_by=self.cast.editor, withheld_by_name="Editor", reason="Names a patient."
            )

    def change_a_product(self, number: int) -> None:
        Product.objects.update(name="Quiet", tagline="Not a word.")

    def take_from_sale(self, number: int) -> None:
        Product.objects.update(is_available=False)

    def now(self, number: int) -> Article:
        return Article.objects.get(pk=self.articles[number].pk)


CHANGES = [
    *("withdraw", "publish", "schedule", "bring_out", "renew", "file", "take_from", "file_under_nothing"),
    *("move_at_once", "recommend", "recommend_no_more", "begin_another", "move", "rename_a_topic"),
    *("rename_the_author", "retract", "archive", "change_an_expert", "disclose", "withhold_remarks"),
    *("change_a_product", "take_from_sale"),
]
# Changes of single articles: the order in which they are made matters most.
OF_PARTS = CHANGES[: CHANGES.index("move")]


@pytest.fixture(params=[40, 1])
def newest(request, monkeypatch):
    """Among how many articles of each topic related ones are looked for: all six, or one."""
    monkeypatch.setattr(related, "NEWEST", request.param)


@pytest.fixture
def site(db, settings):
    settings.ALLOWED_HOSTS = [HOST, "testserver"]
    return Site()


def test_every_change_that_can_be_made_is_tried():
    done = {name for name in vars(Site) if not name.startswith("_")} - {"paths", "read", "untrue", "do", "now"}
    assert done == set(CHANGES)


@pytest.mark.parametrize("newest", [40, 1], indirect=True)
def test_whatever_is_done_every_page_shows_it_at_once(newest, site):
    for change in CHANGES if related.NEWEST > 1 else OF_PARTS:
        with transaction.atomic():
            site.read()
            for number in (3, 0, 5):
                site.do(change, number)
            assert site.untrue() == [], change
            transaction.set_rollback(True)


@settings(max_examples=5, phases=(Phase.generate,), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_in_whatever_order_it_is_done_every_page_shows_it_at_once(site, data):
    with transaction.atomic():
        site.read()
        for _ in range(data.draw(st.integers(2, 4))):
            for _ in range(data.draw(st.integers(1, 3))):
                change = data.draw(st.sampled_from((*OF_PARTS, *CHANGES)))
                site.do(change, data.draw(st.integers(0, 5)))
            assert site.untrue() == []
        transaction.set_rollback(True)


def test_what_starts_and_ends_by_the_clock_shows_on_the_second(site):
    start = timezone.now() + timedelta(hours=1)
    workflow.schedule(article=site.now(5), actor=site.cast.editor, at=start, until=start + timedelta(hours=1))
    for at, is_there in ((-1, False), (0, True), (3599, True), (3600, False)):
        with time_machine.travel(start + timedelta(seconds=at), tick=False):
            site.worker.later()
            for path in (site.paths()[0], "/", "/topics/sleep/"):
                assert ("Article 5" in site.worker.get(path).text) is is_there, (at, path)
            assert site.untrue() == []


def test_a_review_that_falls_due_shows_on_the_second(site):
    due = Publication.objects.get(article=site.articles[0]).approval.approved_at + timedelta(days=365)
    for at, is_overdue in ((-1, False), (1, True)):
        with time_machine.travel(due + timedelta(seconds=at), tick=False):
            site.worker.later()
            assert ("overdue" in site.worker.get(site.paths()[0]).text) is is_overdue
            assert site.untrue() == []


def test_a_page_made_while_the_clock_was_ahead_is_not_served_after_it_was_set_right(site):
    workflow.schedule(article=site.now(5), actor=site.cast.editor, at=timezone.now() + timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(days=366), tick=False):
        site.read()
        assert "overdue" in site.worker.get(site.paths()[0]).text
        assert "Article 5" in site.worker.get("/").text
    site.worker.later()
    assert "overdue" not in site.worker.get(site.paths()[0]).text
    assert "Article 5" not in site.worker.get("/").text
    assert site.untrue() == []


def test_a_page_that_did_not_change_is_not_rendered_again(site):
    """Neither after a change elsewhere; what it costs is counted."""
    site.change_a_product(0)
    site.withdraw(3)
    for path in site.paths():
        site.client.get(path)
    for path, most in ((site.paths()[1], 4), ("/", 2), ("/topics/sleep/", 2)):
        with CaptureQueriesContext(connection) as queries:
            assert site.client.get(path).status_code == 200
        assert len(queries) <= most, (path, [query["sql"] for query in queries])


def test_whatever_is_read_in_order_to_render_an_article_is_part_of_its_state(site):
    shown = {
        table.table
        for config in apps.get_app_configs()
        for table in getattr(config, "watched_tables", ())
        if table.on_article is not None
    }
    with override_settings(DEBUG=True), CaptureQueriesContext(connection) as queries:
        site.client.get(site.paths()[0])
    read = {name for query in queries for name in re.findall(r'(?:FROM|JOIN) "?([a-z_]+)"?', query["sql"])}
    # The house settings are read when some seconds have passed; a change of them makes every page anew. A seal never
    # changes, and which one a page shows is part of the state of its record.
    assert "articles_publication" in read
    assert read - shown - {*NEED_NO_WATCH, "core_houseversion", "audit_seal"} == set()


def test_tables_of_which_no_article_shows_a_row_are_named():
    names = {
        table.table
        for config in apps.get_app_configs()
        for table in getattr(config, "watched_tables", ())
        if table.on_article is None
    }
    assert names == {
        *("articles_searchentry", "policies_policy", "products_ingredient", "products_productingredient"),
        *("advisors_advisor_specialties", "advisors_disclosure", "core_houseversion", "core_redirect"),
        *("advisors_nameconsent", "audit_seal"),
    }


def made_twice(state: int, status: int = 200) -> list[bytes]:
    """Ask twice for a page whose state is 2 after it was made, and whose words differ each time."""
    words = iter(("first", "second"))
    makes = [lambda: HttpResponse(next(words), status=status)] * 2
    return [kept_page("p", state, make, lambda before: before == 2).content for make in makes]


def test_what_changes_while_a_page_is_made_is_not_kept_under_the_old_state():
    assert made_twice(state=1) == [b"first", b"second"]
    assert made_twice(state=2) == [b"first", b"first"]


def test_only_pages_that_were_found_are_kept():
    assert made_twice(state=2, status=410) == [b"first", b"second"]


def test_a_cache_that_fails_costs_no_page(site, monkeypatch, caplog):
    def fail(*arguments):
        raise ConnectionError("no route")

    for name in ("get", "set"):
        monkeypatch.setattr(f"website.kept_pages.cache.{name}", fail)
    assert site.client.get(site.paths()[0]).status_code == 200
    assert "The cache does not answer: no route" in caplog.text


def test_the_rule_of_what_readers_see_is_the_same_in_sql(site):
    start = timezone.now() + timedelta(hours=1)
    workflow.schedule(article=site.now(5), actor=site.cast.editor, at=start, until=start + timedelta(hours=1))
    site.withdraw(3)
    for seconds in (-7200, -1, 0, 3599, 3600):
        at = start + timedelta(seconds=seconds)
        now = connection.ops.adapt_datetimefield_value(at)
        query = f"SELECT p.id FROM articles_publication p WHERE {IN_FORCE_SQL.format('p')}"
        with connection.cursor() as cursor:
            cursor.execute(query, [now, now])
            found = {key for (key,) in cursor.fetchall()}
        assert found == set(Publication.objects.visible(at).values_list("pk", flat=True))
