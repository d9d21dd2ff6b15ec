"""An article's page outlives what is published elsewhere, and shows at once whatever changes of what it shows.

Whatever is done: what the store gives is what Django would render at that moment. Each change is tried alone, and then
many in any order; `NEWEST` is made small, so that some articles lie beyond it.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from advisors import disclosures
from advisors.disclosures import Interest
from advisors.models import Advisor, Question, RemarksWithheld, Review
from articles import workflow
from articles.exceptions import Blocked, InvalidTransition
from articles.models import Article, Author, Reason, Recommendation, Topic
from pagecache import site_version
from pagecache.folder import Folder
from products.models import Product
from sources import retractions
from sources.models import Nature, Source
from tests import newsroom
from tests.page_stores import HOST, Worker, transaction_ends
from website import related


class Site:
    """Six articles on two topics, a worker with their pages in memory, and what may be done to them.

    Articles 0 and 1 are on sleep, 2 and 3 on light, 4 on both; 5 is on sleep, approved and not published.
    """

    def __init__(self, folder: Folder | None = None) -> None:
        self.cast = cast = newsroom.cast()
        self.light = Topic.objects.create(name="Light", slug="light")
        self.articles = [newsroom.published(cast, title=f"Article {number}") for number in range(5)]
        self.articles.append(newsroom.approved(cast, title="Article 5"))
        for article in self.articles[2:4]:
            article.topics.set([self.light])
        self.articles[4].topics.add(self.light)
        self.product = Product.objects.create(name="Calm", slug="calm")
        Recommendation.objects.create(article=self.articles[0], product=self.product)
        self.worker = Worker(folder=folder)
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

    def rendered(self) -> set[int]:
        """Which of the articles that are published the worker makes anew, having learned of what has changed."""
        self.worker.later()
        found = set()
        for number, article in enumerate(self.articles):
            before = self.worker.rendered
            answer = self.worker.get(self.path(article))
            if self.worker.rendered > before and answer.status == 200:
                found.add(number)
        return found

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
# What the tables that name parts of the site are changed by. All else shows on every page.
OF_PARTS = CHANGES[: CHANGES.index("move")]


@pytest.fixture(params=[40, 1])
def newest(request, monkeypatch):
    """Among how many of each topic what is related is looked for: all of the six, or one."""
    monkeypatch.setattr(related, "NEWEST", request.param)


@pytest.fixture
def one_host(settings):
    settings.ALLOWED_HOSTS = [HOST]


@pytest.fixture
def site(db, one_host):
    return Site()


def test_every_change_that_can_be_made_is_tried():
    done = {name for name in vars(Site) if not name.startswith("_")} - {
        "read",
        "path",
        "untrue",
        "rendered",
        "do",
        "now",
    }
    assert done == set(CHANGES)


@pytest.mark.parametrize(
    ("newest", "change"),
    [*((40, change) for change in CHANGES), *((1, change) for change in OF_PARTS)],
    indirect=["newest"],
)
def test_whatever_is_done_every_page_shows_it_at_once(newest, site, change):
    for number in (3, 0, 5):
        site.do(change, number)
        assert site.untrue() == []
        site.read()


@settings(max_examples=8, phases=(Phase.generate,), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_in_whatever_order_it_is_done_every_page_shows_it_at_once(newest, tmp_path_factory, one_host, db, data):
    folder = Folder(tmp_path_factory.mktemp("pages"), 64 * 1024 * 1024, build="b", secret="s")
    with transaction.atomic():
        site = Site(folder=folder)
        for _ in range(data.draw(st.integers(2, 6))):
            for _ in range(data.draw(st.integers(1, 3))):
                change = data.draw(st.sampled_from((*OF_PARTS, *CHANGES)))
                site.do(change, data.draw(st.integers(0, 5)))
            if data.draw(st.booleans()):
                site.worker = Worker(folder=folder)
            assert site.untrue() == []
            site.read()
        transaction.set_rollback(True)


def test_what_is_published_and_withdrawn_on_another_topic_renders_nothing(site):
    for change in ("withdraw", "publish", "bring_out", "renew", "recommend", "recommend_no_more"):
        site.do(change, 3)
        assert site.rendered() <= {2, 3, 4}, change
        transaction_ends()


def test_what_shows_on_its_own_page_alone_renders_no_other(site, monkeypatch):
    """Far from the newest of their topics, nothing that is done to an article shows on another's page."""
    monkeypatch.setattr(related, "NEWEST", 1)
    for article in site.articles[:5]:
        newsroom.publish(site.cast, newsroom.approved(site.cast, title="Newer")).article.topics.set(
            article.topics.all()
        )
    site.worker = Worker()
    site.read()
    for change in ("recommend_no_more", "withdraw", "publish", "renew", "bring_out"):
        site.do(change, 0)
        assert site.rendered() == {0} - ({0} if change == "withdraw" else set()), change
        transaction_ends()


