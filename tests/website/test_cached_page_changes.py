"""Whatever is done, what a worker gives from memory is what Django would render at that moment.

Each change is tried alone, and then many in any order.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from advisors import disclosures
from advisors.disclosures import Interest
from advisors.models import Advisor, Question, RemarksWithheld, Review
from articles import workflow
from articles.exceptions import Blocked, InvalidTransition
from articles.models import Article, Author, Reason, Recommendation, Topic
from products.models import Product
from sources import retractions
from sources.models import Nature, Source
from tests import newsroom
from tests.cached_worker import HOST, Worker, transaction_ends


class Site:
    """Six articles on two topics, a worker with their pages in memory, and what may be done to them.

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
        self.worker = Worker()
        self.read()

    def read(self) -> None:
        """Every page is asked for, by those who have learned of what has changed."""
        transaction_ends()
        self.worker.later()
        for article in self.articles:
            self.worker.get(self.path(article))

    def path(self, article: Article) -> str:
        return f"/articles/{Article.objects.values_list('slug', flat=True).get(pk=article.pk)}/"

    def untrue(self) -> list[str]:
        """The pages that the worker gives otherwise than Django would make them now."""
        self.worker.later()
        wrong = []
        for article in self.articles:
            path = self.path(article)
            kept, anew = (
                (answer.status, answer.headers.get("ETag"), answer.body)
                for answer in (self.worker.get(path), Worker().get(path))
            )
            if kept != anew:
                wrong.append(path)
        return wrong

    def do(self, change: str, number: int) -> None:
        """What the house refuses is left undone."""
        with suppress(InvalidTransition, Blocked), transaction.atomic():
            getattr(self, change)(number)

    # What may be done, to one of the articles or to what they show.

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


@pytest.fixture
def one_host(settings):
    settings.ALLOWED_HOSTS = [HOST]


@pytest.fixture
def site(db, one_host):
    return Site()


def test_every_change_that_can_be_made_is_tried():
    done = {name for name in vars(Site) if not name.startswith("_")} - {"read", "path", "untrue", "do", "now"}
    assert done == set(CHANGES)


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_done_every_page_shows_it_at_once(site, change):
    for number in (3, 0, 5):
        site.do(change, number)
        assert site.untrue() == []
        site.read()


@settings(max_examples=8, phases=(Phase.generate,), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_in_whatever_order_it_is_done_every_page_shows_it_at_once(one_host, db, data):
    with transaction.atomic():
        site = Site()
        for _ in range(data.draw(st.integers(2, 6))):
            for _ in range(data.draw(st.integers(1, 3))):
                site.do(data.draw(st.sampled_from(CHANGES)), data.draw(st.integers(0, 5)))
            assert site.untrue() == []
            site.read()
        transaction.set_rollback(True)


@pytest.mark.parametrize("changes", [True, False], ids=["something changes", "nothing changes"])
def test_what_starts_and_ends_by_the_clock_shows_on_the_second(site, changes):
    start = timezone.now() + timedelta(hours=1)
    workflow.schedule(article=site.now(5), actor=site.cast.editor, at=start, until=start + timedelta(hours=1))
    site.read()
    path = site.path(site.articles[0])
    for at, is_there in ((-1, False), (0, True), (3599, True), (3600, False)):
        with time_machine.travel(start + timedelta(seconds=at), tick=False):
            if changes:
                site.rename_a_topic(0)
                transaction_ends()
            site.worker.later()
            assert ("Article 5" in site.worker.get(path).text) is is_there
            assert site.untrue() == []