def test_a_page_costs_one_query_after_a_change_elsewhere(site):
    site.withdraw(3)
    site.worker.later()
    site.worker.get("/healthz")
    path = site.path(site.articles[0])
    site.worker.get(site.path(site.articles[1]))  # asks for the state of the site
    with CaptureQueriesContext(connection) as queries:
        assert site.worker.get(path).was_kept
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert site.worker.get(path).was_kept
    assert len(queries) == 0


@pytest.mark.parametrize("changes", [True, False], ids=["something changes", "nothing changes"])
def test_what_starts_and_ends_by_the_clock_shows_on_the_second(site, changes):
    start = timezone.now() + timedelta(hours=1)
    workflow.schedule(article=site.now(5), actor=site.cast.editor, at=start, until=start + timedelta(hours=1))
    site.read()
    path = site.path(site.articles[0])
    for at, is_there in ((-1, False), (0, True), (3599, True), (3600, False)):
        with time_machine.travel(start + timedelta(seconds=at), tick=False):
            if changes:  # each page has to be proved
                site.rename_a_topic(0)
                transaction_ends()
            site.worker.later()
            assert ("Article 5" in site.worker.get(path).text) is is_there
            assert site.untrue() == []


def test_what_starts_and_ends_on_another_topic_renders_nothing(site):
    start = timezone.now() + timedelta(hours=1)
    workflow.schedule(article=site.now(5), actor=site.cast.editor, at=start, until=start + timedelta(hours=1))
    site.read()
    for at in (start, start + timedelta(hours=1)):
        with time_machine.travel(at, tick=False):
            assert site.rendered() & {2, 3} == set()
            assert site.untrue() == []


def test_a_review_that_falls_due_ends_the_page_on_the_second(site):
    due = timezone.now() + timedelta(days=364, hours=23)
    with time_machine.travel(due, tick=False):
        site.read()
        assert "overdue" not in site.worker.get(site.path(site.articles[0])).text
    with time_machine.travel(due + timedelta(hours=2), tick=False):
        site.worker.later()
        assert "overdue" in site.worker.get(site.path(site.articles[0])).text


def test_an_article_that_is_filed_nowhere_is_kept_by_its_own_part(site):
    site.file_under_nothing(0)
    site.read()
    site.withdraw(1)
    assert 0 not in site.rendered()


def test_an_approval_is_noted_of_its_article_whether_or_not_that_is_published(site):
    own, other = ([f"article {site.articles[number].pk}"] for number in (5, 4))
    newsroom.rewrite(site.cast, site.now(5), title="Article 5 anew")
    submission = newsroom.submit(site.cast, site.now(5))
    before = site_version.parts_mark(own), site_version.parts_mark(other)
    newsroom.approve(submission)
    assert site_version.parts_mark(own) != before[0] and site_version.parts_mark(other) == before[1]
